/** Images that attack the guest which tests them: the report must stay true, and the guest must come to its end. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Entry } from '../../scripts/demo-image/tar-writer.ts';
import { buildKernel } from '../../scripts/kernel/build.ts';
import { compileStatic } from '../../scripts/kernel/initramfs.ts';
import { buildGuestFiles } from '../../scripts/preflight/guest-files.ts';
import type { JobProgram } from '../../src/commands/preflight/vm/job.ts';
import { toolPath } from '../helpers/tools.ts';
import { Guest, program, type Reported } from './preflight/guest.ts';
import { makeLayer, type TestLayer } from './preflight/layers.ts';

const SOURCE = fileURLToPath(new URL('preflight/hostile.c', import.meta.url));

let folder: string;
let guest: Guest;
let base: TestLayer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preflight-hostile-'));
  const files = join(folder, 'files');
  await buildGuestFiles(await buildKernel(), files);
  guest = await Guest.create({ files, folder });
  const hostile = join(folder, 'hostile');
  await compileStatic([SOURCE], hostile);
  base = await makeLayer(folder, 'base', [
    { path: 'bin/' },
    { path: 'bin/busybox', mode: 0o755, bytes: await readFile(toolPath('busybox')) },
    { path: 'bin/sh', link: { type: 'symbolic', target: 'busybox' } },
    { path: 'bin/hostile', mode: 0o755, bytes: await readFile(hostile) },
    { path: 'tmp/', mode: 0o1777 },
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program of the image, with another layer on top. */
async function boot(
  argv: readonly string[],
  more: Partial<JobProgram> = {},
  entries?: readonly Entry[],
): Promise<Reported> {
  const layers = entries === undefined ? [base] : [base, await makeLayer(folder, 'top', entries)];
  const limits = { time: 20, alive: 0 };
  return guest.boot({ list: true, program: program(argv, { limits, ...more }), tamper: 0 }, layers);
}

/** Denials of the run. */
function denials(report: Reported) {
  return report.all('audit').filter(({ phase }) => phase === 'run');
}

test('a program cannot end the phase of the run in the audit log, to hide what is denied', async () => {
  const report = await boot(['/bin/hostile', 'forge']);
  expect(report.output()).toBe('sent: 1\n');
  expect(denials(report)).toHaveLength(1);
});

test('a program cannot open the disks of the guest through a health check that is being started', async () => {
  const check = ['/bin/sh', '-c', 'exit 1'];
  const health = { interval: 1, timeout: 5, startPeriod: 60, retries: 3, check };
  const report = await boot(['/bin/hostile', 'steal'], { health });
  expect(report.all('health').length).toBeGreaterThan(2);
  expect(report.output()).toBe('nothing was opened\n');
});

test('a device node of the image opens no disk of the guest', async () => {
  // virtio-blk has no fixed number; the report is the second disk of eight numbers each.
  const majors = [252, 253, 254];
  const nodes = majors.map(
    (major): Entry => ({
      path: `report-${major}`,
      mode: 0o666,
      special: { type: 'block', major, minor: 16 },
    }),
  );
  const script =
    'for disk in /report-*; do dd if=$disk of=/tmp/$disk bs=512 count=1 && echo read; done; exit 0';
  const report = await boot(['sh', '-c', script], undefined, nodes);
  expect(report.one('ended')).toMatchObject({ how: 'exit', status: 0 });
  expect(report.output()).toBe('');
});

test.each(['etc/passwd', 'etc/hosts', 'etc/hostname', 'etc/resolv.conf'])(
  'a named pipe in place of /%s holds up nobody',
  async (path) => {
    const pipe: Entry[] = [{ path: 'etc/' }, { path, special: { type: 'fifo' } }];
    const report = await boot(['sh', '-c', 'echo ran'], { user: '0' }, pipe);
    expect(report.output()).toBe('ran\n');
  },
);

test('a check of a user other than root is ended, too, when it takes too long', async () => {
  const check = ['/bin/sh', '-c', 'exec sleep 30'];
  const script = 'sleep 5; ps -o args | grep -c "^sleep 30"';
  const health = { interval: 1, timeout: 1, startPeriod: 60, retries: 3, check };
  const report = await boot(['sh', '-c', script], { user: '1000', health });
  expect(report.all('health').length).toBeGreaterThan(1);
  // One may run at that moment.
  expect(Number(report.output())).toBeLessThan(2);
});

test('a program and its checks have 2048 processes, in a cgroup that is the only one for them', async () => {
  const check = ['/bin/sh', '-c', 'cat /proc/self/cgroup; exit 1'];
  const health = { interval: 1, timeout: 5, startPeriod: 60, retries: 3, check };
  const script = 'cat /proc/self/cgroup; sleep 2; exec /bin/hostile count';
  const report = await boot(['sh', '-c', script], { health });
  // The first process is one of them.
  expect(report.output()).toBe('0::/\nstarted: 2047\n');
  expect(report.all('health').at(0)).toMatchObject({ text: '0::/\n' });
});

test('a program that is root of a user namespace cannot lift that limit', async () => {
  const report = await boot(['/bin/hostile', 'lift']);
  expect(report.output().split('\n')).toEqual([
    '/proc/self/setgroups: written',
    '/proc/self/uid_map: written',
    '/proc/self/gid_map: written',
    '/tmp/cgroup/pids.max: Operation not permitted',
    'started: 2047',
    '',
  ]);
});

test.each([
  ['starts processes without end', ['/bin/hostile', 'fork'], 'timeout'],
  // For want of memory, the kernel may kill the first of them before its time is over.
  [
    'starts processes that take memory, without end',
    ['/bin/hostile', 'crowd'],
    expect.stringMatching(/^(?:timeout|signal)$/),
  ],
  ['takes memory without end', ['/bin/hostile', 'memory'], expect.any(String)],
  ['kills all processes that it can', ['/bin/hostile', 'kill'], 'exit'],
  [
    'fills its file systems',
    ['sh', '-c', 'cat /dev/zero >/tmp/x; cat /dev/zero >/dev/shm/x; sleep 60'],
    'timeout',
  ],
])('a program that %s is ended, and the attacks are tried', async (_, argv, how) => {
  const report = await boot(argv, { limits: { time: 5, alive: 0 } });
  expect(report.one('ended')).toMatchObject({ how });
  expect(report.all('attack')).toMatchObject([
    { name: 'dropped', outcome: 'EACCES' },
    { name: 'changed-byte', control: 'OK', open: 'OK', read: 'EIO' },
  ]);
});
