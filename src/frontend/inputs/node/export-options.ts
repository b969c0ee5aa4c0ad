import { resolve } from 'node:path';
import type { ExportOptions } from '../../../commands/export/options.ts';
import { cacheRecipe } from '../../../commands/shared/cache/cache-recipe.ts';
import type { RawValues } from '../catalog.ts';
import type { Dialect } from '../values.ts';
import { verifyingOptions } from '../verifying-options.ts';

/** All options of exporting except the image. */
export type ExportingOptions = Omit<ExportOptions, 'image'>;

/**
 * Checks the inputs of `export`. Raises usage errors that name the input.
 * @param folder as the user named it
 */
export function exportingOptions(raw: RawValues, folder: string, dialect: Dialect): ExportingOptions {
  const options = { ...verifyingOptions(raw, dialect), folder: resolve(folder) };
  cacheRecipe(options);
  // Each layer is converted once, into the cache.
  return { ...options, recompute: false };
}
