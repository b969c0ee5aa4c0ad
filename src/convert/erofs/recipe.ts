import { VeritySignError } from '../../errors.ts';
import type { BuilderKind, ImageLayer, KnownClass, ProfileName } from '../../model/index.ts';
import { CLASSES_IN_WORDS, DEFAULT_CLASS, isKnownClass, RELEASE_CLASSES } from '../../model/profiles.ts';
import { compressionIn } from './mkfs/mkfs-options.ts';
import { knowsOptions } from './native/known-options.ts';
import { mkfsOptionsFor, PROFILES } from './profile.ts';
import { layerUuid, TARDEV_UUID } from './uuid.ts';

/** A way to make an EROFS image of a layer: everything that decides its bytes, except mkfs.erofs itself. */
export interface Recipe {
  profile: ProfileName;
  mkfsOptions: readonly string[];
  /** The digest from which the UUID is derived: the profile's source, or another to explain a root hash. */
  uuidSource: 'digest' | 'diffId' | 'fixed';
  /** The class of images that the native builder makes; without it, mkfs.erofs decides. */
  class?: KnownClass;
}

/** The options that decide how images are made. */
export interface RecipeOptions {
  profiles: readonly ProfileName[];
  mkfsOptions?: string;
  builder: BuilderKind;
  classes?: readonly KnownClass[];
  /** Both builders make every image. */
  crossCheck?: boolean;
}

/**
 * @param options as words or as the user's text; default: those of the profile
 * @throws VeritySignError 'usage' for unsupported mkfs options
 */
export function recipeOf(profile: ProfileName, options?: string | readonly string[]): Recipe {
  const mkfsOptions =
    options === undefined || typeof options === 'string' ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}

/**
 * One recipe for each profile, in their order; for the native builder, one for each class of each profile.
 * @throws VeritySignError 'usage' for mkfs options that the builder does not support, or that a profile cannot use
 */
export function recipesFor(options: RecipeOptions): Recipe[] {
  const { profiles, mkfsOptions, builder, classes = [DEFAULT_CLASS], crossCheck = false } = options;
  // Without a recipe nothing would be signed, and nothing verified would pass for all.
  if (profiles.length === 0 || classes.length === 0) {
    throw new VeritySignError(
      'usage',
      `no ${profiles.length === 0 ? 'profile' : 'class of erofs-utils'} is given`,
      {
        remedy: 'Name at least one, or omit the input',
      },
    );
  }
  const recipes = profiles.map((profile) => recipeOf(profile, mkfsOptions));
  for (const recipe of recipes) refuseCompressedIndex(recipe);
  if (builder === 'native' || crossCheck) refuseNatively(recipes, options);
  return builder === 'mkfs' ? recipes : recipes.flatMap((recipe) => ofClasses(recipe, classes));
}

/**
 * containerd passes `-z` to mkfs.erofs for a tar index too. Nothing becomes smaller, and the image can only be
 * mounted where the kernel has the decompressor.
 */
function refuseCompressedIndex({ profile, mkfsOptions }: Recipe): void {
  const option = compressionIn(mkfsOptions);
  if (option === undefined || !PROFILES[profile].appendsTar) return;
  throw new VeritySignError(
    'usage',
    `mkfs-options ${option} cannot compress with profile ${profile}: the files stay in the uncompressed tar`,
    {
      remedy: `Omit ${option} here and in the mkfs_options of the nodes with this profile, and use other profiles in a run of their own`,
    },
  );
}

function refuseNatively(recipes: readonly Recipe[], { builder, crossCheck = false }: RecipeOptions): void {
  const unsupported = recipes.find((recipe) => !nativelyKnown(recipe));
  if (unsupported === undefined) return;
  const also = builder === 'mkfs' ? ', which cross-check uses too' : '';
  const instead = [
    ...(builder === 'native' ? ['set builder to mkfs'] : []),
    ...(crossCheck ? ['omit cross-check'] : []),
  ];
  throw new VeritySignError(
    'usage',
    `mkfs-options ${unsupported.mkfsOptions.join(' ')} are not supported by the native builder${also}`,
    {
      remedy: `Use ${PROFILES[unsupported.profile].defaultOptions.join(' ')}, or ${instead.join(' and ')}`,
    },
  );
}

/** The recipe once for each class. */
export function ofClasses(recipe: Recipe, classes: readonly KnownClass[]): Recipe[] {
  return classes.map((of) => ({ ...recipe, class: of }));
}

/** Whether the native builder supports the recipe's options. */
export function nativelyKnown(recipe: Recipe): boolean {
  return knowsOptions(recipe);
}

/** Equal for recipes that make the same image of every layer. */
export function recipeKey({ profile, mkfsOptions, uuidSource, class: of }: Recipe): string {
  return [of ?? 'mkfs', profile, uuidSource, ...mkfsOptions].join(' ');
}

/** UUID of the layer's image, from the digest that `source` names. */
export function uuidOf({ descriptor, diffId }: ImageLayer, source: Recipe['uuidSource']): string {
  if (source === 'fixed') return TARDEV_UUID;
  return layerUuid(source === 'digest' ? descriptor.digest : diffId);
}

/**
 * The class for a user's class or release.
 * @param label input that has the text, for the message
 * @throws VeritySignError 'usage' for a release that was not compared with the native builder
 */
export function classOf(text: string, label: string): KnownClass {
  if (isKnownClass(text)) return text;
  const of = Object.hasOwn(RELEASE_CLASSES, text) ? RELEASE_CLASSES[text] : undefined;
  if (of !== undefined) return of;
  const known = Object.keys(RELEASE_CLASSES).join(', ');
  throw new VeritySignError('usage', `${label} ${text} is not supported by the native builder`, {
    remedy: `Use a class (${CLASSES_IN_WORDS}), one of ${known}, all, or set builder to mkfs`,
  });
}
