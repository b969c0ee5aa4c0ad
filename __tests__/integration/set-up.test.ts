/** `npm test` and `npm run demo:real` in a new checkout, where the system lacks programs that they need. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run, ToolError } from '../../src/lib/process/run.ts';
import { inNamespace, inNamespaceAsRoot } from '../helpers/run-child.ts';
import { testFolder } from '../helpers/temp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = testFolder(0o755);
const checkout = join(folder, 'checkout');
const scratch = join(folder, 'scratch');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

beforeAll(() => {
  for (const path of [checkout, scratch]) mkdirSync(path);
  for (const part of ['scripts', 'src', 'package.json', '__tests__/fixtures/kernel-pki']) {
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  mkdirSync(join(checkout, '.tools'));
  for (const path of [checkout, join(checkout, '.tools')]) chmodSync(path, 0o777);
});

/** Shell commands that hide programs wherever the system has them. */
function hiding(programs: readonly string[]): string {
  const folders = PATH.split(':').join(' ');
  return `for folder in ${folders}; do for name in ${programs.join(' ')}; do
    if [ -e "$folder/$name" ]; then mount --bind /dev/null "$folder/$name" 2>/dev/null || [ ! -x "$folder/$name" ]; fi
  done; done`;
}

const WAYS: [
  name: string,
  wrap: (setup: string, argv: string[]) => string[],
  hidden: string[],
  error: RegExp,
][] = [
  [
    'without apt, as root',
    inNamespaceAsRoot,
    ['apt-get', 'gcc', 'jq'],
    /^these programs are missing, and there is no apt-get that could bring them: .*\bgcc\b.*\. Install them; on Debian and Ubuntu: sudo apt-get install .*\bgcc libc6-dev\b.*$/,
  ],
  [
    'without the rights of root',
    (setup, argv) => inNamespace(scratch, setup, argv),
    ['gcc', 'jq'],
    /^these programs are missing, and only root can install them: .*\bgcc\b.*\. Run: sudo apt-get install --no-install-recommends .*\bgcc libc6-dev\b.*$/,
  ],
];

describe.each(WAYS)('%s', (_name, wrap, hidden, error) => {
  test.each(['scripts/test.ts', 'scripts/demo-real.ts'])(
    '%s says in one line what is missing, and fetches nothing',
    async (script) => {
      const argv = wrap(hiding(hidden), [process.execPath, script]);
      const env = { PATH, HOME: folder, no_proxy: '', http_proxy: 'http://127.0.0.1:1' };
      const failed = await run(argv, { cwd: checkout, env, timeout: 300_000 }).catch((cause) => cause);
      expect(failed).toBeInstanceOf(ToolError);
      expect(failed).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(error) });
      expect(readdirSync(join(checkout, '.tools'))).toEqual([]);
      expect(existsSync(join(checkout, '.demo'))).toBe(false);
    },
  );

  test('the demo says first how long it takes and why it would leave out the kernel', async () => {
    const argv = wrap(hiding(hidden), [process.execPath, 'scripts/demo-real.ts']);
    const env = { PATH, HOME: folder };
    const failed = await run(argv, { cwd: checkout, env, timeout: 300_000 }).catch((cause) => cause);
    expect(failed.stdout).toMatch(
      /^This takes about \d+ min the first time, \d+ min later, .* GB of disk\. It\n/,
    );
    expect(failed.stdout).toMatch(/^ {2}- leaves out the kernel[,:] .+/m);
  });
});

describe('arguments of the demo on a Debian image', () => {
  const demo = (...args: string[]) =>
    run([process.execPath, 'scripts/demo-real.ts', ...args], { cwd: checkout, env: { PATH, HOME: folder } });

  test.each(['--no-kernl', 'image'])('%s is refused before anything is done', async (arg) => {
    await expect(demo(arg)).rejects.toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`'${arg}'.*npm run demo:real -- --no-kernel`, 's')),
    });
    expect(readdirSync(join(checkout, '.tools'))).toEqual([]);
  });
});
