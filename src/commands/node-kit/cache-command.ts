import { nativelyKnown, recipeOf } from '../../convert/erofs/recipe.ts';
import type { ProfileName } from '../../model/index.ts';
import { CACHE_FOLDER } from '../../report/node/node-settings.ts';
import { CACHE_PROFILE } from '../shared/cache/cache-recipe.ts';
import type { KitFacts } from './readme.ts';

/**
 * The command that fills the layer cache of a node with the images that were signed; undefined for a profile without a
 * cache. Pure.
 * @param images as the policy names them, with digests
 * @param mkfsOptions as the signatures record them
 * @param platforms for which the images were verified; empty for all
 */
export function cacheCommand(
  images: readonly string[],
  profile: ProfileName,
  mkfsOptions: readonly string[],
  platforms: readonly string[],
): KitFacts['cacheCommand'] {
  if (profile !== CACHE_PROFILE) return undefined;
  const needsMkfs = !nativelyKnown({ ...recipeOf(profile), mkfsOptions });
  const options = mkfsOptions.join(' ');
  const isDefault = options === recipeOf(profile).mkfsOptions.join(' ');
  return {
    words: [
      ...['verity-sign', 'export', ...images, CACHE_FOLDER],
      ...['--trusted-certificate', 'ROOT.pem', '--profile', profile],
      ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
      ...(isDefault ? [] : ['--mkfs-options', options]),
      ...(needsMkfs ? ['--builder', 'mkfs'] : []),
    ],
    needsMkfs,
  };
}
