import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliOptions, type CliResult, cli } from '../helpers/cli.ts';
import { fakeMkfs } from '../helpers/run-child.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
const temp = join(folder, 'temp');
const MKFS = ['--builder', 'mkfs'];
const BUILDERS = ['native', 'mkfs'];
const NAMES = ['big-gzip', 'many-gzip', 'threelevels-gzip', 'dirs-gzip', 'simple-gzip'];
/** Milliseconds in which a run that cannot go on must be over; mkfs.erofs has 30 s for its test. */
const SOON = 15_000;

beforeAll(async () => {
  await run(['mkdir', temp], { env: toolEnvironment() });
  await writeVectorImage(layout, NAMES);
});

/** A dry run, and what it leaves in the temporary folder. */
async function dryRun(image: string, args: string[], options: CliOptions = {}): Promise<CliResult> {
  const started = performance.now();
  const result = await cli(['sign', image, '--dry-run', '--temp-dir', temp, ...args], options);
  expect(performance.now() - started).toBeLessThan(SOON);
  expect(readdirSync(temp)).toEqual([]);
  return result;
}

/** Is the real one when asked for its version, so it runs where it sees that one; else does as `body` says. */
const mkfs = (body: string): string =>
  fakeMkfs(folder, `case "$*" in *--version*) exec "$REAL" "$@";; esac\n${body}`);

describe('every run ends, and leaves nothing', () => {
  test('a mkfs.erofs that fails at once', async () => {
    const { status, stderr } = await dryRun(`oci:${layout}`, [...MKFS, '--mkfs-path', mkfs('exit 1')]);
    expect(stderr).toContain('cannot convert the built-in test layers');
    expect(status).toBe(4);
  });

  test('a mkfs.erofs that hangs in its test does not hold up another error', async () => {
    const seconds = `2${process.pid}`;
    const hanging = mkfs(`sleep ${seconds}`);
    const args = [...MKFS, '--mkfs-path', hanging];
    const { status, stderr } = await dryRun(`oci:${join(folder, 'missing')}`, args);
    expect(stderr).toContain('is not a folder');
    expect(status).toBe(2);
    const left = await run(['sh', '-c', `pgrep -f "^sleep ${seconds}$" || true`], { env: toolEnvironment() });
    expect(left.stdout.toString()).toBe('');
  });

  test('more writes that wait than the pool has threads', async () => {
    const seconds = `5${process.pid}`;
    // Passes its test, and then leaves something behind that holds its input open.
    const holding = mkfs(
      `case "$*" in *known-answer*) exec "$REAL" "$@";; esac
       setsid sleep ${seconds} <&0 >/dev/null 2>&1 &
       head -c 4096 /dev/zero > "$IMAGE"`,
    );
    const args = [
      ...MKFS,
      '--mkfs-path',
      holding,
      '--concurrency',
      '8',
      '--profile',
      'containerd,containerd-tar-index',
    ];
    const { status } = await dryRun(`oci:${layout}`, args, { env: { UV_THREADPOOL_SIZE: '2' } });
    // What that mkfs.erofs wrote is an image to whoever does not look inside.
    expect(status).toBe(0);
    const left = await run(['sh', '-c', `pgrep -f "^sleep ${seconds}$" || true`], { env: toolEnvironment() });
    expect(left.stdout.toString()).toBe('');
  });

  const openFiles = (limit: number): string[] => ['sh', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh'];
  const many = (builder: string): string[] => ['--builder', builder, '--concurrency', '64'];

  // Node itself has about 22. The native builder fails at the start or not at all; a layer of mkfs.erofs needs pipes.
  test.each([
    ['native', 24, /the limit on open files leaves \d+ for this process.*\. Raise the limit/],
    ['mkfs', 24, /the limit on open files leaves \d+ for this process.*\. Raise the limit/],
    ['mkfs', 44, /Lower concurrency, or raise the limits on open files/],
  ])('with builder %s, %i open files are too few', async (builder, limit, message) => {
    const { status, stderr } = await dryRun(`oci:${layout}`, many(builder), { prefix: openFiles(limit) });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('Internal error');
    expect(status).toBe(4);
  });

  test.each([
    ['native', 44],
    ['mkfs', 256],
  ])('with builder %s, %i open files are enough', async (builder, limit) => {
    const { status, stderr } = await dryRun(`oci:${layout}`, many(builder), { prefix: openFiles(limit) });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  });

  const delays = [60, 120, 180, 240, 300, 400, 500, 700];
  const cases = BUILDERS.flatMap((builder) => delays.map((delay) => [delay, builder] as const));
  test.each(cases)('SIGTERM after %i ms, with builder %s', async (delay, builder) => {
    let ended = false;
    const onStart = (pid: number): void => {
      void setTimeout(delay).then(() => {
        if (!ended) process.kill(pid, 'SIGTERM');
      });
    };
    const { status } = await dryRun(`oci:${layout}`, ['--builder', builder], { onStart });
    ended = true;
    // Before there is a handler, the system ends it: nothing has been made by then.
    expect([0, 130, null]).toContain(status);
  });
});
