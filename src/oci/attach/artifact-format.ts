/** The two forms in which the signatures of an image's layers are attached: the same content, other names. */
import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import {
  LAYER_DIGEST,
  ROOT_HASH,
  TARDEV_LAYER_DIGEST,
  TARDEV_ROOT_HASH,
  TARDEV_SIGNATURE,
} from '../../model/annotations.ts';
import type { ArtifactFormat } from '../../model/artifact-formats.ts';
import { DM_VERITY_ARTIFACT_TYPE, TARDEV_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor } from '../../model/index.ts';
import { PKCS7_MEDIA_TYPE, TARDEV_SIGNATURE_MEDIA_TYPE } from '../../model/media-types.ts';

/** A signature manifest, as far as its form matters. */
interface Formed {
  artifactType: string;
  layers: readonly Descriptor[];
}

/** What differs between the forms. */
export interface ArtifactForm {
  format: ArtifactFormat;
  artifactType: string;
  /** Media type of the signatures. */
  mediaType: string;
  /** Annotation with the digest of the signed layer. */
  layerDigest: string;
  /** Annotation with the root hash. */
  rootHash: string;
}

export const ARTIFACT_FORMS: Readonly<Record<ArtifactFormat, ArtifactForm>> = {
  notary: {
    format: 'notary',
    artifactType: DM_VERITY_ARTIFACT_TYPE,
    mediaType: PKCS7_MEDIA_TYPE,
    layerDigest: LAYER_DIGEST,
    rootHash: ROOT_HASH,
  },
  tardev: {
    format: 'tardev',
    artifactType: TARDEV_ARTIFACT_TYPE,
    mediaType: TARDEV_SIGNATURE_MEDIA_TYPE,
    layerDigest: TARDEV_LAYER_DIGEST,
    rootHash: TARDEV_ROOT_HASH,
  },
};

/** The form of a signature manifest, by its artifact type: that of the Notary Project for any other type. */
export function formOf({ artifactType }: Pick<Formed, 'artifactType'>): ArtifactForm {
  return artifactType === TARDEV_ARTIFACT_TYPE ? ARTIFACT_FORMS.tardev : ARTIFACT_FORMS.notary;
}

/** The blobs of the signer of kata-containers. */
const JSON_BLOB = z.object({ layer_digest: z.string(), root_hash: z.string(), signature: z.string() });
/** The first byte of DER: SEQUENCE. */
const SEQUENCE = 0x30;

/**
 * The PKCS#7 signature (DER) of a layer. In the form of tardev it is there twice: nodes take it from the
 * annotation or from the blob, so both must be the same. The blob is the DER itself or JSON with the names
 * `layer_digest`, `root_hash` and `signature`.
 * @param blob of `manifest.layers[index]`
 * @throws VeritySignError 'image' if they differ or cannot be read
 */
export function signatureIn(manifest: Formed, index: number, blob: Uint8Array): Uint8Array {
  const annotations = manifest.layers[index]?.annotations ?? {};
  if (formOf(manifest).format === 'notary') return blob;
  const text = annotations[TARDEV_SIGNATURE];
  if (text === undefined) throw wrong(`entry ${index} has no signature (${TARDEV_SIGNATURE})`);
  const der = Buffer.from(text, 'base64');
  // Readers differ in what they make of other characters and of missing padding.
  if (der.toString('base64') !== text) throw wrong(`the signature of entry ${index} is not padded base64`);
  if (blob[0] === SEQUENCE) {
    if (!der.equals(blob))
      throw wrong(`entry ${index} has another signature in its annotation than in its blob`);
    return der;
  }
  const { layer_digest, root_hash, signature } = parseMetadata(JSON_BLOB, blob, `the blob of entry ${index}`);
  const same =
    layer_digest === annotations[TARDEV_LAYER_DIGEST] &&
    root_hash === annotations[TARDEV_ROOT_HASH] &&
    signature === text;
  if (!same) throw wrong(`the blob of entry ${index} says something else than its annotations`);
  return der;
}

/**
 * Every signature that some reader of this entry may take: nodes read the annotation or the blob, are lax about base64,
 * and do not compare them as {@link signatureIn} does. Bytes that are no signature may be among them.
 */
export function signaturesForReaders(manifest: Formed, index: number, blob: Uint8Array): Uint8Array[] {
  if (formOf(manifest).format === 'notary') return [blob];
  const text = manifest.layers[index]?.annotations?.[TARDEV_SIGNATURE];
  return [
    ...(text === undefined ? [] : [Buffer.from(text, 'base64')]),
    ...(blob[0] === SEQUENCE ? [blob] : inJson(blob)),
  ];
}

function inJson(blob: Uint8Array): Uint8Array[] {
  try {
    const { signature } = parseMetadata(JSON_BLOB, blob, 'the blob');
    return [Buffer.from(signature, 'base64')];
  } catch (error) {
    if (error instanceof VeritySignError) return [];
    throw error;
  }
}

function wrong(what: string): VeritySignError {
  return new VeritySignError('image', `not a signature manifest for this image: ${what}`);
}
