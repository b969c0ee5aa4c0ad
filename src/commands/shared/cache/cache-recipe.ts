import { type Recipe, type RecipeOptions, recipesFor } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';

/** The profile whose images are in containerd's layer cache: their UUID is made of the diffID. */
export const CACHE_PROFILE = 'containerd-cache';

/**
 * How the images of a layer cache are made.
 * @throws VeritySignError 'usage' for several classes of erofs-utils: the cache has one image of a layer
 */
export function cacheRecipe(options: Omit<RecipeOptions, 'profiles'>): Recipe {
  const [recipe, ...others] = recipesFor({ ...options, profiles: [CACHE_PROFILE] });
  if (recipe === undefined) throw new TypeError('no recipe for a profile');
  if (others.length === 0) return recipe;
  const classes = [recipe, ...others].map(({ class: of }) => of ?? 'unknown').join(' and ');
  throw new VeritySignError(
    'usage',
    `a layer cache has one image of each layer, but the classes ${classes} of erofs-utils are given`,
    { remedy: 'Export each class to a folder of its own, in a run of its own, with one erofs-utils-version' },
  );
}
