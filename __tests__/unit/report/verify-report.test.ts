import { expect, test } from '@jest/globals';
import { renderVerifyReport } from '../../../src/report/verify-report.ts';
import { verifyReport } from '../../helpers/verify-reports.ts';

test('a report is an array in the order of the images', () => {
  const reports = [
    verifyReport(),
    verifyReport({ verdict: 'unchecked', reason: 'no answer', image: { reference: 'b:1' } }),
  ];
  expect(JSON.parse(renderVerifyReport(reports))).toEqual(JSON.parse(JSON.stringify(reports)));
});
