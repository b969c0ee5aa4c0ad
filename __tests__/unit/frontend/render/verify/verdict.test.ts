import { expect, test } from '@jest/globals';
import {
  failureLines,
  overallVerdict,
  verifiedSigners,
} from '../../../../../src/frontend/render/verify/verdict.ts';
import { hex } from '../../../../helpers/reports.ts';
import {
  notTrusted,
  platformVerdict,
  signatureSet,
  verifyReport,
} from '../../../../helpers/verify-reports.ts';

test('the overall verdict is the most serious one; an image that the policy skips is no failure', () => {
  const skipped = verifyReport({ verdict: 'skipped', reason: 'the policy says skip', platforms: [] });
  expect(overallVerdict([skipped, verifyReport()])).toBe('skipped');
  expect(failureLines([skipped])).toEqual([]);
});

test('each image that did not verify has a line', () => {
  const reports = [
    verifyReport(),
    verifyReport({ verdict: 'unchecked', reason: 'no answer', image: { reference: 'b:1' } }),
  ];
  expect(overallVerdict(reports)).toBe('unchecked');
  expect(failureLines(reports)).toEqual(['b:1: COULD NOT BE CHECKED: no answer']);
});

test('signers of what verified, each once', () => {
  const [signer] = signatureSet().signers;
  if (signer === undefined) throw new Error('no signer');
  const other = { ...signer, subject: 'CN=Other', fingerprint: hex('1') };
  const report = verifyReport({
    platforms: [
      platformVerdict(),
      platformVerdict({
        signatures: [
          signatureSet(),
          signatureSet({ verdict: 'invalid', signers: [{ ...other, fingerprint: hex('2') }] }),
        ],
        manifestSignatures: [{ referrer: 'x', verdict: 'verified', signer: other, notes: [] }],
      }),
    ],
  });
  expect(verifiedSigners(report)).toEqual([signer, other]);
  expect(verifiedSigners(notTrusted())).toEqual([]);
});
