import type { Descriptor } from '../../model/index.ts';
import type { EncodedArtifact, SignatureManifest } from './artifact.ts';

/** Maximum size of a signature blob in bytes; a PKCS#7 message with a chain has a few thousand. */
export const MAX_SIGNATURE_SIZE = 1024 * 1024;

/**
 * What has become of a referrer that is being removed: `unlisted` is stored, but no reader finds it; of
 * `unknown` the storage has not said whether it is deleted.
 */
export type Fate = 'unlisted' | 'deleted' | 'unknown';

/** The storage of an image's referrers: a registry repository or a layout folder. */
export interface ReferrerStore {
  /** The store in messages. */
  readonly name: string;
  /**
   * The direct referrers of `subject` that are listed with this artifact type, then those that may have it
   * all the same: what a list says of the type is missing or wrong in some, and only the manifest decides.
   * @throws ReferrersRefusedError if it is not known whether there are any
   */
  list(subject: Descriptor, artifactType: string): Promise<Descriptor[]>;
  /** A manifest of at most 4 MiB; digest and size are checked. */
  fetchManifest(descriptor: Descriptor): Promise<Buffer>;
  /** A blob of at most 1 MiB; digest and size are checked. */
  fetchBlob(descriptor: Descriptor): Promise<Buffer>;
  /**
   * Signatures of a stored manifest that can be read together, by their digests; digests and sizes are checked. Those
   * that are missing in the result are read singly. Absent where that is as fast.
   */
  fetchTogether?(descriptor: Descriptor, manifest: SignatureManifest): Promise<ReadonlyMap<string, Buffer>>;
  /** Removes what killed runs left in the storage; absent where that is not visible. */
  removeLeftovers?(): Promise<void>;
  /** Reports a manifest that is listed as a referrer of `subject` but gone; absent where such are not listed. */
  reportGone?(subject: Descriptor, descriptor: Descriptor): void;
  /**
   * Stores the blobs, then the manifest. Where clients maintain the list of referrers, the artifact is not
   * listed yet: a failure leaves no referrer.
   *
   * @param folder an empty folder of this run, for temporary files
   */
  push(artifact: EncodedArtifact, folder: string): Promise<void>;
  /**
   * Makes sure that stored artifacts are listed as referrers of their subject: all of them by one write.
   *
   * @param artifacts of one subject
   * @param folder a folder of this run, for temporary files
   * @returns the referrers of any type that are listed afterwards
   */
  enlist(artifacts: readonly EncodedArtifact[], folder: string, signal?: AbortSignal): Promise<Descriptor[]>;
  /**
   * Takes referrers out of the list of their subject where clients maintain it, then out of the storage. A
   * run that is stopped in between leaves manifests that nothing lists, never a list of what is gone.
   *
   * @param folder an empty folder of this run, for a temporary file
   * @param changed called after each step with the digest and what has become of it
   * @throws VeritySignError 'registry', 'environment', the signal's reason
   */
  remove(
    subject: Descriptor,
    referrers: readonly Descriptor[],
    folder: string,
    changed: (digest: string, fate: Fate) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Called once when everything is attached: makes sure that no other client has removed it from a list
   * that clients maintain. Absent where there is no such list.
   *
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry'
   */
  settle?(folder: string, signal: AbortSignal): Promise<void>;
}
