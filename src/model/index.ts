/**
 * The types that the engines exchange, in the order of the data flow:
 *
 *   reference → ResolvedImage → LayerTar → ErofsImage → VerityRoot → LayerSignature
 *             → SignatureArtifact → AttachedArtifact
 *
 * The engines share these types and import nothing from one another.
 */
import type { Readable } from 'node:stream';
import type { DroppedEntries, FractionalTimes } from './builder-info.ts';
import type { KnownClass, ProfileName } from './profiles.ts';

export type {
  BuilderInfo,
  BuilderKind,
  Confinement,
  ConfinementLimits,
  DroppedEntries,
  FractionalTimes,
  MkfsInfo,
  NativeInfo,
} from './builder-info.ts';
export type { KnownClass, MkfsClass, ProfileName } from './profiles.ts';

/** OCI content descriptor. [image-spec descriptor.md] */
export interface Descriptor {
  mediaType: string;
  /** `sha256:` or `sha512:` and lowercase hex digits. */
  digest: string;
  /** Bytes. */
  size: number;
  annotations?: Record<string, string>;
  platform?: Platform;
  artifactType?: string;
}

/** [image-spec image-index.md, property `platform`] */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
  'os.version'?: string;
  /** What a node's system must have: `erofs` for layers that are EROFS images. */
  'os.features'?: readonly string[];
}

/** An image resolved to a digest: all later reads go by digest, so a moved tag changes nothing. */
export interface ResolvedImage {
  /** As the user wrote it, without tag and with `@DIGEST`: for messages and reports. */
  name: string;
  /** What the reference pointed to: an image manifest or an index. */
  root: Descriptor;
  /** The platform manifests to sign, in the order of the index. */
  manifests: PlatformManifest[];
  /** Entries of the index that are not images or were not requested. */
  skipped: SkippedManifest[];
}

export interface PlatformManifest {
  /** mediaType, digest and size exactly as the index or the registry gives them: the `subject`. */
  descriptor: Descriptor;
  /** From the index entry, else from the image config. */
  platform: Platform | undefined;
  config: Descriptor;
  /** In image order, lowest first. */
  layers: ImageLayer[];
  /** Layers that stay unsigned with the user's consent (`allow-skip`). */
  skippedLayers: SkippedLayer[];
  /**
   * Why `layers` is empty whatever the manifest lists: an image of another system, layers that cannot
   * be signed, or not asked for.
   */
  layersLeftOut?: string;
}

export interface SkippedManifest {
  /** As the index lists it; its platform may be that of the image config. */
  descriptor: Descriptor;
  reason: string;
  /** A Linux node that goes by the index might run it all the same. */
  mayRun: boolean;
  /** An image, not an attestation or another artifact: without a signature it is not covered. */
  isImage: boolean;
  /** An image that `platforms` excludes. */
  leftOut?: true;
}

export interface ImageLayer {
  /** Position in the manifest, from 0. */
  index: number;
  descriptor: Descriptor;
  format: LayerFormat;
  compression: Compression;
  /** Digest of the uncompressed layer, from the image config. */
  diffId: string;
}

/** What a layer's blob is, once it is decompressed: a tar, or an EROFS image that a node mounts as it is. */
export type LayerFormat = 'tar' | 'erofs';

export interface SkippedLayer {
  index: number;
  descriptor: Descriptor;
  reason: string;
}

export type Compression = 'none' | 'gzip' | 'zstd';

/** A layer's uncompressed tar, checked while it flows: `tar` errors if any check fails. */
export interface LayerTar {
  /** Must be read to its end; the checks at the end raise its `error`. */
  tar: Readable;
  /** Resolves once `tar` has ended well; rejects with the same error as `tar`. */
  facts: Promise<LayerFacts>;
}

