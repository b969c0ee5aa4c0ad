import { expect, test } from '@jest/globals';
import { chooseSet } from '../../../../src/commands/preflight/read-signatures.ts';
import type { SignatureSet } from '../../../../src/commands/verify/layers/evaluate-referrer.ts';

function set(referrer: string, more: Partial<SignatureSet> = {}): SignatureSet {
  return {
    referrer,
    verdict: 'verified',
    reason: undefined,
    step: 'trust',
    format: 'notary',
    recorded: { profile: 'containerd', class: 'C' },
    profile: 'containerd',
    layers: [{} as SignatureSet['layers'][number]],
    notes: [],
    ...more,
  };
}
const chosen = (sets: SignatureSet[], classes?: 'A'[]): string | undefined =>
  chooseSet(sets, { profile: 'containerd', classes })?.referrer;
const ofClass = (name: 'A' | 'B' | 'C') => ({ recorded: { profile: 'containerd', class: name } }) as const;

test('a trusted set comes before all others, wherever it is in the list', () => {
  const strangers = [set('a', { verdict: 'not-trusted' }), set('b', { verdict: 'invalid' })];
  expect(chosen([...strangers, set('own', ofClass('A'))])).toBe('own');
  expect(chosen(strangers)).toBe('a');
});

test('of several trusted sets that of the wanted class, else that of the newest', () => {
  const sets = [set('a', ofClass('A')), set('c', ofClass('C')), set('b', ofClass('B'))];
  expect(chosen(sets)).toBe('c');
  expect(chosen(sets, ['A'])).toBe('a');
});

test('of equal ones the first in the list', () => {
  expect(chosen([set('first'), set('second')])).toBe('first');
});

test('a set that records no profile is taken if none names it', () => {
  const unnamed = set('tardev', { profile: undefined, recorded: {}, format: 'tardev' });
  expect(chosen([unnamed, set('own', ofClass('A'))])).toBe('own');
  expect(chosen([unnamed])).toBe('tardev');
});

test('sets of other profiles, and those that are not for the image, are none', () => {
  expect(
    chosen([set('other', { profile: 'containerd-cache' }), set('broken', { layers: [] })]),
  ).toBeUndefined();
});
