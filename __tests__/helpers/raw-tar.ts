import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ExpectedLayer } from '../../src/convert/blob/layer-tar.ts';

/** Fields of a tar header as text, so that tests can write what no tar writer would. */
export interface RawEntry {
  name: string;
  /** Default `0`. */
  typeflag?: string;
  data?: Buffer;
  /** Default: octal of `data`. */
  size?: string | Buffer;
  linkname?: string;
  mode?: string;
  mtime?: string;
  devmajor?: string;
  devminor?: string;
  /** Overrides the right checksum. */
  checksum?: string;
}

export const END = Buffer.alloc(1024);

/** One entry: header, data, padding. */
export function rawEntry(entry: RawEntry): Buffer {
  const block = Buffer.alloc(512);
  const data = entry.data ?? Buffer.alloc(0);
  const put = (value: string | Buffer, at: number): void => {
    if (typeof value === 'string') block.write(value, at, 'latin1');
    else value.copy(block, at);
  };
  put(entry.name, 0);
  put(entry.mode ?? '0000644', 100);
  put('0000000', 108);
  put('0000000', 116);
  put(entry.size ?? data.length.toString(8).padStart(11, '0'), 124);
  put(entry.mtime ?? '14524770400', 136);
  put(entry.typeflag ?? '0', 156);
  put(entry.linkname ?? '', 157);
  put('ustar\x0000', 257);
  put(entry.devmajor ?? '0000000', 329);
  put(entry.devminor ?? '0000000', 337);
  put('        ', 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(entry.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([block, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

/** A PAX header with these records, for the entry that follows. */
export function paxHeader(records: Readonly<Record<string, string | Buffer>>, typeflag = 'x'): Buffer {
  const data = Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`, 'latin1'), Buffer.from(value), Buffer.from('\n')]);
      let length = rest.length + 1;
      while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
      return Buffer.concat([Buffer.from(`${length}`), rest]);
    }),
  );
  return rawEntry({ name: 'PaxHeader', typeflag, data });
}

/** The whole tar. */
export function rawTar(...entries: (RawEntry | Buffer)[]): Buffer {
  return Buffer.concat([...entries.map((entry) => (Buffer.isBuffer(entry) ? entry : rawEntry(entry))), END]);
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** What a truthful image would say about a blob. */
export function expectedOf(
  blob: Buffer,
  tar: Buffer,
  compression: ExpectedLayer['compression'],
): ExpectedLayer {
  return { digest: sha256(blob), size: blob.length, diffId: sha256(tar), compression };
}

/** The bytes as a stream in pieces of `size`. */
export function inPieces(bytes: Buffer, size: number): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
    { objectMode: false },
  );
}
