import type { DemoPki } from '../../demo-pki.ts';
import { IMAGES, type ImageName, layerNumbers } from '../data/images.ts';
import type { Compression, Layer, LayerCache } from '../data/layers.ts';
import type { Contestant } from '../peers/contestant.ts';
import type { LayerSizes } from '../results.ts';

/** Contestants that are compared with one another. */
export interface Case {
  /** Parts are separated by slashes; key of the results and of `--only`. */
  name: string;
  /** Runs whatever `--only` says: floors and limits of other cases are made from it. */
  always?: boolean;
  /** Programs without which it is left out. */
  needs?: readonly string[];
  /** It is left out where this user is not root and cannot become root by `sudo -n`. */
  needsRoot?: boolean;
  /** A run without it still counts as complete. */
  optional?: boolean;
  /** Counted rounds for a run of `asked` rounds; default: as asked. */
  rounds?(asked: number): number;
  /** The layers of its image. */
  sizes?(world: World): Promise<LayerSizes[]>;
  /** Makes the data of the case; `folder` exists until the case ends. */
  contestants(world: World, folder: string): Promise<Contestant[]>;
}

export interface World {
  cache: LayerCache;
  pki: DemoPki;
  /** Runs when the case ends, the last one first, whether it failed or not. */
  defer(work: () => Promise<void>): void;
}

export async function layersOf(image: ImageName, cache: LayerCache): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const { size, number } of layerNumbers(IMAGES[image])) layers.push(await cache.layer(size, number));
  return layers;
}

/** The sizes of the layers of an image in one form. */
export async function sizesOf(image: ImageName, form: Compression, cache: LayerCache): Promise<LayerSizes[]> {
  const layers = await layersOf(image, cache);
  return layers.map((layer) => ({ blob: layer[form].size, tar: layer.plain.size }));
}
