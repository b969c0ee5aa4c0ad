/** Strict readers of manifests and indexes: their content decides what is signed. */
import { VeritySignError } from '../errors.ts';
import { parseMetadata, parseMetadataAndRaw } from '../formats/metadata.ts';
import type { Descriptor } from '../model/index.ts';
import { INDEX_MEDIA_TYPE } from '../model/media-types.ts';
import { indexSchema, manifestSchema, otherSchema } from './document-schemas.ts';
import { documentKind, isDockerDocument } from './media-types.ts';

export { type ImageConfig, parseConfig } from './image-config.ts';

export interface ImageManifest {
  kind: 'manifest';
  config: Descriptor;
  layers: Descriptor[];
  /** Present in artifacts that belong to another manifest, such as signatures. */
  subject: Descriptor | undefined;
  artifactType: string | undefined;
}

export interface ImageIndex {
  kind: 'index';
  manifests: Descriptor[];
}

/**
 * Parses a manifest or index.
 *
 * @param mediaType the media type of the descriptor or response that named the bytes; it decides the kind
 * @throws VeritySignError 'image' if it is malformed, over 4 MiB, or of a kind that cannot be signed
 */
export function parseDocument(bytes: Uint8Array, mediaType: string): ImageManifest | ImageIndex {
  switch (documentKind(mediaType)) {
    case 'manifest': {
      const { config, layers, subject, artifactType } = parseManifest(bytes, mediaType, 'the manifest');
      return { kind: 'manifest', config, layers, subject, artifactType };
    }
    case 'index':
      return { kind: 'index', manifests: parseIndex(bytes, mediaType, 'the index').manifests };
    case 'schema1':
      throw new VeritySignError('image', 'the manifest has the obsolete Docker schema 1', {
        remedy: 'Push the image again with a current client, which writes an OCI or Docker schema 2 manifest',
      });
    case 'other':
      throw new VeritySignError('image', `media type ${JSON.stringify(mediaType)} is not a container image`, {
        remedy: 'Name an image manifest or index',
      });
  }
}

/**
 * Parses a manifest of an image or an artifact.
 *
 * @param mediaType that of the descriptor or response that named the bytes
 * @param what names the document in messages
 * @throws VeritySignError 'image'
 */
export function parseManifest(bytes: Uint8Array, mediaType: string, what: string) {
  const manifest = parseMetadata(manifestSchema, bytes, what);
  checkMediaType(manifest.mediaType, mediaType, what);
  return manifest;
}

/**
 * Parses an index. `raw` is the document as it was written, for code that adds an entry to it.
 *
 * @param mediaType that of the descriptor or response that named the bytes; undefined for index.json,
 *   which no descriptor names
 * @param what names the document in messages
 * @throws VeritySignError 'image'
 */
export function parseIndex(bytes: Uint8Array, mediaType: string | undefined, what: string) {
  const { parsed, raw } = parseMetadataAndRaw(indexSchema, bytes, what);
  const { mediaType: written } = parsed;
  // Tools copy indexes of either format to index.json.
  const isIndex = written !== undefined && documentKind(written) === 'index';
  checkMediaType(written, mediaType ?? (isIndex ? written : INDEX_MEDIA_TYPE), what);
  return { ...parsed, raw: raw as Readonly<Record<string, unknown>> };
}

/** What a document refers to. */
export interface References {
  /** Config, layers and blobs. */
  content: Descriptor[];
  manifests: Descriptor[];
  subject: Descriptor | undefined;
  /** If the document has none, that of its config. [distribution-spec, "Listing Referrers"] */
  artifactType: string | undefined;
  annotations: Record<string, string>;
}

/**
 * Parses a document of any kind for what it refers to.
 *
 * @param descriptor what named the bytes
 * @throws VeritySignError 'image'
 */
export function parseReferences(bytes: Uint8Array, { digest, mediaType }: Descriptor): References {
  const { annotations = {}, subject, ...found } = parseAny(bytes, mediaType, digest);
  const { config, layers = [], blobs = [], manifests = [] } = found;
  return {
    content: [...(config === undefined ? [] : [config]), ...layers, ...blobs],
    manifests,
    subject,
    artifactType: found.artifactType ?? config?.mediaType,
    annotations,
  };
}

function parseAny(bytes: Uint8Array, mediaType: string, what: string) {
  const kind = documentKind(mediaType);
  if (kind === 'manifest') return parseManifest(bytes, mediaType, what);
  if (kind === 'index') return parseIndex(bytes, mediaType, what);
  const document = parseMetadata(otherSchema, bytes, what);
  checkMediaType(document.mediaType, mediaType, what);
  return document;
}

/** OCI documents should have their media type, those of docker must have it. */
function checkMediaType(written: string | undefined, expected: string, what: string): void {
  if (written === undefined && !isDockerDocument(expected)) return;
  if (written === expected) return;
  const inside = written === undefined ? 'has no mediaType' : `says that it is ${JSON.stringify(written)}`;
  throw new VeritySignError('image', `${what} ${inside}, its descriptor says ${expected}`, {
    remedy: 'Do not run the image, and build it again with a current tool',
  });
}
