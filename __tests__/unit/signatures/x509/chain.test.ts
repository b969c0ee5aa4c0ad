import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { encode } from '../../../../src/signatures/x509/asn1/encode.ts';
import type { Certificate } from '../../../../src/signatures/x509/certificate.ts';
import {
  brokenLink,
  followIssuers,
  hasIssued,
  keyIdentifiersMatch,
  pathsToAnchors,
  sameChain,
} from '../../../../src/signatures/x509/chain.ts';
import {
  CA_EXTENSIONS,
  extension,
  sequence,
  type Written,
  writeCertificate,
} from '../../../helpers/der-pki.ts';

const ca = (subject: string, issuer?: Written, serial = 1) =>
  writeCertificate({ subject, ...(issuer && { issuer }), serial: [serial], extensions: CA_EXTENSIONS });

const root = ca('root');
const middle = ca('middle', root);
const { certificate: leaf } = writeCertificate({ subject: 'leaf', issuer: middle });
const twin = ca('root');
const whole = [leaf, middle.certificate, root.certificate];
const names = (chain: readonly Certificate[]) => chain.map(({ subject }) => subject.replace('CN=', ''));

test('the issuer has the name and the key', () => {
  expect(hasIssued(root.certificate, middle.certificate)).toBe(true);
  expect(hasIssued(root.certificate, root.certificate)).toBe(true);
  expect(hasIssued(twin.certificate, middle.certificate)).toBe(false);
  expect(hasIssued(root.certificate, leaf)).toBe(false);
});

test('key identifiers match unless both are there and differ', () => {
  const subjectId = (id: number) => extension('2.5.29.14', encode(0x04, Uint8Array.of(id)));
  const issuerId = (id: number) => extension('2.5.29.35', sequence(encode(0x80, Uint8Array.of(id))));
  const one = writeCertificate({ subject: 'x', extensions: [subjectId(1)] }).certificate;
  const by = (...extensions: Uint8Array[]) => writeCertificate({ subject: 'y', extensions }).certificate;
  expect(keyIdentifiersMatch(one, by(issuerId(1)))).toBe(true);
  expect(keyIdentifiersMatch(one, by(issuerId(2)))).toBe(false);
  expect(keyIdentifiersMatch(one, by())).toBe(true);
  expect(keyIdentifiersMatch(by(), by(issuerId(2)))).toBe(true);
});

test.each<[string, Certificate[], number | undefined]>([
  ['a chain', whole, undefined],
  ['nothing', [], undefined],
  ['a chain without its root', whole.slice(0, 2), undefined],
  ['a gap', [leaf, root.certificate], 0],
  ['another root', [leaf, middle.certificate, twin.certificate], 1],
  ['something after the root', [...whole, root.certificate], 2],
])('broken link of %s', (_what, chain, expected) => {
  expect(brokenLink(chain)).toBe(expected);
});

test('sameChain', () => {
  const ders = whole.map(({ der }) => der);
  expect(
    sameChain(
      ders,
      ders.map((der) => Uint8Array.from(der)),
    ),
  ).toBe(true);
  expect(sameChain(ders, ders.slice(0, 2))).toBe(false);
  expect(sameChain(ders.slice(0, 2), ders)).toBe(false);
  expect(sameChain(ders, ders.toReversed())).toBe(false);
  expect(sameChain([], [])).toBe(true);
});

describe('issuers are followed', () => {
  test('whatever their order, until there is none', () => {
    const others = [root.certificate, twin.certificate, leaf, middle.certificate];
    expect(names(followIssuers(leaf, others))).toEqual(['leaf', 'middle', 'root']);
    expect(names(followIssuers(leaf, [root.certificate]))).toEqual(['leaf']);
  });

  test('of a root and its cross-certificate the root is chosen', () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = writeCertificate({ subject: 'new', keys, extensions: CA_EXTENSIONS });
    const cross = writeCertificate({ subject: 'new', keys, issuer: root, extensions: CA_EXTENSIONS });
    const { certificate } = writeCertificate({ subject: 'x', issuer: own });
    for (const others of [
      [cross.certificate, own.certificate],
      [own.certificate, cross.certificate],
    ]) {
      expect(followIssuers(certificate, others)).toEqual([certificate, own.certificate]);
    }
  });

  test('two that issue each other do not make it run forever', () => {
    const [a, b] = ['a', 'b'].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    if (a === undefined || b === undefined) throw new Error('no keys');
    const first = writeCertificate({ subject: 'a', keys: a });
    const second = writeCertificate({ subject: 'b', keys: b });
    const ab = writeCertificate({ subject: 'a', keys: a, issuer: second }).certificate;
    const ba = writeCertificate({ subject: 'b', keys: b, issuer: first }).certificate;
    expect(names(followIssuers(ab, [ab, ba]))).toEqual(['a', 'b']);
    expect([...pathsToAnchors(ab, [ab, ba], [root.certificate])]).toEqual([]);
  });
});

describe('paths to anchors', () => {
  const paths = (others: Certificate[], anchors: Certificate[], maxLength?: number) =>
    [...pathsToAnchors(leaf, others, anchors, maxLength === undefined ? {} : { maxLength })].map(names);

  test('end at each anchor, the nearest first', () => {
    const others = [middle.certificate, root.certificate];
    expect(paths(others, [root.certificate, leaf, middle.certificate])).toEqual([
      ['leaf'],
      ['leaf', 'middle'],
      ['leaf', 'middle'],
      ['leaf', 'middle', 'root'],
      ['leaf', 'middle', 'root'],
    ]);
    expect(paths(others, [twin.certificate])).toEqual([]);
  });

  test('are not longer than allowed', () => {
    expect(paths([middle.certificate], [root.certificate], 1)).toEqual([]);
    expect(paths([middle.certificate], [root.certificate], 2)).toEqual([['leaf', 'middle', 'root']]);
  });

  test('many certificates that seem to issue each other take no time', () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const issuer = writeCertificate({ subject: 'x', keys });
    const others = Array.from(
      { length: 16 },
      (_, serial) => writeCertificate({ subject: 'x', keys, issuer, serial: [serial + 1] }).certificate,
    );
    const { certificate } = writeCertificate({ subject: 'y', issuer });
    const started = performance.now();
    expect([...pathsToAnchors(certificate, others, [root.certificate])]).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
