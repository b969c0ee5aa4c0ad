import { VeritySignError } from '../../errors.ts';
import type { ImageLayer, KnownClass, ProfileName } from '../../model/index.ts';
import { isKnownClass } from '../../model/profiles.ts';
import { knowsOptions } from './native/known-options.ts';
import { CHECKED_RELEASES } from './native/releases.ts';
import { mkfsOptionsFor, PROFILES } from './profile.ts';
import { layerUuid } from './uuid.ts';

/** One way to make an EROFS image of a layer: all that decides its bytes, mkfs.erofs itself apart. */
export interface Recipe {
  profile: ProfileName;
  mkfsOptions: readonly string[];
  /** Which digest the UUID is made of: the profile's own source, or another to explain a root hash. */
  uuidSource: 'digest' | 'diffId';
  /** Whose images the native builder is to make; mkfs.erofs has a class of its own. */
  class?: KnownClass;
}

/** What of the options decides how images are made. */
export interface RecipeOptions {
  profiles: readonly ProfileName[];
  mkfsOptions?: string;
  builder: 'mkfs' | 'native';
  classes?: readonly KnownClass[];
}

/** `options` as words, or the user's text; without either the profile's default. */
export function recipeOf(profile: ProfileName, options?: string | readonly string[]): Recipe {
  const mkfsOptions =
    options === undefined || typeof options === 'string' ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}

/**
 * One recipe per profile, in the order of the profiles, and for the native builder one per class of
 * each. Error (`usage`): mkfs options that do not do.
 */
export function recipesFor({ profiles, mkfsOptions, builder, classes = ['C'] }: RecipeOptions): Recipe[] {
  const recipes = profiles.map((profile) => recipeOf(profile, mkfsOptions));
  if (builder === 'mkfs') return recipes;
  const odd = recipes.find((recipe) => !nativelyKnown(recipe));
  if (odd !== undefined) {
    throw new VeritySignError(
      'usage',
      `the native builder does not know mkfs-options ${odd.mkfsOptions.join(' ')}`,
      { remedy: `Use ${PROFILES[odd.profile].defaultOptions.join(' ')}, or the builder mkfs` },
    );
  }
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}

export function ofClasses(recipe: Recipe, classes: readonly KnownClass[]): Recipe[] {
  return classes.map((of) => ({ ...recipe, class: of }));
}

/** Whether the native builder knows what these options do to an image. */
export function nativelyKnown(recipe: Recipe): boolean {
  return knowsOptions(recipe);
}

/** The same for recipes that make the same image of every layer. */
export function recipeKey({ profile, mkfsOptions, uuidSource, class: of }: Recipe): string {
  return [of ?? 'mkfs', profile, uuidSource, ...mkfsOptions].join(' ');
}

/** UUID of the layer's image. */
export function uuidOf({ descriptor, diffId }: ImageLayer, source: Recipe['uuidSource']): string {
  return layerUuid(source === 'digest' ? descriptor.digest : diffId);
}

/**
 * The class that a user means by a class or a release. Error (`usage`): a release that nobody has
 * compared with the native builder.
 */
export function classOf(text: string, label: string): KnownClass {
  if (isKnownClass(text)) return text;
  const of = Object.hasOwn(CHECKED_RELEASES, text) ? CHECKED_RELEASES[text] : undefined;
  if (of !== undefined) return of;
  const known = Object.keys(CHECKED_RELEASES).join(', ');
  throw new VeritySignError('usage', `${label}: the native builder does not know erofs-utils ${text}`, {
    remedy: `Give a class (A, B or C) or one of ${known}, or use the builder mkfs`,
  });
}
