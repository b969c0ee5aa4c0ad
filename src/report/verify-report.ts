import type { BuilderInfo, MkfsClass, ProfileName } from '../model/index.ts';
import type { SignerReport } from './report.ts';

/**
 * What a check came to. `not-signed`: no signatures, or none for the profile. `invalid`: signatures
 * that do not hold for this image. `not-trusted`: they hold, but nobody vouches for the signer.
 * `unchecked`: something else stood in the way. `skipped`: the trust policy says not to verify.
 */
export type Verdict = 'verified' | 'invalid' | 'not-trusted' | 'not-signed' | 'unchecked' | 'skipped';

/** What a run of `verify` found for one image. docs/report.md describes every field. */
export interface VerifyReport {
  /** Grows when a field changes its meaning or goes away; new fields alone do not change it. */
  schemaVersion: 1;
  tool: { name: string; version: string };
  verdict: Verdict;
  /** Absent when verified. */
  reason?: string;
  image: {
    /** As the user wrote it. */
    reference: string;
    /** Without tag and with `@DIGEST`; absent with what follows if the reference led nowhere. */
    name?: string;
    digest?: string;
    mediaType?: string;
  };
  /** Whether root hashes were compared with those of images built anew. */
  recompute: boolean;
  strict: boolean;
  /** Certificates had to be valid at this time, RFC 3339. */
  validAt: string;
  /** What said whom to trust; absent without a trust policy. */
  trustPolicy?: TrustPolicyReport;
  /** Absent if nothing was built. */
  builder?: BuilderInfo;
  /** Version of the CLI; absent for a layout or archive. */
  oras?: string;
  /** Of the index that the reference names; absent for a single manifest, or if they were not looked at. */
  index?: {
    manifest: { mediaType: string; digest: string; size: number };
    verdict: Verdict;
    reason?: string;
    manifestSignature: ManifestVerdict;
    manifestSignatures: NotarySignatureReport[];
  };
  platforms: PlatformVerdict[];
  /** Entries of the index that were left out. */
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
  /** What the verdict does and does not say. */
  notes: string[];
  seconds: { total: number; resolve: number; fetch: number; convert: number };
}

/** The statement of notation's trust policy that was for the image. */
export interface TrustPolicyReport {
  path: string;
  statement: string;
  /** Repository by which the statement was chosen. */
  scope: string;
  level: 'strict' | 'permissive' | 'audit' | 'skip';
  /** What becomes of each validation that fails, overrides applied. */
  enforcement: Record<
    'integrity' | 'authenticity' | 'authenticTimestamp' | 'expiry' | 'revocation',
    'enforce' | 'log' | 'skip'
  >;
}

/** What the Notary Project signatures of one manifest come to. */
export interface ManifestVerdict {
  verdict: Verdict;
  reason?: string;
  /** Digest of the referrer that verified. */
  referrer?: string;
  /** True if that is one of the index, whose signature covers the manifest's digest. */
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
  /** As the signer's clock had it, RFC 3339. */
  signedAt?: string;
  /** That a timestamp or the signing authority vouches for, RFC 3339. */
  authenticTime?: string;
  expiry?: string;
  /** Program that signed; no signature covers it. */
  agent?: string;
  /** The user's metadata that was signed along. */
  metadata?: Record<string, string>;
  notes: string[];
}

export interface PlatformVerdict {
  platform?: string;
  manifest: { mediaType: string; digest: string; size: number };
  verdict: Verdict;
  reason?: string;
  /** One for each profile that was asked for; empty if no signatures of layers were demanded. */
  profiles: ProfileVerdict[];
  /** Every dm-verity referrer, in the order of the registry. */
  signatures: SignatureSetReport[];
  /** Layers that were not looked at, by `allow-skip`. */
  skippedLayers: { index: number; digest: string; mediaType: string; reason: string }[];
  /** Why the layers were not looked at: an image of another system, or not asked for. */
  layersLeftOut?: string;
  /** Absent if Notary signatures were not looked at. */
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

/** One referrer: a signature for each layer. */
export interface SignatureSetReport {
  /** Digest of the signature manifest. */
  referrer: string;
  verdict: Verdict;
  reason?: string;
  /** As recorded, or found by building; absent if neither tells. */
  profile?: ProfileName;
  /** The rest of what the signer recorded. */
  mkfsOptions?: string;
  erofsUtils?: { version?: string; class?: MkfsClass };
  /** Distinct ones: mostly one. */
  signers: SignerReport[];
  layers: LayerVerdict[];
  notes: string[];
}

export interface LayerVerdict {
  index: number;
  digest: string;
  verdict: Verdict;
  reason?: string;
  /** As signed. */
  rootHash: string;
  signatureDigest: string;
  /** Of the image that was built anew. */
  recomputedRootHash?: string;
  /** Name of the earlier image of this run for which that was built. */
  sharedFrom?: string;
}

/** The JSON file: an array with one report for each image, in the order they were given. */
export function renderVerifyReport(reports: readonly VerifyReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}

/** What is attached to an image, without judgement: what `inspect --json` prints, in an array. */
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
  /** Why it cannot be read as a set of signatures, or not in full. */
  broken?: string;
  /** As recorded, unchecked. */
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

/** One Notary Project signature as it is, unchecked. */
export interface InspectedNotary {
  referrer: string;
  /** Why it cannot be read. */
  broken?: string;
  format?: 'jws' | 'cose';
  signer?: SignerReport;
  /** Digest of what was signed. */
  target?: string;
  signedAt?: string;
  expiry?: string;
  agent?: string;
  timestamped?: boolean;
  metadata?: Record<string, string>;
}

export function renderInspectReport(reports: readonly InspectReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}
