import { expect, test } from '@jest/globals';
import { encode } from '../../../../src/signatures/x509/asn1/encode.ts';
import { criticalExtensionViolation } from '../../../../src/signatures/x509/extensions.ts';
import { uri } from '../../../helpers/chain-writer.ts';
import { extension, sequence, writeCertificate } from '../../../helpers/der-pki.ts';

const POINTS = sequence(sequence(encode(0xa0, encode(0xa0, uri('http://example.org/crl')))));

test.each<[string, string, Uint8Array, string | undefined]>([
  ['keyUsage', '2.5.29.15', encode(0x03, Uint8Array.of(7, 0x80)), undefined],
  [
    'one that nothing here knows',
    '1.2.3.4.5',
    encode(0x05),
    'has a critical extension that is not understood (1.2.3.4.5)',
  ],
  [
    'revocation lists, which only some checks read',
    '2.5.29.31',
    POINTS,
    'has critical cRLDistributionPoints (2.5.29.31), which demand a revocation list before each use',
  ],
])('a critical extension: %s', (_what, id, value, reason) => {
  const violation = (critical: boolean) =>
    criticalExtensionViolation(
      writeCertificate({ subject: 'leaf', extensions: [extension(id, value, critical)] }).certificate,
    );
  expect([violation(true), violation(false)]).toEqual([reason, undefined]);
});
