/** Which media types are manifests, indexes, configs and layers. [image-spec media-types.md] */
import { VeritySignError } from '../../errors.ts';
import type { Compression } from '../../model/index.ts';

const OCI = 'application/vnd.oci.image';
const DOCKER = 'application/vnd.docker';

const MANIFESTS = new Set([`${OCI}.manifest.v1+json`, `${DOCKER}.distribution.manifest.v2+json`]);
const INDEXES = new Set([`${OCI}.index.v1+json`, `${DOCKER}.distribution.manifest.list.v2+json`]);
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;
const CONFIGS = new Set([`${OCI}.config.v1+json`, `${DOCKER}.container.image.v1+json`]);

const LAYERS = new Map<string, Compression>([
  [`${OCI}.layer.v1.tar`, 'none'],
  [`${OCI}.layer.v1.tar+gzip`, 'gzip'],
  [`${OCI}.layer.v1.tar+zstd`, 'zstd'],
  [`${DOCKER}.image.rootfs.diff.tar`, 'none'],
  [`${DOCKER}.image.rootfs.diff.tar.gzip`, 'gzip'],
  [`${DOCKER}.image.rootfs.diff.tar.zstd`, 'zstd'],
]);

const NONDISTRIBUTABLE =
  /^application\/vnd\.(oci\.image\.layer\.nondistributable\.v1\.|docker\.image\.rootfs\.foreign\.)/;
const EROFS = /^application\/vnd\.erofs\.layer/;

export function documentKind(mediaType: string): 'manifest' | 'index' | 'schema1' | 'other' {
  if (MANIFESTS.has(mediaType)) return 'manifest';
  if (INDEXES.has(mediaType)) return 'index';
  return SCHEMA_1.test(mediaType) ? 'schema1' : 'other';
}

export function isImageConfig(mediaType: string): boolean {
  return CONFIGS.has(mediaType);
}

/**
 * How a layer is compressed, or why it stays unsigned with the user's consent.
 *
 * @param allowSkip media types, or `nondistributable` for all of that kind; a layer that can be
 *   signed is never skipped
 * @throws VeritySignError 'image' for a layer that cannot be signed and may not be skipped
 */
export function layerForm(
  mediaType: string,
  allowSkip: readonly string[],
): { compression: Compression } | { skip: string } {
  const compression = LAYERS.get(mediaType);
  if (compression !== undefined) return { compression };
  const nondistributable = NONDISTRIBUTABLE.test(mediaType);
  if (allowSkip.includes(mediaType) || (nondistributable && allowSkip.includes('nondistributable'))) {
    return { skip: `unsigned: media type ${mediaType}, skipped as allow-skip says` };
  }
  if (nondistributable) {
    throw new VeritySignError(
      'image',
      `the layer is not distributable (${mediaType}), its blob may be absent`,
      {
        remedy: 'Set allow-skip to nondistributable to leave such layers unsigned',
      },
    );
  }
  if (EROFS.test(mediaType)) {
    throw new VeritySignError('image', `the layer is a native EROFS image (${mediaType}), not a tar`, {
      remedy: 'Build the image with tar layers',
    });
  }
  throw new VeritySignError('image', `the layer has the unknown media type ${JSON.stringify(mediaType)}`, {
    remedy: 'Build the image with tar layers, uncompressed or compressed with gzip or zstd',
  });
}
