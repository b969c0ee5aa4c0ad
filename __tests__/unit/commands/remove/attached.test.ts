import { describe, expect, test } from '@jest/globals';
import { type Attached, choose } from '../../../../src/commands/remove/attached.ts';
import type { Certificate } from '../../../../src/signatures/x509/certificate.ts';

const signer = (fingerprint: string): Certificate => ({ fingerprint }) as unknown as Certificate;
const descriptor = (digest: string) => ({ mediaType: 'application/json', digest, size: 1 });

let made = 0;
function attached(by: string[], more: Partial<Attached> = {}): Attached {
  return {
    kind: 'layers',
    subject: descriptor('sha256:image'),
    platform: undefined,
    descriptor: descriptor(`sha256:signature-${made++}`),
    profile: 'containerd',
    signers: by.map(signer),
    holdsFor: ['layer-1 root-1', 'layer-2 root-2'],
    fault: undefined,
    ...more,
  };
}

const last = (all: Attached[], profiles: string[] = []): boolean[] =>
  choose(all, 'old', profiles).chosen.map(({ lastGood }) => lastGood);

describe('the last good signature', () => {
  test('is one beside which nothing stays', () => {
    expect(last([attached(['old'])])).toEqual([true]);
  });

  test('is not one beside a good one of another signer', () => {
    expect(last([attached(['old']), attached(['new'])])).toEqual([false]);
  });

  test.each<[string, Partial<Attached>]>([
    ['is not valid now', { fault: 'the certificate expired' }],
    ['is of another image', { subject: descriptor('sha256:other') }],
    ['is over other root hashes', { holdsFor: ['layer-1 root-1', 'layer-2 other'] }],
    ['lacks a layer', { holdsFor: ['layer-1 root-1'] }],
    ['is of a manifest', { kind: 'manifest' }],
    ['cannot be read', { holdsFor: [], fault: 'damaged' }],
  ])('is one beside another that %s', (_what, more) => {
    expect(last([attached(['old']), attached(['new'], more)])).toEqual([true]);
  });

  test('may be one whose certificate has expired: a kernel checks no dates', () => {
    expect(last([attached(['old'], { fault: 'the certificate expired' })])).toEqual([true]);
  });

  test('is none that does not hold', () => {
    expect(last([attached(['old'], { holdsFor: [], fault: 'damaged' })])).toEqual([false]);
  });

  test('another one of the same signer that goes too does not count', () => {
    expect(last([attached(['old']), attached(['old'])])).toEqual([true, true]);
  });

  test('one of the same signer that stays counts', () => {
    const all = [attached(['old']), attached(['old'], { profile: 'containerd-cache' })];
    expect(last(all, ['containerd'])).toEqual([false]);
  });
});

describe('the choice', () => {
  test('is of one signer, also in sets of several', () => {
    const all = [attached(['old', 'new']), attached(['new']), attached([])];
    const { chosen, staying } = choose(all, 'old', []);
    expect(chosen.map((one) => one.attached)).toEqual([all[0]]);
    expect(staying).toEqual([all[1], all[2]]);
  });

  test('by profile has no manifest signatures', () => {
    const all = [
      attached(['old']),
      attached(['old'], { kind: 'manifest', profile: undefined }),
      attached(['old'], { profile: undefined }),
    ];
    expect(choose(all, 'old', ['containerd']).chosen).toHaveLength(1);
  });
});
