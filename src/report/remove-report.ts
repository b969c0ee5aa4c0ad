import type { ErrorReport, FailedImageReport } from './failed-image.ts';
import type { ManifestReport, SignerReport } from './report.ts';

/** What `remove` found and did with one image. docs/report.md describes every field. */
export interface RemoveReport {
  /** Incremented when a field is removed or changes its meaning, not when a field is added. */
  schemaVersion: 1;
  tool: { name: string; version: string };
  image: {
    /** As the user wrote it. */
    reference: string;
    /** The reference without tag and with `@DIGEST`. */
    name: string;
    digest: string;
    mediaType: string;
  };
  /** SHA-256 fingerprint of the certificate whose signatures are to be removed, lowercase hex. */
  removedSigner: string;
  /** The profiles whose signatures are to be removed; empty for all signatures of the signer. */
  profiles: string[];
  /** True with `yes`: the run was to remove the signatures, not only to list them. */
  confirmed: boolean;
  /** Version of the oras CLI; absent for a layout or archive. */
  oras?: string;
  /** The signatures of that signer. */
  signatures: RemovedSignature[];
  /** The other signatures of the image, which stay. */
  staying: StayingSignature[];
  /** Why the rest was not done. */
  error?: ErrorReport;
}

/** One signature manifest. */
export interface AttachedSignature {
  /** `layers`: a set of dm-verity signatures; `manifest`: a Notary Project signature. */
  kind: 'layers' | 'manifest';
  /** Digest of the signature manifest. */
  referrer: string;
  platform?: string;
  /** The image manifest, or the index, that is signed. */
  manifest: ManifestReport;
  /** The recorded profile of a set, unverified. */
  profile?: string;
  /** Without duplicates; empty if no signature could be read. */
  signers: SignerReport[];
}

export interface RemovedSignature extends AttachedSignature {
  /** True if nothing that stays could take its place: it is removed with `force` only. */
  lastGood: boolean;
  /**
   * What has become of it. `kept`: nothing was changed. `unlisted`: it is stored, but no longer listed.
   * `deleted`. `unknown`: the registry has not said whether it is deleted.
   */
  fate: 'kept' | 'unlisted' | 'deleted' | 'unknown';
}

export interface StayingSignature extends AttachedSignature {
  /** True if it is valid now, by certificates that are valid now. Says nothing about trust. */
  good: boolean;
  /** Why it is not. */
  reason?: string;
}

/** The JSON report: an array with one entry for each image, in the order of the input. */
export function renderRemoveReport(reports: readonly (RemoveReport | FailedImageReport)[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}
