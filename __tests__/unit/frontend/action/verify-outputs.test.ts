import { expect, test } from '@jest/globals';
import { verifyOutputsOf } from '../../../../src/frontend/action/verify-outputs.ts';
import { digest, noWarning } from '../../../helpers/reports.ts';
import { verifyReport } from '../../../helpers/verify-reports.ts';

test('outputs of several images', () => {
  const reports = [
    verifyReport(),
    verifyReport({
      verdict: 'unchecked',
      reason: 'no answer',
      image: { reference: 'b:1' },
      configurationCovered: false,
    }),
  ];
  expect(verifyOutputsOf(reports, '/r.json', noWarning, true)).toEqual({
    digest: `${digest('9')}\n`,
    verdict: 'unchecked',
    'configuration-covered': 'false',
    uncovered: '[]',
    'report-path': '/r.json',
  });
});

test('a run that ended before the last image', () => {
  expect(verifyOutputsOf([verifyReport()], 'r', noWarning, false)).toMatchObject({
    verdict: 'unchecked',
    'configuration-covered': 'false',
  });
});

test('an image that the policy skips is more serious than a verified one', () => {
  const skipped = verifyReport({ verdict: 'skipped', reason: 'the policy says skip', platforms: [] });
  expect(verifyOutputsOf([skipped, verifyReport()], 'r', noWarning, true).verdict).toBe('skipped');
});
