/** The layers of an image: which can be signed, and with which diffID each goes. */
import { VeritySignError } from '../../errors.ts';
import type { ImageLayer, SkippedLayer } from '../../model/index.ts';
import {
  DOCKER_LAYER_MEDIA_TYPES,
  EROFS_LAYER_MEDIA_TYPES,
  LAYER_MEDIA_TYPES,
} from '../../model/media-types.ts';
import type { ImageConfig, ImageManifest } from '../documents.ts';

/** What the media type of a layer says of its blob. */
type LayerForm = Pick<ImageLayer, 'format' | 'compression'>;

const FORMS = new Map<string, LayerForm>([
  ...[LAYER_MEDIA_TYPES, DOCKER_LAYER_MEDIA_TYPES].flatMap((types) =>
    (['none', 'gzip', 'zstd'] as const).map((compression): [string, LayerForm] => [
      types[compression],
      { format: 'tar', compression },
    ]),
  ),
  ...(['none', 'zstd'] as const).map((compression): [string, LayerForm] => [
    EROFS_LAYER_MEDIA_TYPES[compression],
    { format: 'erofs', compression },
  ]),
]);

const NONDISTRIBUTABLE =
  /^application\/vnd\.(oci\.image\.layer\.nondistributable\.v1\.|docker\.image\.rootfs\.foreign\.)/;
const EROFS = /^application\/vnd\.erofs\.layer/;

/**
 * Pairs the layers with their diffIDs and separates those that stay unsigned.
 *
 * @param allowSkip see {@link layerForm}
 * @param unsignable whether a layer that cannot be signed is an error, or a reason to exclude all layers
 * @throws VeritySignError 'image'
 */
export function imageLayers(
  manifest: ImageManifest,
  config: ImageConfig,
  allowSkip: readonly string[],
  unsignable: 'refuse' | 'exclude' = 'refuse',
): { layers: ImageLayer[]; skippedLayers: SkippedLayer[]; layersLeftOut?: string } {
  const { diffIds } = config;
  if (diffIds.length !== manifest.layers.length) {
    throw new VeritySignError(
      'image',
      `the manifest has ${manifest.layers.length} layers, the image config has ${diffIds.length} diffIDs`,
    );
  }
  const layers: ImageLayer[] = [];
  const skippedLayers: SkippedLayer[] = [];
  for (const [index, descriptor] of manifest.layers.entries()) {
    let form: ReturnType<typeof layerForm>;
    try {
      form = layerForm(descriptor.mediaType, allowSkip);
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      if (unsignable === 'exclude') {
        return { layers: [], skippedLayers: [], layersLeftOut: `layer ${index}: ${error.message}` };
      }
      error.context.layer ??= `layer ${index} (${descriptor.digest})`;
      throw error;
    }
    if ('skip' in form) skippedLayers.push({ index, descriptor, reason: form.skip });
    else layers.push({ index, descriptor, ...form, diffId: diffIds[index] ?? '' });
  }
  return { layers, skippedLayers };
}

/**
 * The format and compression of a layer, or why it stays unsigned with the user's consent.
 *
 * @param allowSkip media types, or `nondistributable` for all of that kind; a layer that can be
 *   signed is never skipped
 * @throws VeritySignError 'image' for a layer that cannot be signed and may not be skipped
 */
export function layerForm(mediaType: string, allowSkip: readonly string[]): LayerForm | { skip: string } {
  const form = FORMS.get(mediaType);
  if (form !== undefined) return { ...form };
  const nondistributable = NONDISTRIBUTABLE.test(mediaType);
  if (allowSkip.includes(mediaType) || (nondistributable && allowSkip.includes('nondistributable'))) {
    return { skip: `unsigned: media type ${mediaType}, skipped because of allow-skip` };
  }
  if (nondistributable) {
    throw new VeritySignError(
      'image',
      `the layer is not distributable (${mediaType}): its blob may be absent`,
      { remedy: 'Set allow-skip to nondistributable to leave such layers unsigned' },
    );
  }
  if (EROFS.test(mediaType)) {
    throw new VeritySignError(
      'image',
      `the layer is an EROFS image in a form that containerd does not take (${JSON.stringify(mediaType)})`,
      { remedy: `Use ${Object.values(EROFS_LAYER_MEDIA_TYPES).join(' or ')}, or tar layers` },
    );
  }
  throw new VeritySignError('image', `the layer has the unknown media type ${JSON.stringify(mediaType)}`, {
    remedy: 'Build the image with tar layers, uncompressed or compressed with gzip or zstd',
  });
}
