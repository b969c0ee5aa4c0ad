import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { KeySpec, RawSignature } from '../../../../src/model/signing.ts';
import { buildRequest } from '../../../../src/signatures/csr/request.ts';
import { buildSelfSigned } from '../../../../src/signatures/csr/self-signed.ts';
import { encodeSubject } from '../../../../src/signatures/csr/subject.ts';
import { chainFromDer, checkValidity } from '../../../../src/signatures/pkcs7/signing-chain.ts';
import { readDer } from '../../../../src/signatures/x509/asn1/der.ts';
import { readCertificate } from '../../../../src/signatures/x509/certificate.ts';

const NOW = new Date('2049-12-20T10:00:00.999Z');
const subject = encodeSubject('CN=release,O=Example');

/** A key whose signatures are of this form, and what it has signed. */
function held(form: Pick<RawSignature, 'scheme' | 'digest'>) {
  const isRsa = form.scheme.startsWith('rsa');
  const { privateKey } = isRsa
    ? generateKeyPairSync('rsa', { modulusLength: 3072 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed: Uint8Array[] = [];
  const dsaEncoding = form.scheme === 'ecdsa-p1363' ? ('ieee-p1363' as const) : ('der' as const);
  const spec: KeySpec = isRsa
    ? { kind: 'rsa', bits: 3072, digest: 'sha384' }
    : { kind: 'ec', bits: 256, digest: 'sha256' };
  return {
    signed,
    spec,
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
    sign: async (bytes: Uint8Array): Promise<RawSignature> => {
      signed.push(bytes);
      const key = isRsa ? { key: privateKey } : { key: privateKey, dsaEncoding };
      return { ...form, value: sign(form.digest, bytes, key) };
    },
  };
}

describe('a certificate that signs itself', () => {
  test.each([
    ['ecdsa-der', 'sha256', 1],
    ['ecdsa-p1363', 'sha256', 1],
    ['rsa-pkcs1-v1_5', 'sha384', 1],
    // The key decides the digest: the first signature shows it.
    ['rsa-pkcs1-v1_5', 'sha256', 2],
  ] as const)('by %s with %s is accepted for layers', async (scheme, digest, times) => {
    const key = held({ scheme, digest });
    const der = await buildSelfSigned(subject, key, 20, NOW);
    expect(key.signed).toHaveLength(times);
    const certificate = readCertificate(der);
    expect(certificate.selfSigned).toBe(true);
    expect(certificate.subject).toBe('CN=release,O=Example');
    const chain = chainFromDer([der]);
    expect(chain.warnings).toEqual([]);
    checkValidity(chain, NOW);
    expect(certificate.notBefore.toISOString()).toBe('2049-12-20T09:55:00.000Z');
    // Beyond the years that UTCTime has.
    expect(certificate.notAfter.toISOString()).toBe('2050-01-09T10:00:00.000Z');
    expect(certificate.extensions.subjectKeyId).toEqual(certificate.extensions.authorityKeyId);
  });

  test('has another serial number each time', async () => {
    const key = held({ scheme: 'ecdsa-der', digest: 'sha256' });
    const serials = await Promise.all(
      [1, 2].map(async () => readCertificate(await buildSelfSigned(subject, key, 1, NOW)).raw.serial),
    );
    expect(serials[0]).not.toEqual(serials[1]);
  });
});

test.each(['ecdsa-der', 'ecdsa-p1363', 'rsa-pkcs1-v1_5'] as const)(
  'a request by %s is DER',
  async (scheme) => {
    const key = held({ scheme, digest: 'sha256' });
    const der = await buildRequest(subject, key);
    expect(readDer(der).bytes).toHaveLength(der.length);
  },
);
