import { expect, test } from '@jest/globals';
import { failureLines, overallVerdict } from '../../../../../src/frontend/render/verify/verdict.ts';
import { verifyReport } from '../../../../helpers/verify-reports.ts';

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
