import { tmpdir } from 'node:os';
import {
  type NativeImage,
  type NativeRequest,
  type NativeResult,
  startNative,
} from '../../../src/convert/erofs/native/native-builder.ts';
import type { NativeClass } from '../../../src/convert/erofs/native/releases.ts';
import type { Hashing } from '../../../src/convert/erofs/native/sinks.ts';
import { PROFILES } from '../../../src/convert/erofs/profile.ts';
import { BlockTree } from '../../../src/convert/verity/block-tree.ts';
import { LeafDigests } from '../../../src/convert/verity/leaf-digests.ts';
import type { ProfileName, TarFacts } from '../../../src/model/index.ts';

export const hashing: Hashing = {
  tree: (blockSize) => new BlockTree(blockSize),
  leaves: (blockSize) => new LeafDigests(blockSize, tmpdir()),
};

/** Pushes a whole tar. Errors of `tar` pass through. */
export async function buildNative(tar: AsyncIterable<Buffer>, request: NativeRequest): Promise<NativeResult> {
  const build = startNative(request);
  try {
    for await (const chunk of tar) await build.push(chunk);
    return await build.end();
  } finally {
    build.close();
  }
}

/** Keeps an image in memory. */
class MemorySink {
  #image = Buffer.alloc(1 << 16);
  #size = 0;

  write(offset: number, bytes: Uint8Array): undefined {
    this.#reserve(offset + bytes.length);
    this.#image.set(bytes, offset);
  }

  end(size: number): undefined {
    this.#reserve(size);
    this.#size = size;
  }

  get bytes(): Buffer {
    return this.#image.subarray(0, this.#size);
  }

  #reserve(size: number): void {
    if (size <= this.#image.length) return;
    const larger = Buffer.alloc(size * 2);
    this.#image.copy(larger);
    this.#image = larger;
  }
}

export interface NativeBytes extends NativeImage, Pick<TarFacts, 'dropped'> {
  bytes: Buffer;
}

/** The image of one class in memory, from a tar in chunks of irregular lengths. */
export async function nativeImage(
  tar: Buffer,
  request: { profile: ProfileName; uuid: string; of: NativeClass },
): Promise<NativeBytes> {
  const { of, profile, uuid } = request;
  const { defaultOptions: mkfsOptions, appendsTar } = PROFILES[profile];
  const sink = new MemorySink();
  const { images, facts } = await buildNative(inChunks(tar), {
    profile,
    uuid,
    mkfsOptions,
    classes: [of],
    hashing,
    sinks: { [of]: sink },
  });
  const image = images.get(of);
  if (image === undefined || image instanceof Error) throw image;
  return {
    ...image,
    dropped: facts.dropped,
    bytes: appendsTar ? Buffer.concat([sink.bytes, tar]) : sink.bytes,
  };
}

/** Chunks with lengths that split headers, the same for the same tar. */
async function* inChunks(tar: Buffer): AsyncGenerator<Buffer> {
  let length = 1 + (tar.length % 700);
  for (let at = 0; at < tar.length; at += length, length = (length * 7 + 13) % 65536 || 1) {
    yield Buffer.from(tar.subarray(at, at + length));
  }
}
