import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { shellLine } from '../../../src/formats/shell-line.ts';

test.each([
  ['/plain/path=1'],
  ['/with blank'],
  ["/it's"],
  ['/$(touch /tmp/never)'],
  ['/`x`;|&<>*?~#!"\\'],
  ["'"],
  ['-n'],
  ['/é\u00a0ü'],
])('a shell reads %s as it is', (word) => {
  const line = shellLine(['printf', '%s\\n', '--', word]);
  expect(execFileSync('/bin/sh', ['-c', line]).toString()).toContain(`${word}\n`);
});
