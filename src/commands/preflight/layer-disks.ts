import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { layerKey } from '../../convert/conversion-cache.ts';
import type { LayerJob } from '../../convert/convert-layers.ts';
import { type Recipe, recipeKey } from '../../convert/erofs/recipe.ts';
import type { ConvertedLayer, ImageLayer, VerityRoot } from '../../model/index.ts';
import type { Disk } from './machine.ts';

/** A layer as a disk: image, dm-verity superblock and hash tree. */
export interface LayerDisk extends Disk {
  verity: VerityRoot;
}

/** Writes layers to disks of a VM while they are converted: each distinct layer once. */
export class LayerDisks {
  readonly #folder: string;
  readonly #recipe: Recipe;
  readonly #wanted: ReadonlySet<string>;
  readonly #disks = new Map<string, LayerDisk>();
  #next = 0;

  /**
   * @param folder private, for the files
   * @param wanted the layers of the image that is tested; others get no disk
   */
  constructor(folder: string, recipe: Recipe, wanted: readonly ImageLayer[]) {
    this.#folder = folder;
    this.#recipe = recipe;
    this.#wanted = new Set(wanted.map(layerKey));
  }

  /**
   * The job, with a file for the layer's disk.
   * @param recipes those of the job, in order
   */
  withFile(job: LayerJob, recipes: readonly Recipe[]): LayerJob {
    const key = layerKey(job.layer);
    if (!this.#wanted.has(key)) return job;
    const position = recipes.findIndex((own) => recipeKey(own) === recipeKey(this.#recipe));
    const serial = `layer-${String(this.#next++).padStart(3, '0')}`;
    const path = join(this.#folder, serial);
    const done = async (converted: readonly ConvertedLayer[]): Promise<void> => {
      const verity = converted[position]?.verity;
      if (verity === undefined) throw new TypeError('a layer was not converted for its disk');
      this.#disks.set(key, { path, serial, verity });
      await job.done?.(converted);
    };
    return { ...job, imageFile: { recipe: this.#recipe, path }, done };
  }

  /** The disk of a layer that was converted. */
  of(layer: ImageLayer): LayerDisk {
    const disk = this.#disks.get(layerKey(layer));
    if (disk === undefined) throw new TypeError(`layer ${layer.index} has no disk`);
    return disk;
  }

  /** Removes all files: images may be large, and the run may go on. */
  async remove(): Promise<void> {
    for (const { path } of this.#disks.values()) await rm(path, { force: true });
  }
}
