import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withTempFolder } from '../../../../src/lib/process/temp-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'temp-folder-test-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

test('the folder is private whatever the umask, and gone afterwards', async () => {
  const umask = process.umask(0o777);
  try {
    const path = await withTempFolder(parent, async (folder) => {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      writeFileSync(join(folder, 'file'), 'x');
      return folder;
    });
    expect(path.startsWith(join(parent, 'verity-sign-'))).toBe(true);
    expect(existsSync(path)).toBe(false);
  } finally {
    process.umask(umask);
  }
});

test('it is gone after an error, which comes through', async () => {
  const failure = withTempFolder(parent, async (folder) => {
    writeFileSync(join(folder, 'file'), 'x');
    throw new Error('on purpose');
  });
  await expect(failure).rejects.toThrow('on purpose');
  expect(readdirSync(parent)).toEqual([]);
});

test('a parent that is not there is named', async () => {
  const missing = join(parent, 'missing');
  await expect(withTempFolder(missing, async () => undefined)).rejects.toMatchObject({ code: 'environment' });
});
