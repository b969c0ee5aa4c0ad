import { ofClasses, type Recipe, recipeKey, recipeOf } from '../../../convert/erofs/recipe.ts';
import { KNOWN_CLASSES, PROFILE_NAMES } from '../../../model/profiles.ts';
import type { CommonOptions } from '../../shared/options.ts';
import type { SignatureSet } from './evaluate-referrer.ts';

/**
 * Maximum number of distinct recipes by which layers are built for one image. Anyone who may push can
 * write any number of records, and each recipe costs as much as signing the image once.
 */
export const MAX_RECIPES = PROFILE_NAMES.length * KNOWN_CLASSES.length;

/** The recipes of a set that are built. */
export interface ChosenRecipes {
  recipes: readonly Recipe[];
  /** Number of distinct recipes of all sets, if some of this one's are not built; else undefined. */
  tooMany: number | undefined;
}

/**
 * Chooses the recipes to build. Any number of sets may share a recipe. Recipes with the default options
 * or those of the verifier come first, and all of them fit (each profile in each class): records of
 * a stranger cannot displace them. Pure.
 */
export function chooseRecipes(
  sets: readonly SignatureSet[],
  options: CommonOptions,
): Map<SignatureSet, ChosenRecipes> {
  const wanted = new Map(sets.map((set) => [set, recipesOf(set, options)]));
  const all = new Map<string, Recipe>();
  for (const set of sets.toSorted((a, b) => rank(a, options) - rank(b, options))) {
    for (const recipe of wanted.get(set) ?? []) all.set(recipeKey(recipe), recipe);
  }
  const built = new Set([...all.keys()].slice(0, MAX_RECIPES));
  const chosen = new Map<SignatureSet, ChosenRecipes>();
  for (const [set, own] of wanted) {
    const recipes = own.filter((recipe) => built.has(recipeKey(recipe)));
    chosen.set(set, { recipes, tooMany: recipes.length === own.length ? undefined : all.size });
  }
  return chosen;
}

/**
 * The recipes by which a set's root hashes may have been computed: one if recorded, else one per profile,
 * and for the native builder one per class: the requested ones, else the recorded one, else each.
 */
function recipesOf({ recorded, profile }: SignatureSet, options: CommonOptions): Recipe[] {
  const mkfsOptions = recorded.mkfsOptions ?? options.mkfsOptions;
  const recipes = (profile === undefined ? PROFILE_NAMES : [profile]).map((name) =>
    recipeOf(name, mkfsOptions),
  );
  if (options.builder === 'mkfs') return recipes;
  const own = KNOWN_CLASSES.filter((of) => of === recorded.class);
  const classes = options.classes ?? (own.length > 0 ? own : KNOWN_CLASSES);
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}

/** 0 for a set with default options, 1 with those that the verifier names, 2 with others. */
function rank({ recorded, profile }: SignatureSet, options: CommonOptions): number {
  const { mkfsOptions } = recorded;
  if (mkfsOptions === undefined) return options.mkfsOptions === undefined ? 0 : 1;
  const profiles = profile === undefined ? PROFILE_NAMES : [profile];
  const isThatOf = (given: string | undefined): boolean =>
    profiles.some((name) => recipeOf(name, given).mkfsOptions.join(' ') === mkfsOptions.join(' '));
  if (isThatOf(undefined)) return 0;
  return options.mkfsOptions !== undefined && isThatOf(options.mkfsOptions) ? 1 : 2;
}
