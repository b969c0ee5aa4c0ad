import { expect, test } from '@jest/globals';
import { withCoverage } from '../../../src/report/coverage-text.ts';

const entry = { digest: 'sha256:1', reason: 'Windows image' };

test.each([
  [true, 0, 'verified'],
  [true, 1, 'verified, 1 image not covered'],
  [true, 2, 'verified, 2 images not covered'],
  [false, 0, 'layers verified; configuration not covered'],
  [false, 2, 'layers verified, 2 images not covered; configuration not covered'],
])('configuration covered: %s, uncovered images: %i', (configurationCovered, count, text) => {
  const uncovered = Array.from({ length: count }, () => entry);
  expect(withCoverage('verified', { configurationCovered, uncovered })).toBe(text);
});
