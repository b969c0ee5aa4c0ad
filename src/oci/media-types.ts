/** What a media type says a document is. [image-spec media-types.md] */
import {
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  IMAGE_CONFIG_MEDIA_TYPES,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE,
} from '../model/media-types.ts';

const MANIFESTS: readonly string[] = [MANIFEST_MEDIA_TYPE, DOCKER_MANIFEST_MEDIA_TYPE];
const INDEXES: readonly string[] = [INDEX_MEDIA_TYPE, DOCKER_INDEX_MEDIA_TYPE];
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;

/** The kind of a document that a registry or layout holds as a manifest. */
export type DocumentKind = 'manifest' | 'index' | 'schema1' | 'other';

export function documentKind(mediaType: string): DocumentKind {
  if (MANIFESTS.includes(mediaType)) return 'manifest';
  if (INDEXES.includes(mediaType)) return 'index';
  return SCHEMA_1.test(mediaType) ? 'schema1' : 'other';
}

/** Whether it is docker's: such documents must have their media type inside. */
export function isDockerDocument(mediaType: string): boolean {
  return mediaType === DOCKER_MANIFEST_MEDIA_TYPE || mediaType === DOCKER_INDEX_MEDIA_TYPE;
}

/** Whether a config belongs to a container image. */
export function isImageConfig(mediaType: string): boolean {
  return IMAGE_CONFIG_MEDIA_TYPES.includes(mediaType);
}
