import type { Descriptor } from '../../model/index.ts';
import type { EncodedArtifact } from './artifact.ts';

/** Maximum size of a signature blob in bytes; a PKCS#7 message with a chain has a few thousand. */
export const MAX_SIGNATURE_SIZE = 1024 * 1024;

/** The storage of an image's referrers: a registry repository or a layout folder. */
export interface ReferrerStore {
  /** The store in messages. */
  readonly name: string;
  /** The direct referrers of `subject` that have this artifact type. */
  list(subject: Descriptor, artifactType: string): Promise<Descriptor[]>;
  /** A manifest of at most 4 MiB; digest and size are checked. */
  fetchManifest(descriptor: Descriptor): Promise<Buffer>;
  /** A blob of at most 1 MiB; digest and size are checked. */
  fetchBlob(descriptor: Descriptor): Promise<Buffer>;
  /** Removes what killed runs left in the storage; absent where that is not visible. */
  removeLeftovers?(): Promise<void>;
  /**
   * Stores the blobs, then the manifest: a failure before the end leaves no referrer.
   *
   * @param folder an empty folder of this run, for temporary files
   */
  attach(artifact: EncodedArtifact, folder: string): Promise<void>;
  /**
   * Lists an artifact that is stored but not listed, where clients maintain the list: two clients that
   * change it concurrently can lose an entry, and a run can be killed before it is written.
   */
  relist(artifact: EncodedArtifact, folder: string): Promise<void>;
  /**
   * Called once when everything is attached: makes sure that no other client has removed it from a list
   * that clients maintain. Absent where there is no such list.
   *
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry'
   */
  settle?(folder: string, signal: AbortSignal): Promise<void>;
}
