import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { VeritySignError } from '../../../../src/errors.ts';
import type { RawSignature } from '../../../../src/model/signing.ts';
import { buildPkcs7 } from '../../../../src/signatures/pkcs7/build.ts';
import { parsePkcs7 } from '../../../../src/signatures/pkcs7/parse.ts';
import { chainFromDer, trustedEnd } from '../../../../src/signatures/pkcs7/signing-chain.ts';
import {
  CA_EXTENSIONS,
  extension,
  issuerKeyId,
  keyId,
  sequence,
  type Written,
  writeCertificate,
} from '../../../helpers/der-pki.ts';

/** What a key of the keyring holds: measured with add_key, and in the kernel tests. */
const KERNEL_LIMIT = 32_767;
const ROOT_HASH = '0f'.repeat(32);
const REMEDY = /^Have the signing certificate issued by a CA nearer to the root/;

function refusal(action: () => unknown): VeritySignError {
  try {
    action();
  } catch (error) {
    return error as VeritySignError;
  }
  throw new Error('was accepted');
}

const root = writeCertificate({ subject: 'root', extensions: CA_EXTENSIONS });

describe.each([
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'ecdsa-der'],
  ['RSA-4096', generateKeyPairSync('rsa', { modulusLength: 4096 }), 'rsa-pkcs1-v1_5'],
] satisfies [string, unknown, RawSignature['scheme']][])(
  'the size of a signature by %s',
  (_name, keys, scheme) => {
    /** A signing certificate with so many bytes in an extension that says nothing. */
    const padded = (bytes: number): Written =>
      writeCertificate({
        subject: 'leaf',
        issuer: root,
        keys,
        extensions: [extension('1.3.6.1.4.1.99999.1', Buffer.alloc(bytes))],
      });

    test('a chain is refused before work if the kernel could not take its signatures', () => {
      let accepted = { bytes: 1000, chain: chainFromDer([padded(1000).certificate.der]) };
      let refused = { bytes: KERNEL_LIMIT, error: new Error('not tried') };
      while (refused.bytes - accepted.bytes > 1) {
        const bytes = Math.floor((accepted.bytes + refused.bytes) / 2);
        try {
          accepted = { bytes, chain: chainFromDer([padded(bytes).certificate.der, root.certificate.der]) };
        } catch (error) {
          refused = { bytes, error: error as VeritySignError };
        }
      }
      const { chain } = accepted;
      const value = sign('sha256', Buffer.from(ROOT_HASH), {
        key: keys.privateKey,
        padding: constants.RSA_PKCS1_PADDING,
      });
      const pkcs7 = buildPkcs7({
        signature: { scheme, digest: 'sha256', value },
        chain,
        rootHash: ROOT_HASH,
      });
      expect(pkcs7.length).toBeLessThanOrEqual(KERNEL_LIMIT);
      expect(pkcs7.length).toBeGreaterThan(KERNEL_LIMIT - 640);
      expect(parsePkcs7(pkcs7).certificates).toHaveLength(1);

      expect(refused.error).toMatchObject({
        code: 'key',
        message: expect.stringMatching(
          /^the certificate chain has 32\d{3} bytes below its root, and the kernel/,
        ),
        remedy: expect.stringMatching(REMEDY),
      });
    });
  },
);

describe('a certificate whose issuer the kernel cannot find', () => {
  const id = Uint8Array.of(1);
  const below = (issuer: Written, ...extensions: Uint8Array[]) =>
    writeCertificate({ subject: 'leaf', issuer, extensions });
  const known = writeCertificate({ subject: 'root', extensions: [...CA_EXTENSIONS, keyId(id)] });

  test.each<[string, Written[], RegExp | undefined]>([
    ['names the key', [below(known, issuerKeyId(id)), known], undefined],
    ['names the key, and the root is not given', [below(known, issuerKeyId(id))], undefined],
    ['names nothing', [below(known), known], /"CN=leaf" has no authorityKeyIdentifier: the kernel cannot/],
    [
      'has an empty authorityKeyIdentifier',
      [below(known, extension('2.5.29.35', sequence())), known],
      /without a key and without a name and serial number: the kernel cannot find/,
    ],
    [
      'names a key, and the root has no identifier',
      [below(root, issuerKeyId(id)), root],
      /does not name the certificate "CN=root" by its identifiers: the kernel cannot find/,
    ],
  ])('%s', (_what, chain, warning) => {
    const { warnings, ...loaded } = chainFromDer(chain.map(({ certificate }) => certificate.der));
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
    const end = warning === undefined ? chain.length - 1 : 0;
    expect(trustedEnd({ ...loaded, warnings })).toBe(chain[end]?.certificate);
  });

  test('a chain is refused in which it would find another one', () => {
    const upper = writeCertificate({
      subject: 'upper',
      issuer: known,
      extensions: [...CA_EXTENSIONS, keyId(Uint8Array.of(2)), issuerKeyId(id)],
    });
    const lower = writeCertificate({
      subject: 'lower',
      issuer: upper,
      extensions: [...CA_EXTENSIONS, issuerKeyId(Uint8Array.of(2))],
    });
    const leaf = below(lower, issuerKeyId(Uint8Array.of(2)));
    const ders = [leaf, lower, upper].map(({ certificate }) => certificate.der);
    expect(() => chainFromDer(ders)).toThrow(
      /has a certificate "CN=leaf" that names the certificate "CN=upper" as its issuer/,
    );
  });
});

test('a chain of 16 certificates below its root is accepted, one of 17 is refused', () => {
  const authorities: Written[] = [root];
  for (let count = 0; count < 16; count++) {
    const issuer = authorities.at(-1);
    if (issuer === undefined) throw new Error('no issuer');
    authorities.push(writeCertificate({ subject: `CA ${count}`, issuer, extensions: CA_EXTENSIONS }));
  }
  const chainBelow = (count: number) => {
    const issuers = authorities.slice(0, count);
    const [issuer] = issuers.slice(-1);
    if (issuer === undefined) throw new Error('no issuer');
    const leaf = writeCertificate({ subject: 'leaf', issuer });
    return [leaf, ...issuers.reverse()].map(({ certificate }) => certificate.der);
  };
  expect(chainFromDer(chainBelow(16)).intermediates).toHaveLength(15);
  const { code, message, remedy } = refusal(() => chainFromDer(chainBelow(17)));
  expect([code, message]).toEqual([
    'key',
    'the certificate chain has 17 certificates below its root; a signature carries at most 16',
  ]);
  expect(remedy).toMatch(REMEDY);
});
