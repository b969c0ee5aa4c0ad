import { link } from 'node:fs/promises';
import { LayoutWriter } from '../../demo-image/layout.ts';
import type { Compression, Layer } from './layers.ts';

const MB = 1_000_000;
export const TAG = 'bench';

/** Sizes of the layers' tars, bytes, by the name of the image. */
export const IMAGES = {
  'small-20': Array.from({ length: 20 }, (_, at) => 50_000 * (1 + (at % 10))),
  'mixed-8': [224, 64, 25, 25, 8, 4, 1, 1].map((size) => size * MB),
  'one-1MB': [MB],
  'one-25MB': [25 * MB],
  'one-224MB': [224 * MB],
  'one-1GB': [1000 * MB],
  'one-4GB': [4000 * MB],
} as const satisfies Record<string, readonly number[]>;

export type ImageName = keyof typeof IMAGES;

export const IMAGE_TITLES: Readonly<Record<ImageName, string>> = {
  'small-20': '20 small layers',
  'mixed-8': '8 mixed layers',
  'one-1MB': 'one layer of 1 MB',
  'one-25MB': 'one layer of 25 MB',
  'one-224MB': 'one layer of 224 MB',
  'one-1GB': 'one layer of 1 GB',
  'one-4GB': 'one layer of 4 GB',
};

/** The size in the name of an image of one layer. */
export function sizeOf(image: string): string {
  return image.slice('one-'.length).replace(/(?<=\d)(?=[A-Z])/, ' ');
}

/** Numbers the layers of equal size, so that an image has no layer twice. */
export function layerNumbers(sizes: readonly number[]): { size: number; number: number }[] {
  const seen = new Map<number, number>();
  return sizes.map((size) => {
    const number = seen.get(size) ?? 0;
    seen.set(size, number + 1);
    return { size, number };
  });
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const MEDIA_TYPES: Readonly<Record<Compression, string>> = {
  gzip: `${LAYER}+gzip`,
  zstd: `${LAYER}+zstd`,
  plain: LAYER,
};

/** Writes an image layout with the layers as hard links, which is fast. */
export async function writeLayout(dir: string, layers: readonly Layer[], form: Compression): Promise<void> {
  const layout = await LayoutWriter.create(dir);
  for (const layer of layers) await link(layer[form].path, layout.blobPath(layer[form].digest));
  const config = await layout.json('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ plain }) => plain.digest) },
  });
  const manifest = await layout.json('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: layers.map((layer) => ({
      mediaType: MEDIA_TYPES[form],
      digest: layer[form].digest,
      size: layer[form].size,
    })),
  });
  await layout.tag(manifest, TAG);
}
