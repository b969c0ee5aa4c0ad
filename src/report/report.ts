import type { BuilderInfo, Confinement, DroppedEntries, FractionalTimes } from '../model/builder-info.ts';
import type { KeyHolder } from '../model/key-holder.ts';
import type { KnownClass, MkfsClass, ProfileName } from '../model/profiles.ts';
import type { ErrorReport, FailedImageReport } from './failed-image.ts';

/** What a run of `sign` did with one image. docs/report.md describes every field. */
export interface SignReport {
  /** Incremented when a field is removed or changes its meaning, not when a field is added. */
  schemaVersion: 1;
  tool: { name: string; version: string };
  dryRun: boolean;
  image: {
    /** As the user wrote it. */
    reference: string;
    /** The reference without tag and with `@DIGEST`. */
    name: string;
    /** Digest of the manifest or index that the reference pointed to. */
    digest: string;
    mediaType: string;
  };
  /** Absent if no layer was converted. */
  builder?: BuilderInfo;
  /** Absent if mkfs.erofs was not used. */
  tools?: ToolsReport;
  /** Version of the oras CLI; absent for a layout or archive that is not pushed, which needs no oras. */
  oras?: string;
  /** Absent in a dry run. */
  signer?: SignerReport & { holder?: KeyHolder };
  /** One for each platform manifest with signed layers, each profile, and each class of the native builder. */
  artifacts: ArtifactReport[];
  /** Image manifests whose layers are not signed. */
  layersLeftOut: { platform?: string; manifest: ManifestReport; reason: string }[];
  /** Notary Project signatures: one for each image manifest, then one for the index. */
  manifestSignatures: ManifestSignatureReport[];
  /**
   * True if a signature of each manifest covers its configuration (entrypoint, user, environment) and which
   * layers belong together; in a dry run, if it would.
   */
  configurationCovered: boolean;
  /** Images of the index that get no signature of any kind. */
  uncovered: UncoveredReport[];
  /** Entries of the index that were skipped. */
  skipped: { digest: string; platform?: string; mediaType: string; reason: string }[];
  /** With `push-to`: the first of `pushedTo`. */
  pushed?: PushedTag;
  /** With `push-to`: every tag that was set. */
  pushedTo?: PushedTag[];
  seconds: { total: number; resolve: number; convert: number; sign: number; attach: number; push: number };
  /** Why the rest was not done: the signatures are attached, but the image was not pushed. */
  error?: ErrorReport;
}

/** An image of an index that no signature covers. */
export interface UncoveredReport {
  platform?: string;
  digest: string;
  reason: string;
}

/** A tag, and the digest that it pointed to when it was read back. */
export interface PushedTag {
  /** `REGISTRY/REPOSITORY:TAG` */
  reference: string;
  digest: string;
}

/** How outside programs were run. */
export interface ToolsReport {
  /** Of mkfs.erofs. */
  confinement: Confinement;
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

/** The signature of one manifest. A dry run has only the first three fields. */
export interface ManifestSignatureReport {
  platform?: string;
  /** The image manifest, or the index. */
  manifest: ManifestReport;
  format: 'jws' | 'cose';
  /** The attached signature manifest. */
  referrer?: { digest: string; size: number; reused: boolean };
  /** RFC 3339. */
  signedAt?: string;
  expiry?: string;
  /** True if the envelope contains an RFC 3161 timestamp. */
  timestamped?: boolean;
}

export interface ArtifactReport {
  platform?: string;
  /** The image manifest that the artifact refers to. */
  manifest: ManifestReport;
  profile: ProfileName;
  /** The first release of containerd that makes images with these root hashes. */
  containerd: string;
  /** The class of erofs-utils that produces images with these root hashes. */
  class: MkfsClass;
  /** The node's differ options with which the root hashes were computed. */
  mkfsOptions: string[];
  /** Size of the dm-verity data and hash blocks, bytes. */
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
  /** Size of the blob, bytes. */
  size: number;
  /** Size of the uncompressed tar, bytes. */
  tarSize: number;
  /** Size of the EROFS image before padding, bytes. */
  erofsSize: number;
  uuid: string;
  rootHash: string;
  /** Digest of the PKCS#7 blob; absent in a dry run. */
  signatureDigest?: string;
  seconds: { build: number; verity: number };
  dropped: DroppedEntries;
  fractionalTimes: FractionalTimes;
  /** Index of the earlier layer with the same blob, whose conversion was reused. */
  sameAs?: number;
  /** Name of the earlier image of this run whose conversion was reused, with its `seconds`. */
  sharedFrom?: string;
}

/** The root hash of one layer. `root-hash --json` prints an array of these. */
export interface RootHashEntry {
  source: string;
  digest: string;
  diffId: string;
  mediaType: string;
  profile: ProfileName;
  /** The class of erofs-utils whose image it is; only with the native builder. */
  class?: KnownClass;
  uuid: string;
  /** Absent with the native builder, which does not write the whole image. */
  imageSha256?: string;
  imageSize: number;
  rootHash: string;
  /** The earlier source of this run whose conversion was reused. */
  sharedFrom?: string;
}

/** The JSON report: an array with one entry for each image, in the order of the input. */
export function renderReport(reports: readonly (SignReport | FailedImageReport)[]): string {
  return `${JSON.stringify(reports, undefined, 2)}\n`;
}

/** The output of `root-hash --json`. */
export function renderRootHashes(entries: readonly RootHashEntry[]): string {
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
