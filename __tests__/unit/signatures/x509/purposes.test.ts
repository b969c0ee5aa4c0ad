import { expect, test } from '@jest/globals';
import {
  issuerPurposeViolation,
  PURPOSE,
  signerPurposeViolation,
} from '../../../../src/signatures/x509/purposes.ts';
import { purposes } from '../../../helpers/chain-writer.ts';
import { writeCertificate } from '../../../helpers/der-pki.ts';

const withPurposes = (names: readonly string[] | undefined, critical = false) =>
  writeCertificate({ subject: 'a', extensions: names === undefined ? [] : [purposes(names, critical)] })
    .certificate;
const OTHERS = Object.keys(PURPOSE).filter((name) => name !== 'codeSigning');

test('the list of foreign purposes', () => {
  expect(OTHERS).toEqual([
    'anyExtendedKeyUsage',
    'serverAuth',
    'clientAuth',
    'emailProtection',
    'timeStamping',
    'OCSPSigning',
  ]);
});

test.each([
  [undefined, undefined],
  [['codeSigning'], undefined],
  [['1.2.3', 'codeSigning'], undefined],
  [[], 'is for no purpose (extendedKeyUsage), not for codeSigning'],
  [['1.2.3'], 'is for 1.2.3 (extendedKeyUsage), not for codeSigning'],
  ...OTHERS.flatMap((name): [string[], string][] => [
    [[name], `is for ${name} (extendedKeyUsage), not for codeSigning`],
    [['codeSigning', name], `also allows ${name} (extendedKeyUsage)`],
    [[name, 'codeSigning'], `also allows ${name} (extendedKeyUsage)`],
  ]),
])('a signer for %j', (names, reason) => {
  for (const critical of [true, false]) {
    expect(signerPurposeViolation(withPurposes(names, critical))).toBe(reason);
  }
});

test.each([
  [undefined, undefined],
  [['codeSigning'], undefined],
  [['serverAuth', 'codeSigning', 'OCSPSigning'], undefined],
  [['anyExtendedKeyUsage'], undefined],
  [[], 'is for no purpose (extendedKeyUsage), and must not issue certificates for codeSigning'],
  [
    ['serverAuth', '1.2.3'],
    'is for serverAuth, 1.2.3 (extendedKeyUsage), and must not issue certificates for codeSigning',
  ],
])('a CA for %j', (names, reason) => {
  for (const critical of [true, false]) {
    expect(issuerPurposeViolation(withPurposes(names, critical))).toBe(reason);
  }
});

test('a CA above a timestamping authority', () => {
  expect(issuerPurposeViolation(withPurposes(['timeStamping']), 'timeStamping')).toBeUndefined();
  expect(issuerPurposeViolation(withPurposes(['codeSigning']), 'timeStamping')).toMatch(/for timeStamping$/);
});
