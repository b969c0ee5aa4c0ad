/**
 * The signature manifest: one referrer for an image manifest, a profile and a format.
 * [Notary Project specs/proposals/dm-verity.md; image-spec manifest.md, artifact guidance]
 */

import { VeritySignError } from '../../errors.ts';
import { descriptorOf, plainDescriptor } from '../../formats/descriptor.ts';
import {
  CREATED,
  NOTARY_PREFIX,
  OWN_PREFIX,
  SIGNATURE_MARK,
  TARDEV_BLOB_NAME,
  TARDEV_SIGNATURE,
  TITLE,
} from '../../model/annotations.ts';
import type { ArtifactFormat } from '../../model/artifact-formats.ts';
import type { Descriptor, SignatureArtifact, SignatureFile } from '../../model/index.ts';
import { EMPTY_CONFIG_MEDIA_TYPE, MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import { ARTIFACT_FORMS } from './artifact-format.ts';

/** How the root hashes were computed, so that a node's owner and `verify` can recompute them. */
export interface OwnAnnotations {
  profile?: string | undefined;
  'mkfs-options'?: string | undefined;
  /** `mkfs` or `native`: the builder of the images. */
  builder?: string | undefined;
  /** Version of mkfs.erofs, if that was the builder. */
  'erofs-utils-version'?: string | undefined;
  'erofs-utils-class'?: string | undefined;
  /** Version of this program. */
  version?: string | undefined;
  /**
   * Repository, commit, workflow and run that signed. Not `org.opencontainers.image.source` and
   * `.revision`: those name the source of the content, which may be in another repository.
   */
  source?: string | undefined;
  revision?: string | undefined;
  workflow?: string | undefined;
  'run-url'?: string | undefined;
}

export interface LayerEntry {
  /** Digest of the layer in the image manifest. */
  layerDigest: string;
  /** 64 lowercase hex digits. */
  rootHash: string;
  /** DER. */
  pkcs7: Uint8Array;
}

export interface ArtifactInput {
  /** Default `notary`. */
  format?: ArtifactFormat;
  /** The platform manifest. Only mediaType, digest and size are used. */
  subject: Descriptor;
  /** In image layer order. A layer that occurs twice has two entries, an unsigned layer has none. */
  entries: readonly LayerEntry[];
  own: OwnAnnotations;
  created: Date;
  /** The user's annotations. */
  extra?: Readonly<Record<string, string>>;
}

/** @throws VeritySignError 'usage' if an extra annotation has a reserved name */
export function buildArtifact(input: ArtifactInput): SignatureArtifact {
  const { format = 'notary', own, created, extra } = input;
  const { artifactType, mediaType, layerDigest, rootHash } = ARTIFACT_FORMS[format];
  // The form of tardev has no place for what is ours.
  const marks = format === 'notary' ? { [SIGNATURE_MARK]: 'true', ...prefixed(own) } : {};
  return {
    artifactType,
    subject: plainDescriptor(input.subject),
    annotations: { ...marks, ...commonAnnotations(created, extra) },
    files: input.entries.map((entry, index): SignatureFile => {
      const common = { [layerDigest]: entry.layerDigest, [rootHash]: entry.rootHash };
      const more = format === 'notary' ? { [TITLE]: `layer-${index}.pkcs7.sig` } : tardevAnnotations(entry);
      return { mediaType, bytes: entry.pkcs7, annotations: { ...common, ...more } };
    }),
  };
}

/**
 * The name ends with json, although the blob is DER: it is the one that all known signers write.
 * [microsoft/kata-containers, sign-oci-layer-root-hashes; notaryproject/notation, prototype of sign --dm-verity]
 */
function tardevAnnotations({ layerDigest, pkcs7 }: LayerEntry): Record<string, string> {
  return {
    [TARDEV_SIGNATURE]: Buffer.from(pkcs7).toString('base64'),
    [TARDEV_BLOB_NAME]: `signature_for_layer_${layerDigest.replace(/^sha256:/, '')}.json`,
  };
}

/**
 * The annotations that every signature manifest has: the time of signing and those of the user.
 * @throws VeritySignError 'usage' if one of the user's annotations has a reserved name
 */
export function commonAnnotations(
  created: Date,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { [CREATED]: created.toISOString().replace(/\.\d+Z$/, 'Z'), ...checkExtra(extra) };
}

/** The annotations under this program's prefix, without those that are unknown. */
export function prefixed(own: OwnAnnotations): Record<string, string> {
  const present = Object.entries(own).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(present.map(([name, value]) => [`${OWN_PREFIX}${name}`, String(value)]));
}

function checkExtra(extra: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const key of Object.keys(extra)) {
    const reserved = key.startsWith(NOTARY_PREFIX) || key.startsWith(OWN_PREFIX) || key === CREATED;
    if (reserved || key === '') {
      throw new VeritySignError('usage', `the annotation ${JSON.stringify(key)} is reserved`, {
        remedy: 'Choose a key under a prefix of your own, such as com.example.name',
      });
    }
  }
  return extra;
}

/** The stored form of a signature manifest. */
export interface SignatureManifest {
  schemaVersion: 2;
  mediaType: string;
  artifactType: string;
  config: Descriptor;
  layers: Descriptor[];
  subject: Descriptor;
  annotations: Record<string, string>;
}

export interface EncodedArtifact {
  manifest: SignatureManifest;
  /** The manifest's bytes: the same input gives the same digest. */
  bytes: Buffer;
  /** The manifest's descriptor. */
  descriptor: Descriptor;
  /** The config and the distinct signatures. They are stored before the manifest. */
  blobs: { descriptor: Descriptor; bytes: Uint8Array }[];
}

const EMPTY_JSON = Buffer.from('{}');

/** The stored form of an artifact: it is pushed, and must be read back unchanged. */
export function encodeArtifact(artifact: SignatureArtifact): EncodedArtifact {
  const config = descriptorOf(artifact.configType ?? EMPTY_CONFIG_MEDIA_TYPE, EMPTY_JSON);
  const layers = artifact.files.map(({ mediaType, bytes }) => descriptorOf(mediaType, bytes));
  const manifest: SignatureManifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType: artifact.artifactType,
    config,
    layers: layers.map((layer, index) => {
      const annotations = artifact.files[index]?.annotations ?? {};
      return Object.keys(annotations).length === 0 ? layer : { ...layer, annotations };
    }),
    subject: plainDescriptor(artifact.subject),
    annotations: artifact.annotations,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const blobs = new Map<string, { descriptor: Descriptor; bytes: Uint8Array }>();
  blobs.set(config.digest, { descriptor: config, bytes: EMPTY_JSON });
  for (const [index, { bytes }] of artifact.files.entries()) {
    const descriptor = layers[index];
    if (descriptor !== undefined) blobs.set(descriptor.digest, { descriptor, bytes });
  }
  return {
    manifest,
    bytes,
    descriptor: descriptorOf(MANIFEST_MEDIA_TYPE, bytes),
    blobs: [...blobs.values()],
  };
}
