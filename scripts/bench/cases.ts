import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProfileName } from '../../src/model/index.ts';
import type { DemoPki } from '../demo-pki.ts';
import { type Contestant, cli, floor, plain } from './contestant.ts';
import { IMAGES, type ImageName, layerNumbers } from './data/images.ts';
import { COMPRESSIONS, type Compression, type Layer, type LayerCache } from './data/layers.ts';
import { mkfs } from './floors/floor.ts';
import { ours, shell } from './signers.ts';

/** Contestants that are compared with one another. */
export interface Case {
  /** Parts are separated by slashes; key of the results and of `--only`. */
  name: string;
  /** Makes the data of the case; `folder` exists until the case ends. */
  contestants(world: World, folder: string): Promise<Contestant[]>;
}

export interface World {
  cache: LayerCache;
  pki: DemoPki;
}

const PROFILES: readonly ProfileName[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];
const BLOCK_SIZES = [4096, 512] as const;
const ZERO_SALT = '0'.repeat(64);

/** All cases, in the order in which they run; those of 4 GB only if `large`. */
export function cases(large: boolean): Case[] {
  const everything = (image: ImageName) =>
    PROFILES.flatMap((profile) => COMPRESSIONS.map((form) => imageCase(image, form, profile)));
  return [
    startCase(),
    ...everything('small-20'),
    ...everything('mixed-8'),
    imageCase('one-1MB', 'gzip', 'containerd'),
    imageCase('one-25MB', 'gzip', 'containerd'),
    ...everything('one-224MB'),
    ...PROFILES.map((profile) => imageCase('one-1GB', 'gzip', profile)),
    ...(['one-224MB', 'one-1GB'] as const).flatMap((image) =>
      BLOCK_SIZES.map((blockSize) => treeCase(image, blockSize)),
    ),
    ...(['mixed-8', 'one-1GB'] as const).map(exportCase),
    ...(large ? [imageCase('one-4GB', 'gzip', 'containerd')] : []),
  ];
}

/** Process start: Node without work, and the CLI's `--help`. */
function startCase(): Case {
  return {
    name: 'start',
    contestants: async () => [
      plain('node', () => ({ argv: [process.execPath, '--eval', ''] })),
      cli('--help', '--help'),
    ],
  };
}

function imageCase(image: ImageName, form: Compression, profile: ProfileName): Case {
  return {
    name: `${image}/${form}/${profile}`,
    async contestants({ cache, pki }) {
      const layers = await layersOf(image, cache);
      const task = { layers, form, profile, pki };
      const signers = [ours(task), ours(task, 'native'), shell(task, 'sequential')];
      if (layers.length > 1) signers.push(shell(task, 'parallel'));
      return [...signers, ...floors(layers, form, profile)];
    },
  };
}

/** Signing for the layer cache, with and without writing it. */
function exportCase(image: ImageName): Case {
  return {
    name: `export/${image}`,
    async contestants({ cache, pki }) {
      const layers = await layersOf(image, cache);
      const task = { layers, form: 'gzip', profile: 'containerd-cache', pki } as const;
      return [ours(task, 'native'), ours(task, 'native', true)];
    },
  };
}

/** The floors that a combination of profile and compression adds. */
function floors(layers: readonly Layer[], form: Compression, profile: ProfileName): Contestant[] {
  if (profile === 'containerd-tar-index' && form === 'gzip') {
    return [floor('inflate', () => ['inflate', form, ...layers.map((layer) => layer[form].path)])];
  }
  if (profile !== 'containerd') return [];
  const blobs = layers.map((layer) => layer[form].path);
  const tars = layers.map((layer) => layer.plain.path);
  if (form === 'plain') {
    return [floor('mkfs.erofs', (folder) => ['mkfs', profile, join(folder, 'temp/image'), ...tars])];
  }
  const inflate = floor('inflate', () => ['inflate', form, ...blobs]);
  return form === 'zstd' ? [inflate] : [inflate, floor('sha256', () => ['sha256', ...blobs, ...tars])];
}

function treeCase(image: 'one-224MB' | 'one-1GB', blockSize: 4096 | 512): Case {
  return {
    name: `tree/${image}/${blockSize}`,
    async contestants({ cache }, folder) {
      const [layer] = await layersOf(image, cache);
      const file = join(folder, 'image');
      await mkdir(folder, { recursive: true });
      await mkfs('containerd', file, layer?.plain.path ?? '');
      const sizes = [`--data-block-size=${blockSize}`, `--hash-block-size=${blockSize}`];
      return [
        floor('hash tree', () => ['tree', String(blockSize), file]),
        plain('veritysetup', (own) => ({
          argv: ['veritysetup', 'format', ...sizes, `--salt=${ZERO_SALT}`, file, join(own, 'temp/hash')],
        })),
      ];
    },
  };
}

async function layersOf(image: ImageName, cache: LayerCache): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const { size, number } of layerNumbers(IMAGES[image])) layers.push(await cache.layer(size, number));
  return layers;
}
