import { describe, expect, test } from '@jest/globals';
import type { SignatureSet } from '../../../../../src/commands/verify/layers/evaluate-referrer.ts';
import { type Demands, platformOutcome } from '../../../../../src/commands/verify/layers/layer-verdict.ts';
import type { ProfileName } from '../../../../../src/model/index.ts';

const descriptor = { mediaType: 'x', digest: `sha256:${'1'.repeat(64)}`, size: 1 };
const layer = {
  index: 0,
  descriptor,
  format: 'tar' as const,
  compression: 'gzip' as const,
  diffId: descriptor.digest,
};
const image = { layers: [layer] };

function set(changes: Partial<SignatureSet> = {}, rootHash = 'a'.repeat(64)): SignatureSet {
  const signed = {
    layer,
    rootHash,
    signatureDigest: '',
    signer: undefined,
    path: [],
    pkcs7: undefined,
    recomputed: undefined,
  };
  return {
    referrer: `sha256:${'2'.repeat(64)}`,
    verdict: 'verified',
    reason: undefined,
    step: 'trust',
    format: 'notary',
    recorded: {},
    profile: 'containerd',
    layers: [{ ...signed, verdict: 'verified', reason: undefined }],
    notes: [],
    ...changes,
  };
}

const broken = set({ verdict: 'invalid', step: 'structure', profile: undefined, reason: 'broken' });
const untrusted = set({ verdict: 'not-trusted', step: 'trust', reason: 'untrusted' });
const different = set({ verdict: 'invalid', step: 'recompute', reason: 'different' });
const outOfReach = set({ verdict: 'unchecked', step: 'read', profile: undefined, reason: 'out of reach' });

function judge(sets: SignatureSet[], demands: Partial<Demands> = {}) {
  return platformOutcome(image, sets, {
    profiles: ['containerd'],
    recompute: true,
    strict: false,
    ...demands,
  });
}

describe('one profile', () => {
  test.each<[string, SignatureSet[], string, string]>([
    ['no referrer', [], 'not-signed', 'no dm-verity signatures are attached'],
    [
      'one for another profile',
      [set({ profile: 'containerd-cache' })],
      'not-signed',
      'only for containerd-cache',
    ],
    ['a broken one', [broken], 'invalid', 'broken'],
    ['an untrusted one', [untrusted], 'not-trusted', 'untrusted'],
    ['one that differs', [different], 'invalid', 'different'],
    ['the one that came furthest gives the reason', [broken, untrusted], 'not-trusted', 'untrusted'],
    ['the one that came furthest, again', [untrusted, different, broken], 'invalid', 'different'],
    ['one out of reach might have been good', [different, outOfReach], 'unchecked', 'out of reach'],
  ])('%s', (_what, sets, verdict, reason) => {
    expect(judge(sets)).toMatchObject({ verdict, reason: expect.stringContaining(reason) });
  });

  test('one good set suffices, unless strict', () => {
    const sets = [broken, set(), untrusted, outOfReach];
    expect(judge(sets)).toMatchObject({ verdict: 'verified', reason: undefined });
    expect(judge(sets).profiles[0]?.good).toBe(sets[1]);
    expect(judge(sets, { strict: true })).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringMatching(/^strict: .*: broken$/),
    });
    expect(judge([set(), set()], { strict: true })).toMatchObject({ verdict: 'verified' });
  });

  test('of several good sets the first in the order of the referrers is named', () => {
    const [a, b, c] = [set(), set(), set({ profile: undefined })];
    for (const sets of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
      [broken, b, untrusted, a],
    ]) {
      const good = sets.filter(({ verdict }) => verdict === 'verified');
      expect(judge(sets).profiles[0]?.good).toBe(good[0]);
    }
    // A set for another profile is none of them.
    expect(judge([set({ profile: 'containerd-cache' }), b]).profiles[0]?.good).toBe(b);
  });

  test('of sets that came equally far the first gives the reason, wherever the others stand', () => {
    const other = { ...untrusted, reason: 'untrusted too' };
    expect(judge([untrusted, other]).reason).toContain(': untrusted');
    expect(judge([other, broken, untrusted]).reason).toContain(': untrusted too');
    for (const sets of [
      [broken, untrusted, different],
      [different, broken, untrusted],
      [untrusted, different, broken],
    ]) {
      expect(judge(sets)).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining('different') });
    }
    const unread = { ...outOfReach, reason: 'out of reach too' };
    expect(judge([different, unread, outOfReach]).reason).toContain('out of reach too');
  });

  test('one that tells no profile counts for any', () => {
    expect(judge([set({ profile: undefined })], { recompute: false })).toMatchObject({ verdict: 'verified' });
  });

  test('no layers: nothing is signed', () => {
    const demands = { profiles: ['containerd'] as ProfileName[], recompute: false, strict: false };
    expect(platformOutcome({ layers: [] }, [set({ layers: [] })], demands)).toMatchObject({
      verdict: 'not-signed',
    });
  });
});

test('several profiles: each needs its own', () => {
  const profiles: ProfileName[] = ['containerd', 'containerd-cache'];
  expect(judge([set()], { profiles })).toMatchObject({
    verdict: 'not-signed',
    reason: 'profile containerd-cache: there are signatures only for containerd',
    profiles: [{ verdict: 'verified' }, { verdict: 'not-signed' }],
  });
  expect(judge([set(), set({ profile: 'containerd-cache' })], { profiles })).toMatchObject({
    verdict: 'verified',
  });
});

describe('two trusted sets that disagree', () => {
  const other = set({}, 'b'.repeat(64));

  test('without building: neither is believed', () => {
    expect(judge([set(), other], { recompute: false })).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('disagree'),
    });
  });

  test('after building: those that verified are right, and the first counts', () => {
    const sets = [set(), other];
    const outcome = judge(sets, { recompute: true });
    expect(outcome).toMatchObject({ verdict: 'verified', reason: undefined });
    expect(outcome.profiles[0]?.good).toBe(sets[0]);
  });

  test('but for different classes or options both may be right', () => {
    for (const recorded of [{ class: 'A' as const }, { mkfsOptions: ['-T0'] }]) {
      expect(judge([set(), { ...other, recorded }], { recompute: false })).toMatchObject({
        verdict: 'verified',
      });
    }
  });
});
