import { expect, test } from '@jest/globals';
import { candidateIn } from '../../../../src/tools/install/apt.ts';

test.each([
  ['erofs-utils:\n  Installed: (none)\n  Candidate: 1.7.1-1build1\n  Version table:\n', '1.7.1'],
  ['erofs-utils:\n  Installed: 1.5-1\n  Candidate: 1:1.9.4+ds1-2ubuntu0.1\n', '1.9.4'],
  ['erofs-utils:\n  Installed: (none)\n  Candidate: 1.8.10\n', '1.8.10'],
  ['erofs-utils:\n  Installed: (none)\n  Candidate: (none)\n', undefined],
  ['', undefined],
])("apt's candidate in %j", (text, expected) => {
  expect(candidateIn(text)).toBe(expected);
});
