import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder for the tests of one file, removed after them. Others may enter it. */
export function testFolder(mode?: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'verity-sign-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  if (mode !== undefined) chmodSync(folder, mode);
  return folder;
}
