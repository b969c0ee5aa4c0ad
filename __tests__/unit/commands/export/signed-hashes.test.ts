import { describe, expect, test } from '@jest/globals';
import { expectedHashes, signaturesOf, signedClass } from '../../../../src/commands/export/signed-hashes.ts';
import type { VerifiedPlatform, VerifiedSet } from '../../../../src/commands/verify/verified-image.ts';
import { recipeOf } from '../../../../src/convert/erofs/recipe.ts';
import type { KnownClass, ProfileName } from '../../../../src/model/profiles.ts';

const RECIPE = recipeOf('containerd-cache');
const DEFAULT = '-T0 --mkfs-time --sort=none';

/** A set with one layer for each root hash; the layer's diffID is the root hash's place. */
function setOf(
  profile: ProfileName | undefined,
  of: KnownClass | undefined,
  rootHashes: readonly string[],
  mkfsOptions: string | undefined = DEFAULT,
): VerifiedSet {
  const layers = rootHashes.map((rootHash, index) => ({
    layer: { index, diffId: `sha256:${index}` },
    rootHash,
    pkcs7: Buffer.from(`${rootHash} ${profile}`),
  }));
  const recorded = {
    ...(of === undefined ? {} : { class: of }),
    ...(mkfsOptions === '' ? {} : { mkfsOptions: mkfsOptions.split(' ') }),
  };
  return { profile, recorded, layers } as unknown as VerifiedSet;
}

const platform = (sets: VerifiedSet[], others: VerifiedSet[] = []): VerifiedPlatform =>
  ({ manifest: {}, sets, others }) as unknown as VerifiedPlatform;

const expected = (platforms: VerifiedPlatform[], of = 'C') =>
  Object.fromEntries([...expectedHashes(platforms, RECIPE, of)].map(([id, hashes]) => [id, [...hashes]]));

describe('the root hashes that a cache must have', () => {
  test('are those of its profile, also where another one was requested', () => {
    const platforms = [
      platform([setOf('containerd', 'C', ['a'])], [setOf('containerd-cache', 'C', ['b'])]),
      platform([setOf('containerd-cache', 'C', ['c', 'd'])]),
    ];
    expect(expected(platforms)).toEqual({ 'sha256:0': ['b', 'c'], 'sha256:1': ['d'] });
  });

  test('are of the class and options of the images; what is not recorded counts', () => {
    const sets = [
      setOf('containerd-cache', 'A', ['a']),
      setOf('containerd-cache', undefined, ['b']),
      setOf('containerd-cache', 'C', ['c'], '-T0 -zlz4'),
      setOf('containerd-cache', 'C', ['d'], ''),
      setOf(undefined, 'C', ['e']),
    ];
    expect(expected([platform(sets)])).toEqual({ 'sha256:0': ['b', 'd'] });
    expect(expected([platform(sets)], 'A')).toEqual({ 'sha256:0': ['a', 'b'] });
    expect(expected([platform([setOf('containerd', 'C', ['a'])])])).toEqual({});
  });
});

test('the class of a cache is the newest that was signed for it', () => {
  const cache = (of: KnownClass | undefined) => setOf('containerd-cache', of, ['a']);
  expect(signedClass([platform([cache('A')], [cache('B')])], RECIPE)).toBe('B');
  expect(
    signedClass([platform([cache(undefined)]), platform([setOf('containerd', 'C', ['a'])])], RECIPE),
  ).toBeUndefined();
  const compressed = setOf('containerd-cache', 'C', ['a'], '-T0 -zlz4');
  expect(signedClass([platform([cache('A'), compressed])], RECIPE)).toBe('A');
});

test('signatures are those of all sets, the first for each root hash', () => {
  const platforms = [
    platform([setOf('containerd', 'C', ['a'])], [setOf('containerd-cache', 'C', ['a', 'b'])]),
  ];
  const found = [...signaturesOf(platforms)].map(([rootHash, pkcs7]) => [
    rootHash,
    Buffer.from(pkcs7).toString(),
  ]);
  expect(found).toEqual([
    ['a', 'a containerd'],
    ['b', 'b containerd-cache'],
  ]);
});