export interface LayerFacts extends TarFacts {
  /** Digest of the compressed blob. */
  digest: string;
  /** Size of the compressed blob in bytes. */
  size: number;
  /** Digest of the uncompressed tar, or of the uncompressed EROFS image. */
  diffId: string;
  /** Size of the uncompressed tar or EROFS image in bytes. */
  tarSize: number;
}

/** What is known of a tar whose entries have been read. */
export interface TarFacts {
  dropped: DroppedEntries;
  fractionalTimes: FractionalTimes;
}

/** A layer that has been read to its end, and what was made of it on the way. */
export interface ProcessedFacts extends LayerFacts {
  /** By plan, then by its classes. */
  roots?: VerityRoot[][];
  /** Of a layer that is an EROFS image. */
  erofs?: ErofsFacts;
}

/** What is known of a layer that is an EROFS image. */
export interface ErofsFacts {
  /** UUID of the file system. */
  uuid: string;
  /** One for each requested block size. */
  roots: VerityRoot[];
}

/** Images that the native builder makes of one layer and UUID, one of each class. */
export interface ImagePlan {
  profile: ProfileName;
  uuid: string;
  mkfsOptions: readonly string[];
  classes: readonly KnownClass[];
  /** A new file for the image of one class, with its dm-verity superblock and hash tree. */
  file?: { class: KnownClass; path: string };
}

/** What is to be made of a tar that passes by. */
export interface NativeWork {
  plans: readonly ImagePlan[];
  /** Bytes of the compressed layer. */
  blobSize: number;
  /** Private, for what becomes too much for memory. */
  folder: string;
}

/** A file and the bytes of it that count. */
export interface ImageFile {
  path: string;
  /** Bytes. */
  size: number;
}

/** An EROFS image in files of the run's private temporary folder. */
export interface ErofsImage {
  /**
   * The image is these files one after the other: with a tar index, what mkfs.erofs wrote and then the
   * tar, which need not be copied for that.
   */
  files: readonly ImageFile[];
  /** Bytes of all files, before the padding to whole dm-verity blocks. */
  size: number;
  uuid: string;
}

export interface VerityRoot {
  /** 64 lowercase hex digits. */
  rootHash: string;
  /** Bytes; data and hash blocks have the same size. */
  blockSize: 512 | 4096;
  /** Bytes of the padded image. */
  dataSize: number;
  /** SHA-256 of the unpadded image, lowercase hex, if it was requested. */
  imageSha256?: string;
  /** Bytes of the unpadded image. */
  imageSize: number;
}

/** One layer under one profile. */
export interface ConvertedLayer {
  layer: ImageLayer;
  profile: ProfileName;
  /** Class of the image, if the native builder made it. */
  class?: KnownClass;
  uuid: string;
  facts: LayerFacts;
  verity: VerityRoot;
  seconds: { build: number; verity: number };
  /** The earlier image of this run that had the layer; undefined if it was converted for this one. */
  sharedFrom?: string;
}

export type DigestName = 'sha256' | 'sha384' | 'sha512';

/** Root hash and its detached PKCS#7 signature (DER). */
export interface LayerSignature {
  rootHash: string;
  pkcs7: Uint8Array;
}

/** What is attached: content without any I/O. `files` are in image layer order. */
export interface SignatureArtifact {
  artifactType: string;
  /**
   * Media type of the empty config; default `application/vnd.oci.empty.v1+json`. notation, in a layout,
   * knows its signatures by this one and not by `artifactType`.
   */
  configType?: string;
  subject: Descriptor;
  annotations: Record<string, string>;
  files: SignatureFile[];
}

export interface SignatureFile {
  mediaType: string;
  bytes: Uint8Array;
  /** Annotations of its descriptor in the signature manifest, with the title if the file has a name. */
  annotations: Record<string, string>;
}

export interface AttachedArtifact {
  descriptor: Descriptor;
  /** True if an existing referrer was reusable, and nothing was attached. */
  reused: boolean;
  /** Digest of the PKCS#7 blob by root hash. */
  signatureDigests: ReadonlyMap<string, string>;
}
