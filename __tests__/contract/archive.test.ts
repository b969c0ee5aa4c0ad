import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIONS, SIGN_COPY } from '../../scripts/docs.ts';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { testFolder } from '../helpers/temp.ts';

const root = join(import.meta.dirname, '../..');
const folder = testFolder();
const LIMIT = 2_000_000;
let size: number;

beforeAll(() => {
  // As GitHub makes the archive of a tag, with the attributes that the next commit will have.
  const git = ['-c', `safe.directory=${root}`, 'archive', '--worktree-attributes', '--format=tar.gz', 'HEAD'];
  const archive = execFileSync('git', git, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  size = archive.length;
  execFileSync('tar', ['--extract', '--gzip'], { cwd: folder, input: archive });
});

describe('the archive that a runner downloads', () => {
  test('is small', () => {
    expect(size).toBeLessThan(LIMIT);
  });

  test('holds what a job needs, and no sources, tests or documents', () => {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const paths = files.map((path) => path.slice(folder.length + 1));
    expect(paths.filter((path) => !/^(dist|sign|verify|ipe-policy)\//.test(path)).sort()).toEqual([
      '.github/workflows/ipe-policy.yml',
      '.github/workflows/sign-image.yml',
      '.github/workflows/verify-image.yml',
      'LICENSE',
      'README.md',
      'action.yml',
      'package.json',
    ]);
    expect(paths).toContain('dist/licenses.txt');
  });

  test.each([...Object.values(ACTIONS), SIGN_COPY])('starts $path', ({ path, main }) => {
    const program = join(folder, dirname(path), main);
    expect(readFileSync(join(folder, path), 'utf8')).toContain(`main: ${main}\n`);
    expect(statSync(program).isFile()).toBe(true);
    const env = { ...fixedEnvironment(), HOME: folder };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
    // Node warns of an ES module if no package.json says that it is one.
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^::error::/m);
    expect(status).toBe(1);
  });
});
