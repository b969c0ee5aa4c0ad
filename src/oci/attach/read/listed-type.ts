import type { Descriptor } from '../../../model/index.ts';
import { IMAGE_CONFIG_MEDIA_TYPES, MANIFEST_MEDIA_TYPE } from '../../../model/media-types.ts';

/**
 * Types that lists give to manifests of any type: the media type of their config, or none that says
 * anything. Some registries, and old fallback indexes, list the config's media type where the manifest has
 * an artifactType. [distribution-spec, "Listing Referrers"; image-spec, "Guidelines for Artifact Usage"]
 */
const UNTELLING =
  /^$|config|^application\/(?:vnd\.oci\.empty\.v1\+)?json$|^application\/octet-stream$|unknown/i;

const OF_IMAGES = [MANIFEST_MEDIA_TYPE, ...IMAGE_CONFIG_MEDIA_TYPES];

/**
 * The listed referrers of this type, then those whose listed type says nothing. Whether one of the latter
 * has the type is known when its manifest has been read.
 */
export function ofType(listed: readonly Descriptor[], artifactType: string): Descriptor[] {
  const perhaps = listed.filter((entry) => entry.artifactType !== artifactType && mayHaveType(entry));
  return [...listed.filter((entry) => entry.artifactType === artifactType), ...perhaps];
}

/** Whether the listed type leaves open which type the manifest has. */
export function mayHaveType({ mediaType, artifactType = '' }: Descriptor): boolean {
  if (mediaType !== MANIFEST_MEDIA_TYPE) return false;
  return UNTELLING.test(artifactType) || OF_IMAGES.includes(artifactType);
}
