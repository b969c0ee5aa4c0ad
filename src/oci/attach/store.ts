import type { Descriptor } from '../../model/index.ts';
import type { EncodedArtifact } from './artifact.ts';

/** Most bytes of a signature blob; a PKCS#7 message with a chain has a few thousand. */
export const MAX_SIGNATURE_SIZE = 1024 * 1024;

/** Where an image's referrers are kept: a registry repository or a layout folder. */
export interface ReferrerStore {
  /** For messages. */
  readonly name: string;
  /** The direct referrers of `subject` that have this artifact type. */
  list(subject: Descriptor, artifactType: string): Promise<Descriptor[]>;
  /** A manifest of at most 4 MiB; digest and size have been checked. */
  fetchManifest(descriptor: Descriptor): Promise<Buffer>;
  /** A blob of at most 1 MiB; digest and size have been checked. */
  fetchBlob(descriptor: Descriptor): Promise<Buffer>;
  /**
   * Stores the blobs, then the manifest: what fails before the end leaves no referrer.
   *
   * @param folder an empty folder of this run, for files on their way
   */
  attach(artifact: EncodedArtifact, folder: string): Promise<void>;
  /**
   * Lists an artifact that is stored but does not show, where the list is the clients' to keep: two
   * that change it at once can lose an entry, and a kill can come before it is written.
   */
  relist(artifact: EncodedArtifact, folder: string): Promise<void>;
}
