import type { BuilderInfo, ConvertedLayer } from '../model/index.ts';
import type { ConversionCache } from './conversion-cache.ts';
import { type Converter, convertLayers, type LayerJob, layerLabel } from './convert-layers.ts';
import { recipesFor } from './erofs/recipe.ts';

export interface SharedConversion {
  /** As {@link convertLayers}: for each job, in order, one result per profile. */
  converted: ConvertedLayer[][];
  /** To be called once mkfs.erofs has passed its test, before the results are used. */
  confirm(builder: BuilderInfo): void;
}

/**
 * Converts the layers that no earlier image of this run had.
 * @param image for reports
 */
export async function convertShared(
  jobs: readonly LayerJob[],
  converter: Converter,
  image: string,
  shared: ConversionCache | undefined,
): Promise<SharedConversion> {
  const recipes = recipesFor(converter.options);
  const known = jobs.map(({ layer }) => shared?.findAll(layer, recipes));
  for (const [index, found] of known.entries()) {
    const job = jobs[index];
    if (found === undefined || job === undefined) continue;
    converter.log.info(`${layerLabel(job.layer)}: converted already for ${found[0]?.sharedFrom}`);
  }
  const fresh = await convertLayers(
    jobs.filter((_, index) => known[index] === undefined),
    converter,
  );
  let next = 0;
  const converted = known.map((found) => found ?? fresh[next++] ?? []);
  const confirm = (builder: BuilderInfo): void => {
    shared?.requireSame(builder);
    for (const ofLayer of fresh) {
      for (const [position, one] of ofLayer.entries()) {
        const recipe = recipes[position];
        if (recipe !== undefined) shared?.add(one, recipe, image);
      }
    }
  };
  return { converted, confirm };
}
