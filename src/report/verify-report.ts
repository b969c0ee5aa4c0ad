import type { BuilderInfo } from '../model/builder-info.ts';
import type { MkfsClass, ProfileName } from '../model/profiles.ts';
import type { FailedImageReport } from './failed-image.ts';
import type { SignerReport, ToolsReport, UncoveredReport } from './report.ts';

/**
 * The result of a check. `not-signed`: there are no signatures, or none for the profile. `invalid`: the
 * signatures are not valid for this image. `not-trusted`: they are valid, but no trusted certificate
 * vouches for the signer. `unchecked`: the check was not possible. `skipped`: the trust policy says so.
 */
export type Verdict = 'verified' | 'invalid' | 'not-trusted' | 'not-signed' | 'unchecked' | 'skipped';

/** What a run of `verify` found for one image. docs/report.md describes every field. */
export interface VerifyReport {
  /** Incremented when a field is removed or changes its meaning, not when a field is added. */
  schemaVersion: 1;
  tool: { name: string; version: string };
  verdict: Verdict;
  /** Absent when verified. */
  reason?: string;
  image: {
    /** As the user wrote it. */
    reference: string;
    /** The reference without tag and with `@DIGEST`. Absent, with the next two fields, if it cannot be resolved. */
    name?: string;
    digest?: string;
    mediaType?: string;
  };
  /** True if root hashes were compared with those of rebuilt images. */
  recompute: boolean;
  strict: boolean;
  /** The time at which certificates had to be valid, RFC 3339. */
  validAt: string;
  /** The trust policy that was applied; absent without one. */
  trustPolicy?: TrustPolicyReport;
  /** Absent if no image was rebuilt. */
  builder?: BuilderInfo;
  /** Absent if mkfs.erofs was not used. */
  tools?: ToolsReport;
  /** Version of the oras CLI; absent for a layout or archive. */
  oras?: string;
  /** Notary signatures of the index. Absent for a single manifest, or if Notary signatures were not checked. */
  index?: {
    manifest: { mediaType: string; digest: string; size: number };
    verdict: Verdict;
    reason?: string;
    manifestSignature: ManifestVerdict;
    manifestSignatures: NotarySignatureReport[];
  };
  platforms: PlatformVerdict[];
  /**
   * True if for each platform a manifest signature verified, which covers the configuration (entrypoint,
   * user, environment) and which layers belong together.
   */
  configurationCovered: boolean;
  /** Images of the index that no signature covers. With `layers: all` there is no `verified` beside them. */
  uncovered: UncoveredReport[];
  /** Entries of the index that were skipped. */
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
  /** Explanations of the verdict's scope. */
  notes: string[];
  seconds: { total: number; resolve: number; fetch: number; convert: number };
}

/** The statement of notation's trust policy that applies to the image. */
export interface TrustPolicyReport {
  path: string;
  statement: string;
  /** The repository that selected the statement. */
  scope: string;
  level: 'strict' | 'permissive' | 'audit' | 'skip';
  /** What a failure of each validation leads to, after overrides. */
  enforcement: Record<
    'integrity' | 'authenticity' | 'authenticTimestamp' | 'expiry' | 'revocation',
    'enforce' | 'log' | 'skip'
  >;
}

/** The verdict over the Notary Project signatures of one manifest. */
export interface ManifestVerdict {
  verdict: Verdict;
  reason?: string;
  /** Digest of the referrer that verified. */
  referrer?: string;
  /** True if the signature is that of the index, which covers the manifest's digest. */
  byIndex?: true;
}

/** One Notary Project signature. */
export interface NotarySignatureReport {
  /** Digest of the signature manifest. */
  referrer: string;
  verdict: Verdict;
  reason?: string;
  format?: 'jws' | 'cose';
  signer?: SignerReport;
  /** Time of signing by the signer's clock, RFC 3339. */
  signedAt?: string;
  /** Time of signing that a timestamp or signing authority vouches for, RFC 3339. */
  authenticTime?: string;
  expiry?: string;
  /** The program that signed, as the envelope names it. No signature covers it. */
  agent?: string;
  /** The user's metadata, which the signature covers. */
  metadata?: Record<string, string>;
  notes: string[];
}

