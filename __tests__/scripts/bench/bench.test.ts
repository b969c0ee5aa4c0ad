/** The benchmark as a user runs it: in a checkout without `.tools` and `.cache`, with every program on PATH. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { testFolder } from '../../helpers/temp.ts';
import { toolsPath } from '../../helpers/tools.ts';

const root = join(import.meta.dirname, '../../..');
const checkout = join(testFolder(), 'checkout');
const bench = (...args: string[]) =>
  spawnSync(
    process.execPath,
    // Its modules, and the folders beside them, are those of the checkout, not those that the links lead to.
    ['--preserve-symlinks', '--preserve-symlinks-main', join(checkout, 'scripts/bench/bench.ts'), ...args],
    { cwd: checkout, env: { PATH: toolsPath(), HOME: checkout }, encoding: 'utf8' },
  );

beforeAll(() => {
  mkdirSync(checkout);
  for (const name of ['scripts', 'src', 'dist', 'docs', 'node_modules', 'package.json'])
    symlinkSync(join(root, name), join(checkout, name));
});

describe('a new checkout', () => {
  test('measures, without a folder of tools', () => {
    const { status, stdout, stderr } = bench('--only', 'start', '--rounds', '1', '--out', 'out');
    expect({ status, stderr: stderr.replace(/^The machine is not idle.*\n/, '') }).toEqual({
      status: 0,
      stderr: '',
    });
    expect(stdout).toContain('docs/ is unchanged.');
    expect(existsSync(join(checkout, '.tools'))).toBe(false);
    const page = readFileSync(join(checkout, 'out/performance.md'), 'utf8');
    expect(page).toMatch(/^\| mkfs\.erofs +\| +\d+\.\d+/m);
    expect(page).toMatch(/^\| `node -e 0` +\| +\d+ \(\d+–\d+\) \|/m);
  }, 120_000);

  test('lists its cases', () => {
    const { stdout } = bench('--list', '--only', 'mixed-8');
    expect(stdout.split('\n')).toContain('mixed-8/gzip/containerd');
    expect(stdout).not.toContain('one-224MB');
  });
});
