import { expect, test } from '@jest/globals';
import { renderReport } from '../../../src/report/report.ts';
import { report } from '../../helpers/reports.ts';

test('a report is an array in the order of the images, ending in a line feed', () => {
  const text = renderReport([report(), report({ dryRun: true })]);
  expect(text.endsWith(']\n')).toBe(true);
  expect(JSON.parse(text)).toEqual([report(), report({ dryRun: true })]);
});

test('a report without items is an array, too', () => {
  expect(JSON.parse(renderReport([]))).toEqual([]);
});
