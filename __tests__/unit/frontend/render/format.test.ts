import { expect, test } from '@jest/globals';
import { count, formatSeconds, shortDigest, shortDigests } from '../../../../src/frontend/render/format.ts';
import { digest } from '../../../helpers/reports.ts';

test('numbers for people', () => {
  expect([0.04, 3.21, 9.97, 75.4].map(formatSeconds)).toEqual(['0.0 s', '3.2 s', '10 s', '75 s']);
  expect(shortDigest(digest('a'))).toBe(`sha256:${'a'.repeat(12)}…`);
  expect(shortDigest('latest')).toBe('latest');
  expect([0, 1, 2].map((number) => count(number, 'layer'))).toEqual(['0 layers', '1 layer', '2 layers']);
});

test('digests in a text are shortened; other words are not', () => {
  const text = `a/b@${digest('a')} ${'0'.repeat(64)} (SHA-256 ${'f'.repeat(64)}) ${'e'.repeat(63)} x${'1'.repeat(64)}`;
  expect(shortDigests(text)).toBe(
    `a/b@sha256:${'a'.repeat(12)}… ${'0'.repeat(12)}… (SHA-256 ${'f'.repeat(12)}…) ${'e'.repeat(63)} x${'1'.repeat(64)}`,
  );
});
