import { expect, test } from '@jest/globals';
import { progressLine } from '../../../../src/frontend/output/progress-line.ts';
import { digest } from '../../../helpers/reports.ts';

const task = `layer 3 (${digest('a')})`;

test('says how much is done, with a short digest', () => {
  expect(progressLine(task, 33_100_000, 81_200_000)).toBe('layer 3 (sha256:aaaaaaaaaaaa…): 40 % of 81.2 MB');
  expect(progressLine('layer 3', 33_100_000, undefined)).toBe('layer 3: 33.1 MB');
});

test('a narrow line cuts the name of the task, never the amount', () => {
  expect(progressLine(task, 33_100_000, 81_200_000, 39)).toBe('layer 3 (sha256:aaaaa…: 40 % of 81.2 MB');
  expect(progressLine(task, 33_100_000, 81_200_000, 20)).toBe('40 % of 81.2 MB');
  expect(progressLine(task, 33_100_000, 81_200_000, 10)).toBe('40 % of 8…');
});
