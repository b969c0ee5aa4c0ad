import { VeritySignError } from '../../../errors.ts';
import type { ProfileName, TarFacts } from '../../../model/index.ts';
import type { TarEntry } from '../../tar/entry.ts';
import { TarFactsCollector } from '../../tar/facts.ts';
import type { TarHandler } from '../../tar/handler.ts';
import { TarReader } from '../../tar/reader.ts';
import { printable, unsupported } from '../../tar/refusals.ts';
import { PROFILES } from '../profile.ts';
import { decisive, differentImages, unpackable } from './class-refusals.ts';
import { TAR_INDEX_BLOCK } from './image/chunk-index.ts';
import { FULL_BLOCK, Target } from './image/target.ts';
import { knowsOptions } from './known-options.ts';
import { type NativeClass, RELEASES, type Release } from './releases.ts';
import type { Hashing, ImageSink, LeafSink, TreeSink } from './sinks.ts';
import { BytesArena } from './tree/bytes-arena.ts';
import { maxInodes } from './tree/limits.ts';
import { XattrArena } from './tree/xattr-arena.ts';

/** Bytes of a tar whose blocks 32 bits can count. */
const MAX_TAR = BigInt(TAR_INDEX_BLOCK) * 0xffffffffn;

export interface NativeRequest {
  profile: ProfileName;
  uuid: string;
  /** As words; only the profile's default options are accepted. */
  mkfsOptions: readonly string[];
  /** The classes to build, all in one pass over the tar. */
  classes: readonly NativeClass[];
  hashing: Hashing;
  /** Bytes of the compressed layer, by which its number of files is limited; without a limit by default. */
  blobSize?: number;
  /** Receivers of the image of a class; without the tar that follows a tar index. */
  sinks?: Partial<Record<NativeClass, ImageSink>>;
}

export interface NativeImage {
  /** 64 lowercase hex digits. */
  rootHash: string;
  blockSize: 512 | 4096;
  /** Bytes of the image, before the padding to whole dm-verity blocks. */
  imageSize: number;
  /** Bytes of the padded image. */
  dataSize: number;
}

export interface NativeResult {
  /** The image of each class, or the error (`image`) with which its mkfs.erofs refuses the tar. */
  images: Map<NativeClass, NativeImage | VeritySignError>;
  facts: TarFacts;
}

/** A build whose tar is pushed. The caller must call `close` in the end. */
export interface NativeBuild {
  /**
   * The caller may overwrite the chunk once this has resolved.
   * @throws VeritySignError 'image' or 'environment' once every class has refused the tar
   */
  push(chunk: Buffer): Promise<void>;
  /** @throws VeritySignError 'image' or 'environment' if no class makes an image */
  end(): Promise<NativeResult>;
  close(): void;
}

/**
 * Starts to build the image that each class of mkfs.erofs would make of a layer's tar, and its root hash, in one
 * pass over the tar. Memory grows with the number of files, not with their data; a tar index needs 32 more bytes
 * for every 512 bytes of the tar.
 * @throws VeritySignError 'usage' for unsupported options
 */
export function startNative(request: NativeRequest): NativeBuild {
  checkOptions(request);
  return new PushedBuild(request);
}

function checkOptions({ profile, mkfsOptions, classes }: NativeRequest): void {
  if (classes.length === 0) throw new RangeError('no class to build');
  if (knowsOptions({ profile, mkfsOptions })) return;
  throw new VeritySignError(
    'usage',
    `mkfs-options ${mkfsOptions.join(' ')} are not supported by the native builder`,
    { remedy: `Use ${PROFILES[profile].defaultOptions.join(' ')}, or the builder mkfs` },
  );
}

class PushedBuild implements NativeBuild {
  readonly #request: NativeRequest;
  /** The image is a tar index: file data stays in the tar, which follows it. */
  readonly #index: boolean;
  readonly #targets = new Map<Release, Target>();
  /** The targets of releases that have not refused the tar. */
  #alive: Target[];
  readonly #facts = new TarFactsCollector();
  readonly #reader: TarReader;
  /** The hash tree of the file data. */
  readonly #tree: TreeSink;
  readonly #leaves: LeafSink;
  readonly #sinks: ImageSink[];
  /** Bytes of data written, from the second block on. */
  #dataSize = 0;
  #tarSize = 0;
  #volumeName: Buffer | undefined;
  #writes: Promise<void>[] = [];

  constructor(request: NativeRequest) {
    this.#request = request;
    this.#index = PROFILES[request.profile].appendsTar;
    const releases = new Set(request.classes.flatMap((of) => RELEASES[of]));
    const shared = { xattrs: new XattrArena(), texts: new BytesArena(releases.size > 1) };
    const files = maxInodes(request.blobSize ?? Number.POSITIVE_INFINITY, releases.size);
    for (const release of releases) {
      this.#targets.set(release, new Target(release, this.#index, shared, files));
    }
    this.#alive = [...this.#targets.values()];
    this.#tree = request.hashing.tree(this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK);
    this.#leaves = request.hashing.leaves(TAR_INDEX_BLOCK);
    this.#sinks = Object.values(request.sinks ?? {});
    this.#reader = new TarReader(this.#handler());
  }

