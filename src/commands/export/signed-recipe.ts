import { nativelyKnown, type Recipe, recipeOf } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import { DEFAULT_CLASS } from '../../model/profiles.ts';
import { CACHE_PROFILE } from '../shared/cache/cache-recipe.ts';
import { hasTars } from '../shared/plan.ts';
import type { VerifiedPlatform } from '../verify/verified-image.ts';
import type { ExportOptions } from './options.ts';
import { cacheSets, hasOptions, signedClass } from './signed-hashes.ts';

/**
 * The options with which the images of the cache are those that were signed for it: mkfs options and class are as
 * recorded unless they are given. A policy that names the signed root hashes denies all others.
 * @throws VeritySignError 'usage' if images of the cache are signed, but only with other mkfs options, or with such as
 *   the builder does not support
 */
export function asSigned(options: ExportOptions, platforms: readonly VerifiedPlatform[]): ExportOptions {
  const recipe = signedRecipe(options, platforms);
  const isGiven = options.mkfsOptions !== undefined;
  if (!isGiven) refuseUnsupported(recipe, options);
  const text = recipe.mkfsOptions.join(' ');
  const isDefault = text === recipeOf(CACHE_PROFILE).mkfsOptions.join(' ');
  return {
    ...options,
    ...(isGiven || isDefault ? {} : { mkfsOptions: text }),
    classes: options.classes ?? [signedClass(platforms, recipe) ?? DEFAULT_CLASS],
  };
}

/** Layers that are EROFS images are the same whatever the options, so their platforms do not count. */
function signedRecipe({ image, mkfsOptions }: ExportOptions, platforms: readonly VerifiedPlatform[]): Recipe {
  const wanted = recipeOf(CACHE_PROFILE, mkfsOptions);
  const signed = platforms
    .filter(({ manifest }) => hasTars({ manifests: [manifest] }))
    .map((platform) => cacheSets([platform]))
    .filter((sets) => sets.length > 0);
  const isSigned = (recipe: Pick<Recipe, 'mkfsOptions'>): boolean =>
    signed.every((sets) => sets.some((set) => hasOptions(set, recipe)));
  if (isSigned(wanted)) return wanted;
  const texts = new Set(signed.flat().flatMap(({ recorded }) => recorded.mkfsOptions?.join(' ') ?? []));
  // No signature covers what is recorded: it is text until it is chosen.
  const [only, ...more] = [...texts].filter((text) => isSigned({ mkfsOptions: [text] }));
  if (mkfsOptions === undefined && only !== undefined && more.length === 0) {
    return recipeOf(CACHE_PROFILE, only);
  }
  const names = [...texts].map((text) => JSON.stringify(text)).join(' and ');
  throw new VeritySignError(
    'usage',
    `${image} is signed for ${CACHE_PROFILE} with the mkfs options ${names}, not with ${JSON.stringify(wanted.mkfsOptions.join(' '))}`,
    {
      remedy:
        'Give those of the signatures as mkfs-options, platform by platform where they differ, or sign the image again',
    },
  );
}

function refuseUnsupported(recipe: Recipe, { image, builder, crossCheck }: ExportOptions): void {
  if ((builder === 'mkfs' && !crossCheck) || nativelyKnown(recipe)) return;
  throw new VeritySignError(
    'usage',
    `${image} is signed for ${CACHE_PROFILE} with the mkfs options ${JSON.stringify(recipe.mkfsOptions.join(' '))}, which the native builder does not support`,
    {
      remedy: `Set builder to mkfs, with the mkfs.erofs that made the signed images${crossCheck ? ', and omit cross-check' : ''}`,
    },
  );
}
