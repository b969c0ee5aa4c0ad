import type { BuilderInfo, MkfsClass, ProfileName } from '../pipeline/stages.ts';
import type { SignerReport } from './report.ts';

/**
 * What a check came to. `not-signed`: no signatures, or none for the profile. `invalid`: signatures
 * that do not hold for this image. `not-trusted`: they hold, but nobody vouches for the signer.
 * `unchecked`: something else stood in the way.
 */
export type Verdict = 'verified' | 'invalid' | 'not-trusted' | 'not-signed' | 'unchecked';

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
  /** Absent if nothing was built. */
  builder?: BuilderInfo;
  /** Version of the CLI; absent for a layout or archive. */
  oras?: string;
  platforms: PlatformVerdict[];
  /** Entries of the index that were left out. */
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
  /** What the verdict does and does not say. */
  notes: string[];
  seconds: { total: number; resolve: number; fetch: number; convert: number };
}

export interface PlatformVerdict {
  platform?: string;
  manifest: { mediaType: string; digest: string; size: number };
  verdict: Verdict;
  reason?: string;
  /** One for each profile that was asked for. */
  profiles: ProfileVerdict[];
  /** Every dm-verity referrer, in the order of the registry. */
  signatures: SignatureSetReport[];
  /** Layers that were not looked at, by `allow-skip`. */
  skippedLayers: { index: number; digest: string; mediaType: string; reason: string }[];
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
}

/** The JSON file: an array with one report for each image, in the order they were given. */
export function renderVerifyReport(reports: readonly VerifyReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}

/** From the most alarming down: what several results come to together. */
const ALARMING: readonly Verdict[] = ['invalid', 'not-trusted', 'not-signed', 'unchecked', 'verified'];

/** The most alarming of several verdicts; `verified` for none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return ALARMING.find((verdict) => verdicts.includes(verdict)) ?? 'verified';
}

/** What is attached to an image, without judgement: what `inspect --json` prints, in an array. */
export interface InspectReport {
  image: { reference: string; name: string; digest: string; mediaType: string };
  platforms: {
    platform?: string;
    manifest: { mediaType: string; digest: string; size: number };
    layers: number;
    signatures: InspectedReferrer[];
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

export function renderInspectReport(reports: readonly InspectReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}
