import { expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../../../../src/commands/shared/options.ts';
import type { SignatureSet } from '../../../../../src/commands/verify/layers/evaluate-referrer.ts';
import type { Rebuilder } from '../../../../../src/commands/verify/layers/rebuilder.ts';
import { recompute } from '../../../../../src/commands/verify/layers/recompute.ts';
import type { BuilderInfo } from '../../../../../src/model/index.ts';
import { PROFILE_NAMES } from '../../../../../src/model/profiles.ts';

/** What recomputing looks at. */
const OPTIONS = { builder: 'mkfs', profiles: ['containerd'], strict: false } as unknown as VerifyOptions;
const ROOT_HASH = 'a'.repeat(64);
const descriptor = { mediaType: 'x', digest: `sha256:${'1'.repeat(64)}`, size: 1 };
const layer = {
  index: 0,
  descriptor,
  format: 'tar' as const,
  compression: 'gzip' as const,
  diffId: descriptor.digest,
};

function set(referrer: string, mkfsOptions?: readonly string[]): SignatureSet {
  const signed = { layer, rootHash: ROOT_HASH, signatureDigest: '', signer: undefined, path: [] };
  return {
    referrer,
    verdict: 'verified',
    reason: undefined,
    step: 'trust',
    format: 'notary',
    recorded: mkfsOptions === undefined ? {} : { mkfsOptions: [...mkfsOptions] },
    profile: 'containerd',
    layers: [{ ...signed, pkcs7: undefined, recomputed: undefined, verdict: 'verified', reason: undefined }],
    notes: [],
  };
}

/** Stand-in for a builder that builds what was signed. */
const rebuilder = {
  info: { kind: 'mkfs', class: 'C', version: '1.9.4', path: '/mkfs.erofs' } as unknown as BuilderInfo,
  mkfsClass: 'C',
  build: async () => {},
  result: () => ({ rootHash: ROOT_HASH }),
} as unknown as Rebuilder;

async function recomputed(...sets: SignatureSet[]): Promise<Map<string, string>> {
  const result = await recompute([sets], async () => rebuilder, OPTIONS);
  // The order of the referrers stays, whatever is recomputed first.
  expect(result.sets[0]?.map(({ referrer }) => referrer)).toEqual(sets.map(({ referrer }) => referrer));
  return new Map(result.sets[0]?.map(({ referrer, verdict }) => [referrer, verdict]));
}

/** Trusted sets with other options, each of which has to be built by itself. */
const strangers = Array.from({ length: 40 }, (_, index) => set(`stranger ${index}`, ['-T0', `-C${index}`]));

test('sets with default options are recomputed, wherever they stand among many others', async () => {
  for (const at of [0, 20, 40]) {
    const own = [set('own'), set('own, recorded', ['-T0', '--mkfs-time', '--sort=none'])];
    const sets = [...strangers.slice(0, at), ...own, ...strangers.slice(at)];
    const verdicts = await recomputed(...sets);
    expect([verdicts.get('own'), verdicts.get('own, recorded')]).toEqual(['verified', 'verified']);
    expect([...verdicts.values()]).toContain('unchecked');
  }
});

test('of the others those that come first are recomputed', async () => {
  const verdicts = await recomputed(...strangers);
  const built = strangers.filter(({ referrer }) => verdicts.get(referrer) === 'verified');
  expect(built.length).toBeGreaterThan(0);
  expect(built).toEqual(strangers.slice(0, built.length));
});

/** A set of tardev, which records nothing. */
const recordless = (rootHash = ROOT_HASH): SignatureSet => {
  const one = set('recordless');
  const layers = one.layers.map((signed) => ({ ...signed, rootHash }));
  return { ...one, format: 'tardev', profile: undefined, layers };
};

async function built(...sets: SignatureSet[]): Promise<{ recipes: string[]; sets: SignatureSet[] }> {
  const recipes = new Set<string>();
  const build: Rebuilder['build'] = async (wanted) => {
    for (const { recipe } of wanted) recipes.add(recipe.profile);
  };
  const result = await recompute([sets], async () => ({ ...rebuilder, build }) as Rebuilder, OPTIONS);
  return { recipes: [...recipes], sets: result.sets[0] ?? [] };
}

test('a set that records nothing is not built by every recipe if another one with its root hashes is right', async () => {
  const both = await built(recordless(), set('recorded'));
  expect(both.recipes).toEqual(['containerd']);
  expect(both.sets.map(({ verdict, profile, step }) => [verdict, profile, step])).toEqual([
    ['verified', 'containerd', 'recompute'],
    ['verified', 'containerd', 'recompute'],
  ]);
  expect(both.sets[0]?.layers[0]?.recomputed).toBe(ROOT_HASH);
});

test('alone it is built by every recipe', async () => {
  expect((await built(recordless())).recipes).toEqual([...PROFILE_NAMES]);
});
