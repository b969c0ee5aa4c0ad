import { createHash, createPublicKey, generateKeyPairSync, publicDecrypt, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../../../src/errors.ts';
import type { KeySpec, Purpose } from '../../../../../../src/model/signing.ts';
import {
  digestInfo,
  googleAlgorithm,
} from '../../../../../../src/signatures/signers/kms/google/google-algorithm.ts';

const RSA: Record<number, KeySpec> = {
  2048: { kind: 'rsa', bits: 2048, digest: 'sha256' },
  3072: { kind: 'rsa', bits: 3072, digest: 'sha384' },
  4096: { kind: 'rsa', bits: 4096, digest: 'sha512' },
};
const P256: KeySpec = { kind: 'ec', bits: 256, digest: 'sha256' };
const P384: KeySpec = { kind: 'ec', bits: 384, digest: 'sha384' };

function specOf(algorithm: string): KeySpec {
  const bits = Number(/2048|3072|4096/.exec(algorithm)?.[0]);
  const spec = algorithm.includes('P256') ? P256 : algorithm.includes('P384') ? P384 : RSA[bits];
  if (spec === undefined) throw new Error(algorithm);
  return spec;
}

/** Every signing algorithm for keys of these kinds in the reference, and what it can serve. */
const ALGORITHMS: [string, Purpose[]][] = [
  ['RSA_SIGN_PSS_2048_SHA256', ['manifest']],
  ['RSA_SIGN_PSS_3072_SHA256', []],
  ['RSA_SIGN_PSS_4096_SHA256', []],
  ['RSA_SIGN_PSS_4096_SHA512', ['manifest']],
  ['RSA_SIGN_PKCS1_2048_SHA256', ['layer']],
  ['RSA_SIGN_PKCS1_3072_SHA256', ['layer']],
  ['RSA_SIGN_PKCS1_4096_SHA256', ['layer']],
  ['RSA_SIGN_PKCS1_4096_SHA512', ['layer']],
  ['RSA_SIGN_RAW_PKCS1_2048', ['layer']],
  ['RSA_SIGN_RAW_PKCS1_3072', ['layer']],
  ['RSA_SIGN_RAW_PKCS1_4096', ['layer']],
  ['EC_SIGN_P256_SHA256', ['layer', 'manifest']],
  ['EC_SIGN_P384_SHA384', ['layer', 'manifest']],
];

describe.each(ALGORITHMS)('%s', (algorithm, purposes) => {
  test.each(['layer', 'manifest'] as const)('%s', (purpose) => {
    const read = () => googleAlgorithm(algorithm, specOf(algorithm), [purpose]);
    if (purposes.includes(purpose)) expect(read().scheme).toMatch(/^(rsa-pkcs1-v1_5|rsa-pss|ecdsa-der)$/);
    else expect(read).toThrow(VeritySignError);
  });
});

test.each([
  ['RSA_SIGN_PKCS1_2048_SHA256', RSA[4096]],
  ['EC_SIGN_P256_SHA256', P384],
  ['EC_SIGN_P256_SHA256', RSA[2048]],
  ['RSA_SIGN_RAW_PSS_2048', RSA[2048]],
  ['RSA_SIGN_RAW_PKCS1_2048_SHA256', RSA[2048]],
  ['RSA_DECRYPT_OAEP_2048_SHA256', RSA[2048]],
  ['GOOGLE_SYMMETRIC_ENCRYPTION', RSA[2048]],
  ['', P256],
])('%s is not for this key', (algorithm, spec) => {
  expect(() => googleAlgorithm(algorithm, spec ?? P256, ['layer'])).toThrow(/which cannot sign images/);
});

test.each(['sha256', 'sha384', 'sha512'] as const)(
  'what RAW keys are given for %s is what OpenSSL pads',
  (digest) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const padded = publicDecrypt(createPublicKey(privateKey), sign(digest, Buffer.from('x'), privateKey));
    expect(digestInfo(digest, createHash(digest).update('x').digest())).toEqual(padded);
  },
);
