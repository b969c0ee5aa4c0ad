import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliOptions, type CliResult, cli } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { startRecordingProxy } from '../helpers/recording-proxy.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder(0o755);
const layout = join(folder, 'layout');
const temp = join(folder, 'temp');
/** No other process has this user. */
const ALONE = 12_345;
let key: string[];

beforeAll(async () => {
  mkdirSync(temp);
  await writeVectorImage(layout, ['simple-gzip', 'dirs-zstd']);
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
});

async function failing(args: string[], options: CliOptions = {}): Promise<CliResult & { last: string }> {
  const result = await cli(args, options);
  const lines = result.stderr.trimEnd().split('\n');
  expect(result.stderr).not.toContain('Internal error');
  expect(readdirSync(temp)).toEqual([]);
  return { ...result, last: lines.at(-1) ?? '' };
}

describe('limits of the machine are named', () => {
  /**
   * As a user without other processes, since the limit counts them all. It does not hold for root, who becomes such
   * a user; another user does in namespaces of its own, where neither the kernel nor /proc counts the others.
   */
  const alone = (limit: number): string[] => [
    ...(process.geteuid?.() === 0
      ? [toolPath('setpriv'), `--reuid=${ALONE}`, `--regid=${ALONE}`, '--clear-groups', '--']
      : [
          ...[toolPath('unshare'), '--user', `--map-user=${ALONE}`, `--map-group=${ALONE}`],
          ...['--pid', '--fork', '--kill-child', '--mount-proc', '--'],
        ]),
    ...[toolPath('prlimit'), `--nproc=${limit}`, '--'],
  ];

  test('12 processes are too few', async () => {
    const { status, last } = await failing(['root-hash', `oci:${layout}`], { prefix: alone(12) });
    const message =
      /^verity-sign: the limit on processes and threads leaves \d+ for this process, .*\. Raise the limit/;
    expect([status, last]).toEqual([4, expect.stringMatching(message)]);
  });

  test('20 processes are enough', async () => {
    const { status, stdout, stderr } = await cli(['root-hash', `oci:${layout}`], { prefix: alone(20) });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/[0-9a-f]{64}/);
  });

  test.each([23, 26, 30])('open files: %i', async (limit) => {
    const prefix = [toolPath('prlimit'), `--nofile=${limit}`, '--'];
    const { status, last } = await failing(['root-hash', `oci:${layout}`, '--temp-dir', temp], { prefix });
    expect([status, last]).toEqual([
      4,
      expect.stringMatching(/^verity-sign: the limit on open files leaves \d+/),
    ]);
  });
});

test.each([
  ['a folder', 'a folder', (path: string) => mkdirSync(path)],
  ['a dangling link', 'a symbolic link', (path: string) => symlinkSync('/nowhere', path)],
])('a lock that is %s is named at once', async (_what, words, make) => {
  const copy = join(folder, `locked-${words.length}`);
  cpSync(layout, copy, { recursive: true });
  const lock = join(copy, 'index.json.lock');
  make(lock);
  const { status, last } = await failing(['sign', `oci:${copy}`, ...key, '--temp-dir', temp]);
  expect([status, last]).toEqual([
    4,
    expect.stringContaining(`${lock} is ${words}, where a run keeps its lock. Remove it`),
  ]);
});

test('a working folder that is gone is not a missing program', async () => {
  const cwd = join(folder, 'gone');
  const running = run(['true'], { env: toolEnvironment(), cwd });
  await expect(running).rejects.toThrow(`true cannot be started: the folder ${cwd} is gone`);
  await expect(run(['no-such-program'], { env: toolEnvironment(), cwd: folder })).rejects.toThrow(
    'no-such-program is not installed',
  );
});

test.each([403, 407, 502])(
  'a proxy that answers %i for Azure is not a lack of credentials',
  async (answer) => {
    const proxy = await startRecordingProxy({ answer });
    try {
      const env = {
        AZURE_TENANT_ID: '11111111-1111-1111-1111-111111111111',
        AZURE_CLIENT_ID: '11111111-1111-1111-1111-111111111112',
        AZURE_CLIENT_SECRET: 'secret-of-a-test',
        https_proxy: `http://${proxy.host}`,
      };
      const args = ['sign', `oci:${layout}`, '--key', 'azurekms://acme/release', '--temp-dir', temp];
      const { status, last, stderr } = await failing(args, { env });
      expect(status).toBe(5);
      expect(last).toContain('what answers for acme.vault.azure.net is not Azure Key Vault: a proxy refuses');
      expect(stderr).not.toContain('secret-of-a-test');
      expect(proxy.seen.map(({ target }) => target)).toContain('acme.vault.azure.net:443');
    } finally {
      await proxy.stop();
    }
  },
);
