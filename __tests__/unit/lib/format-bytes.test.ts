import { expect, test } from '@jest/globals';
import { formatBytes } from '../../../src/lib/format-bytes.ts';

test('bytes for people', () => {
  expect([0, 999, 1000, 81_200_000, 999_600, 5e12].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '81.2 MB',
    '1.0 MB',
    '5.0 TB',
  ]);
});
