/** README's first commands in a copy of the checkout, on a machine that has Node and nothing else. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { testFolder } from '../helpers/temp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = testFolder(0o755);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The commands of README's block that leads to a signed image, without comments. */
const commands = (/```sh\n(git clone[^`]*)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '')
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, ''));

test('README leads by these commands', () => {
  expect(commands.slice(1, 4)).toEqual([
    'npm ci && npm run demo',
    'npm run -s cli -- verify oci:.demo/image:demo --trusted-certificate .demo/pki/ca.pem',
    'npm test',
  ]);
});

const ROOT = process.geteuid?.() === 0;
const USERS: [name: string, ids: { uid?: number; gid?: number }][] = [
  ['as the user of the tests', {}],
  ...(ROOT ? ([['as another user', { uid: 1001, gid: 1001 }]] satisfies typeof USERS) : []),
];

describe.each(USERS)('%s', (name, ids) => {
  const own = join(folder, name.replaceAll(' ', '-'));
  const bin = join(own, 'bin');
  const checkout = join(own, 'checkout');

  function prepare(): void {
    for (const path of [own, bin, join(own, 'home'), checkout]) mkdirSync(path, { recursive: true });
    symlinkSync(process.execPath, join(bin, 'node'));
    for (const part of ['scripts', 'src', 'dist', 'package.json']) {
      cpSync(join(root, part), join(checkout, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    for (const path of [join(own, 'home'), checkout]) chmodSync(path, 0o777);
  }

  /** What npm does with a script: its words and further ones. */
  function npmRun(script: string, ...args: string[]) {
    const words = [...(scripts[script] ?? '').split(' '), ...args];
    expect(words[0]).toBe('node');
    const env = { PATH: bin, HOME: join(own, 'home') };
    return spawnSync(join(bin, 'node'), words.slice(1), { cwd: checkout, env, encoding: 'utf8', ...ids });
  }

  test('the demo signs and verifies, and so does the command after it', () => {
    prepare();
    const demo = npmRun('demo');
    expect([demo.status, demo.stderr]).toEqual([0, '']);
    expect(demo.stdout.match(/^Verification successful$/gm)).toHaveLength(2);
    expect(demo.stdout).toContain('Each layer of oci:.demo/image:demo is signed and verified.');

    const args = commands[2]?.split(' -- ')[1]?.split(' ') ?? [];
    const verify = npmRun('cli', ...args);
    expect(verify.status).toBe(0);
    expect(verify.stdout).toMatch(/^layers verified; configuration not covered \(/m);
    expect(readdirSync(join(own, 'home'))).toEqual([]);
    expect(readdirSync(checkout).sort()).toEqual([
      '.demo',
      'dist',
      'node_modules',
      'package.json',
      'scripts',
      'src',
    ]);

    // What the first run left does not disturb the next one.
    expect(npmRun('demo').status).toBe(0);
  });
});
