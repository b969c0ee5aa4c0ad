import type { Readable } from 'node:stream';
import type { Descriptor } from '../../model/index.ts';

/** Where an image's manifests and blobs are read from: a registry, a layout folder, an archive. */
export interface ImageSource {
  /** The image without tag and digest, for messages. */
  readonly name: string;
  /** What the user's tag or digest points to now. Everything after it goes by digest. */
  resolve(): Promise<Descriptor>;
  /** A manifest or index of at most 4 MiB; size and digest have been checked. */
  manifest(descriptor: Descriptor): Promise<Buffer>;
  /** An image config of at most 4 MiB; size and digest have been checked. */
  config(descriptor: Descriptor): Promise<Buffer>;
  /**
   * A blob's raw bytes, unchecked: whoever reads a layer checks it while it streams. `signal` ends the
   * wait for the first of them.
   */
  blob(descriptor: Descriptor, signal?: AbortSignal): Promise<Readable>;
}
