import type { Recipe } from '../../convert/erofs/recipe.ts';
import { KNOWN_CLASSES, type KnownClass } from '../../model/profiles.ts';
import { CACHE_PROFILE } from '../shared/cache/cache-recipe.ts';
import type { VerifiedPlatform, VerifiedSet } from '../verify/verified-image.ts';

/** All verified sets of an image, whatever their profile. */
function allSets(platforms: readonly VerifiedPlatform[]): VerifiedSet[] {
  return platforms.flatMap(({ sets, others }) => [...sets, ...others]);
}

/** PKCS#7 by root hash, of every verified signature; where several signers have signed, that of the first set. */
export function signaturesOf(platforms: readonly VerifiedPlatform[]): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { layers } of allSets(platforms)) {
    for (const { rootHash, pkcs7 } of layers) if (!found.has(rootHash)) found.set(rootHash, pkcs7);
  }
  return found;
}

/** The verified sets of images of the cache, whatever profile was requested. */
export function cacheSets(platforms: readonly VerifiedPlatform[]): VerifiedSet[] {
  return allSets(platforms).filter(({ profile }) => profile === CACHE_PROFILE);
}

/** Whether images with these options are those of a set. A set that records none may be of any. */
export function hasOptions({ recorded }: VerifiedSet, { mkfsOptions }: Pick<Recipe, 'mkfsOptions'>): boolean {
  return recorded.mkfsOptions === undefined || recorded.mkfsOptions.join(' ') === mkfsOptions.join(' ');
}

/**
 * The class of erofs-utils for which images of the cache with these options were signed, the newest; undefined if none
 * was.
 */
export function signedClass(
  platforms: readonly VerifiedPlatform[],
  recipe: Pick<Recipe, 'mkfsOptions'>,
): KnownClass | undefined {
  const signed = cacheSets(platforms).filter((set) => hasOptions(set, recipe));
  return KNOWN_CLASSES.find((of) => signed.some(({ recorded }) => recorded.class === of));
}

/**
 * The root hashes that images of this recipe must have, by diffID: those of the sets that record this profile, class
 * and options. A layer that is signed otherwise, or not at all, is absent.
 * @param of class of the builder's images
 */
export function expectedHashes(
  platforms: readonly VerifiedPlatform[],
  recipe: Pick<Recipe, 'mkfsOptions'>,
  of: string,
): Map<string, Set<string>> {
  const expected = new Map<string, Set<string>>();
  for (const set of cacheSets(platforms)) {
    if ((set.recorded.class ?? of) !== of || !hasOptions(set, recipe)) continue;
    for (const { layer, rootHash } of set.layers) {
      expected.set(layer.diffId, (expected.get(layer.diffId) ?? new Set()).add(rootHash));
    }
  }
  return expected;
}
