import { nativelyKnown, recipeOf } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import { CACHE_PROFILE } from '../shared/cache/cache-recipe.ts';
import type { VerifiedPlatform, VerifiedSet } from './verified-image.ts';

/** How the signed images were made, so that a node makes the same ones. */
export interface RecordedSettings {
  /** As words. */
  mkfsOptions: readonly string[];
  /** Classes of erofs-utils that make the signed images of every platform, sorted; empty if any class may do. */
  classes: readonly string[];
}

/**
 * What the verified sets of images record, or what recomputing found. No signature covers a record.
 * @param defaultOptions those of the profile, for sets that record none
 * @throws VeritySignError 'usage' if sets record different options, or platforms have no class in common: a node has one
 */
export function recordedSettings(
  platforms: readonly VerifiedPlatform[],
  defaultOptions: readonly string[],
): RecordedSettings {
  const recorded = platforms.flatMap(({ sets }) => sets.map((set) => set.recorded));
  const options = new Map(
    recorded.map(({ mkfsOptions = defaultOptions }) => [mkfsOptions.join(' '), mkfsOptions]),
  );
  if (options.size > 1) {
    throw new VeritySignError(
      'usage',
      `the image is signed for different mkfs options: ${[...options.keys()].map((one) => JSON.stringify(one)).join(', ')}`,
      { remedy: 'Remove the signatures that nodes no longer use (verity-sign remove)' },
    );
  }
  const [mkfsOptions = defaultOptions] = options.values();
  return { mkfsOptions, classes: commonClasses(platforms, mkfsOptions) };
}

function commonClasses(platforms: readonly VerifiedPlatform[], mkfsOptions: readonly string[]): string[] {
  const known = platforms
    .map(({ manifest, sets }) => {
      const made = sets.filter((set) => isMadeByMkfs(set, mkfsOptions));
      const classes = made.flatMap(({ classes, recorded }) => classes ?? recorded.class ?? []);
      return { digest: manifest.descriptor.digest, classes: [...new Set<string>(classes)].sort() };
    })
    .filter(({ classes }) => classes.length > 0);
  const common = (known[0]?.classes ?? []).filter((of) => known.every(({ classes }) => classes.includes(of)));
  if (known.length === 0 || common.length > 0) return common;
  const different = new Map(known.map(({ digest, classes }) => [classes.join(', '), digest]));
  throw new VeritySignError(
    'usage',
    `no class of erofs-utils makes all signed images, and a node has one: ${[...different].map(([classes, digest]) => `${digest} is signed for class ${classes}`).join('; ')}`,
    {
      remedy:
        'Name only images and platforms of one kind of node, or sign all of them for its class. node-kit with erofs-utils-version all also finds classes that no signature records',
    },
  );
}

/**
 * Whether a mkfs.erofs of the class of a set must make its images. Layers that are EROFS images are made by none, and a
 * cache is filled with the native builder, which makes each class.
 */
function isMadeByMkfs({ profile, layers }: VerifiedSet, mkfsOptions: readonly string[]): boolean {
  if (layers.every(({ layer }) => layer.format === 'erofs')) return false;
  return profile !== CACHE_PROFILE || !nativelyKnown(recipeOf(profile, mkfsOptions));
}
