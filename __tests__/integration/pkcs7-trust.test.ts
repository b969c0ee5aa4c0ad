import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import { buildTrustPath, loadTrustAnchors, type TrustOptions } from '../../src/signatures/pkcs7/trust.ts';
import { type Certificate, readCertificate } from '../../src/signatures/x509/certificate.ts';
import { type Pki, pki } from '../helpers/pki.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

let keys: Pki;

beforeAll(async () => {
  keys = await pki();
});

async function certificates(name: string, full = false): Promise<Certificate[]> {
  const { chainPath, fullChainPath } = keys.leaf(name);
  return loadTrustAnchors(await readFile(full ? fullChainPath : chainPath)).map(readCertificate);
}

async function anchor(name: string): Promise<Uint8Array> {
  const [der] = loadTrustAnchors(await readFile(keys.leaf(name).certPath));
  if (der === undefined) throw new Error('no certificate');
  return der;
}

async function path(
  name: string,
  anchors: string[],
  at = NOW,
  options: TrustOptions = {},
): Promise<string[]> {
  const ders = await Promise.all(anchors.map(anchor));
  return buildTrustPath(await certificates(name), ders, at, options).map(
    ({ subject }) => subject.split(/[=,]/)[1] ?? '',
  );
}

describe('a path is found', () => {
  test.each<[string, string[], string[]]>([
    ['p256', ['root'], ['p256', 'root']],
    ['chained', ['root'], ['chained', 'issuing', 'intermediate', 'root']],
    ['chained', ['intermediate'], ['chained', 'issuing', 'intermediate']],
    ['chained', ['chained'], ['chained']],
    ['chained', ['rogue', 'ecroot', 'root'], ['chained', 'issuing', 'intermediate', 'root']],
    ['selfSigned', ['selfSigned'], ['selfSigned']],
    ['p384', ['root', 'ecroot'], ['p384', 'ecroot']],
  ])('%s with trust in %j', async (name, anchors, expected) => {
    expect(await path(name, anchors)).toEqual(expected);
  });

  test('when the root is embedded too', async () => {
    const found = buildTrustPath(await certificates('chained', true), [await anchor('root')], NOW);
    expect(found).toHaveLength(4);
  });
});

describe('no path', () => {
  test.each<[string, string[], RegExp]>([
    ['p256', [], /does not lead to any trusted certificate/],
    ['p256', ['ecroot', 'rogue', 'p384'], /does not lead to any trusted certificate/],
    ['selfSigned', ['root'], /does not lead to any trusted certificate/],
    ['underNoCa', ['root'], /"CN=noCa,.*is not a CA certificate/],
    ['underTooDeep', ['root'], /"CN=issuing,.*allows at most 0 CA certificates below it.*there are 1/],
    ['encipherOnly', ['root'], /keyUsage lacks digitalSignature/],
    ['oddCritical', ['root'], /critical extension that is not understood \(1\.3\.6\.1\.4\.1\.55555\.1\)/],
    ['sha1', ['root'], /signed with SHA-1/],
    ['rsa1024', ['root'], /RSA key of 1024 bits/],
    ['intermediate', ['root'], /keyUsage lacks digitalSignature/],
  ])('from %s to %j', async (name, anchors, reason) => {
    const error = await path(name, anchors).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VeritySignError);
    expect(error).toMatchObject({ code: 'key', message: expect.stringMatching(reason) });
  });

  test('a self-signed root that is embedded but not trusted changes nothing', async () => {
    const full = await certificates('chained', true);
    const rogue = await anchor('rogue');
    expect(() => buildTrustPath(full, [rogue], NOW)).toThrow(/does not lead/);
  });
});

test('fault 43: an expired signer is refused at verification unless expired ones are allowed', async () => {
  await expect(path('expired', ['root'])).rejects.toThrow(/expired on 2021-01-01T00:00:00/);
  expect(await path('expired', ['root'], NOW, { allowExpired: true })).toEqual(['expired', 'root']);
  expect(await path('expired', ['expired'], NOW, { allowExpired: true })).toEqual(['expired']);
});

test('fault 43: a signer that is not yet valid is refused whatever is allowed', async () => {
  await expect(path('notYetValid', ['root'])).rejects.toThrow(/not valid before 2060-01-01T00:00:00/);
  await expect(path('notYetValid', ['root'], NOW, { allowExpired: true })).rejects.toThrow(
    /not valid before/,
  );
});

test('an expired anchor does not hide a valid one', async () => {
  const late = new Date('2056-01-01T00:00:00Z');
  await expect(path('p256', ['root'], late)).rejects.toThrow(/expired/);
  expect(await path('chained', ['rogue', 'root', 'chained'])).toEqual(['chained']);
});
