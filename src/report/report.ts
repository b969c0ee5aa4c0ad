import type { BuilderInfo, DroppedEntries, KnownClass, MkfsClass, ProfileName } from '../model/index.ts';
import type { KeyHolder } from '../model/signing.ts';

/** What a run of `sign` did with one image. docs/report.md describes every field. */
export interface SignReport {
  /** Grows when a field changes its meaning or goes away; new fields alone do not change it. */
  schemaVersion: 1;
  tool: { name: string; version: string };
  dryRun: boolean;
  image: {
    /** As the user wrote it. */
    reference: string;
    /** Without tag and with `@DIGEST`. */
    name: string;
    /** Of the manifest or index that the reference pointed to. */
    digest: string;
    mediaType: string;
  };
  /** Absent if no layer was converted. */
  builder?: BuilderInfo;
  /** Version of the CLI; absent for a layout or archive that is not pushed, which needs none. */
  oras?: string;
  /** Absent in a dry run. */
  signer?: SignerReport & { holder?: KeyHolder };
  /** One for each platform manifest whose layers are signed, profile, and class of the native builder. */
  artifacts: ArtifactReport[];
  /** Image manifests whose layers are not signed. */
  layersLeftOut: { platform?: string; manifest: ManifestReport; reason: string }[];
  /** Notary Project signatures: one for each image manifest, then that of the index. */
  manifestSignatures: ManifestSignatureReport[];
  /** Entries of the index that were left out. */
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
  /** With `push-to`: the tag, and the digest that it was read back to point to. */
  pushed?: { reference: string; digest: string };
  seconds: { total: number; resolve: number; convert: number; sign: number; attach: number; push: number };
}

export interface SignerReport {
  subject: string;
  issuer: string;
  /** SHA-256 of the DER certificate, lowercase hex. */
  fingerprint: string;
  /** Such as `RSA-2048` or `EC-P-256`. */
  keyType: string;
  /** RFC 3339. */
  notBefore: string;
  notAfter: string;
}

export interface ManifestReport {
  mediaType: string;
  digest: string;
  size: number;
}

/** Of a dry run only the first three. */
export interface ManifestSignatureReport {
  platform?: string;
  /** The image manifest, or the index. */
  manifest: ManifestReport;
  format: 'jws' | 'cose';
  /** The attached envelope. */
  referrer?: { digest: string; size: number; reused: boolean };
  /** RFC 3339. */
  signedAt?: string;
  expiry?: string;
  /** Whether an RFC 3161 timestamp is in it. */
  timestamped?: boolean;
}

export interface ArtifactReport {
  platform?: string;
  /** The image manifest that the artifact refers to. */
  manifest: ManifestReport;
  profile: ProfileName;
  /** Of erofs-utils, whose images have these root hashes. */
  class: MkfsClass;
  /** The node's differ options that the root hashes were made with. */
  mkfsOptions: string[];
  /** Of the dm-verity data and hash blocks, bytes. */
  blockSize: number;
  /** The attached signature manifest; absent in a dry run. */
  referrer?: { digest: string; size: number; reused: boolean };
  layers: LayerReport[];
  skippedLayers: { index: number; digest: string; mediaType: string; reason: string }[];
}

export interface LayerReport {
  /** Position in the image manifest, from 0. */
  index: number;
  digest: string;
  diffId: string;
  mediaType: string;
  /** Of the blob, bytes. */
  size: number;
  /** Of the uncompressed tar, bytes. */
  tarSize: number;
  /** Of the EROFS image before padding, bytes. */
  erofsSize: number;
  uuid: string;
  rootHash: string;
  /** Of the PKCS#7 blob; absent in a dry run. */
  signatureDigest?: string;
  seconds: { build: number; verity: number };
  dropped: DroppedEntries;
  /** Index of the earlier layer with the same blob, which was converted in its stead. */
  sameAs?: number;
  /** Name of the earlier image of this run whose conversion served; then `seconds` are that one's. */
  sharedFrom?: string;
}

/** One layer's root hash without any signature: what `root-hash --json` prints, in an array. */
export interface RootHashEntry {
  source: string;
  digest: string;
  diffId: string;
  mediaType: string;
  profile: ProfileName;
  /** Whose image it is; only with the native builder. */
  class?: KnownClass;
  uuid: string;
  /** Not with the native builder, which makes no whole image. */
  imageSha256?: string;
  imageSize: number;
  rootHash: string;
  /** The earlier source of this run whose conversion served. */
  sharedFrom?: string;
}

/** The JSON file: an array with one report for each image, in the order they were given. */
export function renderReport(reports: readonly SignReport[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}

/** What `root-hash --json` prints. */
export function renderRootHashes(entries: readonly RootHashEntry[]): string {
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
