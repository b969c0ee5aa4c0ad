import type { Readable } from 'node:stream';
import type { Descriptor } from '../../model/index.ts';

/** The source of an image's manifests and blobs: a registry, a layout, an archive or the docker daemon. */
export interface ImageSource {
  /** The image without tag and digest, for messages. */
  readonly name: string;
  /** The current target of the user's tag or digest. Everything is read by its digest afterwards. */
  resolve(): Promise<Descriptor>;
  /** A manifest or index of at most 4 MiB; size and digest are checked. */
  manifest(descriptor: Descriptor): Promise<Buffer>;
  /** An image config of at most 4 MiB; size and digest are checked. */
  config(descriptor: Descriptor): Promise<Buffer>;
  /**
   * A blob's raw bytes, unchecked: the reader of a layer checks them while they stream. `signal` aborts
   * the wait for the first byte.
   */
  blob(descriptor: Descriptor, signal?: AbortSignal): Promise<Readable>;
}
