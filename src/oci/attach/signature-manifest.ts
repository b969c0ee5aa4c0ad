import { VeritySignError } from '../../errors.ts';
import { MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import { parseManifest } from '../documents.ts';
import type { SignatureManifest } from './artifact.ts';

const WHAT = 'the signature manifest';

/**
 * Parses the manifest of a referrer, which anyone may have attached. If it has no artifact type (those of
 * notation have none), the config's media type is used. [image-spec manifest.md, `artifactType`]
 *
 * @param mediaType that of the descriptor that named the bytes
 * @throws VeritySignError 'image'
 */
export function parseSignatureManifest(
  bytes: Uint8Array,
  mediaType = MANIFEST_MEDIA_TYPE,
): SignatureManifest {
  const parsed = parseManifest(bytes, mediaType, WHAT);
  const { schemaVersion, config, layers, subject, annotations = {} } = parsed;
  if (parsed.mediaType !== MANIFEST_MEDIA_TYPE) {
    throw new VeritySignError('image', `${WHAT} does not have the media type ${MANIFEST_MEDIA_TYPE}`);
  }
  if (subject === undefined) throw new VeritySignError('image', `${WHAT} has no subject`);
  const artifactType = parsed.artifactType ?? config.mediaType;
  return { schemaVersion, mediaType: parsed.mediaType, artifactType, config, layers, subject, annotations };
}
