import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { link, normalizeModes, removeAll } from '../../../scripts/image/tree.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(folder, 'root-'));
});

function write(path: string, mode: number): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), '');
  chmodSync(join(root, path), mode);
}

const mode = (path: string): string => (lstatSync(join(root, path)).mode & 0o7777).toString(8);

test('modes do not depend on the umask', async () => {
  write('bin/program', 0o700);
  write('etc/text', 0o666);
  write('tmp/text', 0o600);
  chmodSync(join(root, 'etc'), 0o777);
  await link(root, 'bin/link', 'program');
  await normalizeModes(root);
  const paths = ['bin', 'bin/program', 'etc', 'etc/text', 'tmp', 'tmp/text'];
  expect(paths.map(mode)).toEqual(['755', '755', '755', '644', '1777', '644']);
});

test.each([0o4755, 0o2755])('a file with mode %i is refused', async (bits) => {
  write('bin/su', bits);
  await expect(normalizeModes(root)).rejects.toThrow('bin/su is setuid or setgid');
});

test('a special file is refused', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await expect(normalizeModes(root)).rejects.toThrow('pipe is a special file');
});

test('what a pattern names is removed with what is below it, and nothing else', async () => {
  for (const path of ['usr/share/man/man1/x.1', 'usr/share/doc/x/copyright', 'usr/share/doc/x/NEWS']) {
    write(path, 0o644);
  }
  await removeAll(root, [/^usr\/share\/man$/, /^usr\/share\/doc\/[^/]+\/(?!copyright$)[^/]+$/]);
  expect(existsSync(join(root, 'usr/share/man'))).toBe(false);
  expect(existsSync(join(root, 'usr/share/doc/x/NEWS'))).toBe(false);
  expect(existsSync(join(root, 'usr/share/doc/x/copyright'))).toBe(true);
});