export interface PlatformVerdict {
  platform?: string;
  manifest: { mediaType: string; digest: string; size: number };
  verdict: Verdict;
  reason?: string;
  /** One for each requested profile; empty if no layer signatures are required. */
  profiles: ProfileVerdict[];
  /** Every dm-verity referrer, in the order of the registry. */
  signatures: SignatureSetReport[];
  /** Layers that `allow-skip` excluded from the check. */
  skippedLayers: { index: number; digest: string; mediaType: string; reason: string }[];
  /** Why the layers were not checked: the image is for another system, or `layers` is `none`. */
  layersLeftOut?: string;
  /** Absent if Notary signatures were not checked. */
  manifestSignature?: ManifestVerdict;
  manifestSignatures: NotarySignatureReport[];
}

export interface ProfileVerdict {
  profile: ProfileName;
  verdict: Verdict;
  reason?: string;
  /** Digest of the referrer that verified. */
  referrer?: string;
}

/** One referrer, with a signature for each layer. */
export interface SignatureSetReport {
  /** Digest of the signature manifest. */
  referrer: string;
  verdict: Verdict;
  reason?: string;
  /** The recorded profile, or the one found by rebuilding; absent if both are unknown. */
  profile?: ProfileName;
  /** The mkfs options that the signer recorded. */
  mkfsOptions?: string;
  /** The erofs-utils that the signer recorded. */
  erofsUtils?: { version?: string; class?: MkfsClass };
  /** Without duplicates: usually one. */
  signers: SignerReport[];
  layers: LayerVerdict[];
  notes: string[];
}

export interface LayerVerdict {
  index: number;
  digest: string;
  verdict: Verdict;
  reason?: string;
  /** The signed root hash. */
  rootHash: string;
  signatureDigest: string;
  /** The root hash of the rebuilt image. */
  recomputedRootHash?: string;
  /** Name of the earlier image of this run whose conversion was reused. */
  sharedFrom?: string;
}

/** The JSON report: an array with one entry for each image, in the order of the input. */
export function renderVerifyReport(reports: readonly (VerifyReport | FailedImageReport)[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}

/** The signatures attached to one image, unverified. `inspect --json` prints an array of these. */
export interface InspectReport {
  image: { reference: string; name: string; digest: string; mediaType: string };
  /** Notary signatures of the index; absent for a single manifest. */
  manifestSignatures?: InspectedNotary[];
  platforms: {
    platform?: string;
    manifest: { mediaType: string; digest: string; size: number };
    layers: number;
    signatures: InspectedReferrer[];
    manifestSignatures: InspectedNotary[];
  }[];
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
}

export interface InspectedReferrer {
  referrer: string;
  /** Why the referrer cannot be read as a set of signatures, or only in part. */
  broken?: string;
  /** The recorded profile, unverified. */
  profile?: string;
  mkfsOptions?: string;
  erofsUtils?: { version?: string; class?: string };
  created?: string;
  signers: SignerReport[];
  layers: InspectedLayer[];
}

export interface InspectedLayer {
  layerDigest?: string;
  rootHash?: string;
  signatureDigest: string;
  /** Fingerprint of the signer's certificate. */
  signer?: string;
  broken?: string;
}

/** One Notary Project signature, unverified. */
export interface InspectedNotary {
  referrer: string;
  /** Why the signature cannot be read. */
  broken?: string;
  format?: 'jws' | 'cose';
  signer?: SignerReport;
  /** Digest of the signed manifest. */
  target?: string;
  signedAt?: string;
  expiry?: string;
  agent?: string;
  timestamped?: boolean;
  metadata?: Record<string, string>;
}

/** The output of `inspect --json`. */
export function renderInspectReport(reports: readonly InspectReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}
