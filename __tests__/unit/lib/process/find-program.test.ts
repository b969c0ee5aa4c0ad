import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { findProgram, isProgram, programFolders } from '../../../../src/lib/process/find-program.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const [first, second] = [join(folder, 'first'), join(folder, 'second')];
mkdirSync(join(first, 'folder'), { recursive: true });
mkdirSync(second);
for (const path of [join(first, 'data'), join(second, 'data'), join(second, 'folder')]) {
  writeFileSync(path, '#!/bin/sh\n');
}
chmodSync(join(second, 'data'), 0o755);
chmodSync(join(second, 'folder'), 0o755);
symlinkSync(join(folder, 'missing'), join(first, 'dangling'));

test('the first file of that name that may be run', () => {
  // In the first folder it has no execute permission, or is a folder.
  expect(findProgram('data', [first, second])).toBe(join(second, 'data'));
  expect(findProgram('folder', [first, second])).toBe(join(second, 'folder'));
  expect(findProgram('data', [first])).toBeUndefined();
  expect(findProgram('data', [])).toBeUndefined();
  expect(findProgram('data', [relative(process.cwd(), second)])).toBe(join(second, 'data'));
});

test('folders and dangling links are not programs', () => {
  expect(isProgram(join(second, 'data'))).toBe(true);
  for (const path of [first, join(first, 'dangling'), join(folder, 'missing')]) {
    expect(isProgram(path)).toBe(false);
  }
});

test('the folders of PATH come before those of the system, and relative ones are left out', () => {
  const before = process.env.PATH;
  try {
    process.env.PATH = '/opt/tools/bin:.:bin::/usr/bin';
    const folders = programFolders();
    expect(folders.slice(0, 2)).toEqual(['/opt/tools/bin', '/usr/bin']);
    expect(folders).toContain('/usr/sbin');
    expect(folders.filter((folder) => !folder.startsWith('/'))).toEqual([]);
    delete process.env.PATH;
    expect(programFolders()).toContain('/usr/bin');
  } finally {
    process.env.PATH = before;
  }
});
