import { mkfsOptionsFor, PROFILES } from '../erofs/profile.ts';
import type { ProfileName } from './stages.ts';

/** One way to make an EROFS image of a layer: all that decides its bytes, mkfs.erofs itself apart. */
export interface Recipe {
  profile: ProfileName;
  mkfsOptions: readonly string[];
  /** Which digest the UUID is made of: the profile's own source, or another to explain a root hash. */
  uuidSource: 'digest' | 'diffId';
}

/** `options` as words, or the user's text; without either the profile's default. */
export function recipeOf(profile: ProfileName, options?: string | readonly string[]): Recipe {
  const mkfsOptions =
    options === undefined || typeof options === 'string' ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}

/** One recipe per profile, in the order of the profiles. Error (`usage`): mkfs options that do not do. */
export function recipesFor(options: { profiles: readonly ProfileName[]; mkfsOptions?: string }): Recipe[] {
  return options.profiles.map((profile) => recipeOf(profile, options.mkfsOptions));
}

/** The same for recipes that make the same image of every layer. */
export function recipeKey({ profile, mkfsOptions, uuidSource }: Recipe): string {
  return [profile, uuidSource, ...mkfsOptions].join(' ');
}