  async push(chunk: Buffer): Promise<void> {
    this.#tarSize += chunk.length;
    if (this.#index) this.#leaves.update(chunk);
    this.#reader.push(chunk);
    await this.#written();
    // The rest of the tar cannot change the result.
    if (this.#alive.length === 0)
      throw decisive([...this.#targets.values()].flatMap(({ error }) => error ?? []));
  }

  async end(): Promise<NativeResult> {
    this.#reader.end();
    this.#leaves.end();
    await this.#written();
    const images = new Map<NativeClass, NativeImage | VeritySignError>();
    for (const wanted of this.#request.classes) images.set(wanted, await this.#image(wanted));
    const all = [...images.values()];
    const [first] = all;
    if (first instanceof VeritySignError && all.every((image) => image instanceof VeritySignError))
      throw first;
    return { images, facts: this.#facts.result() };
  }

  /** The image of a class; all its releases must make the same one. */
  async #image(of: NativeClass): Promise<NativeImage | VeritySignError> {
    const { position } = this.#reader;
    if (this.#index && position > MAX_TAR) return unsupported('its tar has 2 TiB or more by its headers');
    const sink = this.#request.sinks?.[of];
    const images: NativeImage[] = [];
    const errors: { release: Release; error: VeritySignError }[] = [];
    for (const release of RELEASES[of]) {
      const target = this.#targets.get(release) as Target;
      // The memory of a tree is free for the next image.
      this.#targets.delete(release);
      try {
        if (target.error !== undefined) throw target.error;
        images.push(await this.#finish(target, images.length === 0 ? sink : undefined));
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        errors.push({ release, error });
      }
    }
    const [image] = images;
    const refusal = decisive(errors.map(({ error }) => error));
    if (image === undefined || refusal?.code === 'environment') return refusal as VeritySignError;
    const [refused] = errors;
    if (refused !== undefined) return unpackable(of, refused);
    return images.every(({ rootHash }) => rootHash === image.rootHash) ? image : differentImages(of);
  }

  async #finish(target: Target, sink: ImageSink | undefined): Promise<NativeImage> {
    const { head, rest, size } = target.finish({
      uuid: Buffer.from(this.#request.uuid.replaceAll('-', ''), 'hex'),
      volumeName: this.#volumeName,
      tarSize: this.#reader.position,
    });
    const blockSize = this.#index ? TAR_INDEX_BLOCK : FULL_BLOCK;
    const tree = this.#tree.fork(sink !== undefined);
    tree.update(head.subarray(blockSize));
    for (const { offset, bytes } of rest) {
      tree.update(bytes);
      if (sink === undefined) continue;
      this.#write(sink, offset, bytes);
      await this.#written();
    }
    if (this.#index) tree.addLeaves(this.#leaves);
    const rootHash = tree.finish(head.subarray(0, blockSize));
    if (sink !== undefined) {
      this.#write(sink, 0, head);
      await this.#written();
      await sink.end(size);
    }
    const imageSize = size + (this.#index ? this.#tarSize : 0);
    return { rootHash, blockSize, imageSize, dataSize: Math.ceil(imageSize / blockSize) * blockSize };
  }

  close(): void {
    this.#leaves.close();
  }

  #refuse(target: Target, error: VeritySignError): void {
    target.error = error;
    this.#alive = this.#alive.filter((other) => other !== target);
  }

  #handler(): TarHandler {
    return {
      alive: () => this.#alive.length > 0,
      reject: (error, applies) => {
        for (const target of this.#alive) if (applies(target.tree.rules)) this.#refuse(target, error);
      },
      entry: (entry) => this.#entry(entry),
      data: (bytes) => {
        if (!this.#index) this.#data(bytes);
      },
      dataEnd: () => {
        if (this.#index) return;
        this.#tree.pad();
        this.#dataSize = Math.ceil(this.#dataSize / FULL_BLOCK) * FULL_BLOCK;
      },
      volumeName: (name) => {
        this.#volumeName = Buffer.from(name);
      },
      dropped: this.#facts.dropped,
    };
  }

  #entry(entry: TarEntry): boolean {
    this.#facts.entry(entry);
    let consumes: boolean | undefined;
    for (const target of this.#alive) {
      try {
        const own = target.tree.apply(entry);
        consumes ??= own;
        if (own !== consumes)
          throw unsupported(
            `the classes disagree about the data of ${printable(entry.path)}; build them separately`,
          );
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        this.#refuse(target, error);
      }
    }
    return consumes ?? false;
  }

  #data(bytes: Buffer): void {
    this.#tree.update(bytes);
    for (const sink of this.#sinks) this.#write(sink, FULL_BLOCK + this.#dataSize, bytes);
    this.#dataSize += bytes.length;
  }

  #write(sink: ImageSink, offset: number, bytes: Uint8Array): void {
    const promise = sink.write(offset, bytes);
    if (promise !== undefined) this.#writes.push(promise);
  }

  async #written(): Promise<void> {
    if (this.#writes.length > 0) await Promise.all(this.#writes.splice(0));
  }
}
