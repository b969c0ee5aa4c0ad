import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { findPrivateKey } from '../../../../../src/signatures/signers/file/pem.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const cut = privateKey.slice(0, privateKey.indexOf('-----END'));

test.each([
  ['in the last line', privateKey.slice(0, -8)],
  ['before it', cut],
])('a key that was cut off %s is called that', (_where, text) => {
  expect(() => findPrivateKey(text)).toThrow('has a PRIVATE KEY block without an end: it was cut off');
});

test('a whole key beside one that was cut off counts', () => {
  expect(findPrivateKey(`${cut}\n${privateKey}`).pem).toBe(privateKey);
});
