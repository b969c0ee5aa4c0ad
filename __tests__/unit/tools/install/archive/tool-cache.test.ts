import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '../../../../../src/logger.ts';
import type { Archive } from '../../../../../src/tools/install/archive/archive.ts';
import { copyFromToolCache, keepInToolCache } from '../../../../../src/tools/install/archive/tool-cache.ts';

const CONTENT = 'an archive';
const archive: Archive = {
  tool: 'oras',
  version: '1.3.3',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  urls: [],
  input: 'oras-download-url',
};
let folder: string;
let path: string;
let target: string;
let warnings: string[];
const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
const before = process.env.RUNNER_TOOL_CACHE;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tool-cache-'));
  process.env.RUNNER_TOOL_CACHE = join(folder, 'cache');
  mkdirSync(join(folder, 'cache/verity-sign-archives'), { recursive: true });
  path = join(folder, 'cache/verity-sign-archives', archive.sha256);
  target = join(folder, 'copy');
  warnings = [];
});
afterEach(() => {
  if (before === undefined) delete process.env.RUNNER_TOOL_CACHE;
  else process.env.RUNNER_TOOL_CACHE = before;
  rmSync(folder, { recursive: true, force: true });
});

test('an archive is kept under its checksum and copied out again', async () => {
  writeFileSync(join(folder, 'archive'), CONTENT);
  expect(await copyFromToolCache(archive, target, log)).toBe(false);
  await keepInToolCache(archive, join(folder, 'archive'), log);
  expect(readdirSync(join(path, '..'))).toEqual([archive.sha256]);
  expect(await copyFromToolCache(archive, target, log)).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe(CONTENT);
  expect(warnings).toEqual([]);
});

test.each<[string, () => void, string]>([
  ['another file', () => writeFileSync(path, 'a trojan'), 'it has SHA-256 '],
  [
    // The content is right at the moment of the check, and changes later.
    'a link to the archive',
    () => {
      writeFileSync(join(folder, 'archive'), CONTENT);
      symlinkSync(join(folder, 'archive'), path);
    },
    'ELOOP',
  ],
  ['a pipe', () => execFileSync('mkfifo', [path]), 'it is not a file'],
  ['a folder', () => mkdirSync(path), 'it is not a file'],
  [
    'a file that fills the disk',
    () => {
      writeFileSync(path, '');
      truncateSync(path, 2 ** 40);
    },
    `it has ${2 ** 40} bytes`,
  ],
])('fault 79: %s in its place is not used', async (_what, plant, reason) => {
  plant();
  expect(await copyFromToolCache(archive, target, log)).toBe(false);
  expect(warnings).toEqual([expect.stringContaining(`${path} is not used: `)]);
  expect(warnings[0]).toContain(reason);
  expect(existsSync(target)).toBe(false);
});

test('a tool cache that cannot be written, or that does not exist, is no failure', async () => {
  writeFileSync(join(folder, 'archive'), CONTENT);
  process.env.RUNNER_TOOL_CACHE = join(folder, 'archive');
  await keepInToolCache(archive, join(folder, 'archive'), log);
  delete process.env.RUNNER_TOOL_CACHE;
  await keepInToolCache(archive, join(folder, 'archive'), log);
  expect(await copyFromToolCache(archive, target, log)).toBe(false);
  expect(warnings).toEqual([]);
});
