import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Entry } from '../../scripts/demo-image/tar-writer.ts';
import { buildKernel } from '../../scripts/kernel/build.ts';
import { buildGuestFiles } from '../../scripts/preflight/guest-files.ts';
import { MAX_LAYERS } from '../../src/commands/preflight/vm/qemu.ts';
import { Guest, program, type Reported } from './preflight/guest.ts';
import { testImage } from './preflight/image.ts';
import { makeLayer, makeStranger, sign, type TestLayer } from './preflight/layers.ts';

let folder: string;
let files: string;
let guest: Guest;
let image: TestLayer[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preflight-guest-'));
  files = join(folder, 'files');
  await buildGuestFiles(await buildKernel(), files);
  guest = await Guest.create({ files, folder });
  image = await testImage(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program of the image. */
function run(...[argv, more]: Parameters<typeof program>): Promise<Reported> {
  return guest.boot({ program: program(argv, more) }, image);
}

describe('an image whose layers are all signed', () => {
  let report: Reported;
  beforeAll(async () => {
    const script = [
      'id',
      'pwd',
      'echo $NAME $HOME $PATH',
      'exec 2>&1',
      'touch /etc/x',
      'hostname',
      'exit 3',
    ].join(';');
    const how = { environment: ['NAME=value of a variable'], user: 'alice', directory: '/new/folder' };
    const job = { list: true, program: program(['sh', '-c', script], how), tamper: 0 };
    report = await guest.boot(job, image);
  });

  test('the kernel requires signatures and enforces, and every layer opens with its signature', () => {
    expect(report.one('kernel')).toMatchObject({ requireSignatures: 'Y', ipeEnforce: '1' });
    expect(report.all('layer')).toEqual(
      [0, 1, 2].map((layer) => ({ event: 'layer', layer, step: 'mount', outcome: 'OK' })),
    );
    expect(report.one('overlay').outcome).toBe('OK');
  });

  test('what could be executed is listed with its layer, kind, owner and interpreter', () => {
    const listed = report.all('file').map(({ path, layer, kind, interpreter }) => {
      return [
        Buffer.from(path, 'latin1').toString(),
        layer,
        kind,
        ...(interpreter === undefined ? [] : [interpreter]),
      ];
    });
    expect(listed.sort()).toEqual([
      ['/bin/busybox', 0, 'program'],
      ['/bin/misbehave', 0, 'program'],
      ['/bin/ping', 0, 'program'],
      ['/lib/data', 1, 'other'],
      ['/lib/libx.so.1', 1, 'library'],
      ['/lib/naïve "\\\n', 1, 'script', '/bin/sh -e \r'],
      ['/opt/folder/own', 2, 'script', '/bin/sh'],
      ['/opt/replaced', 2, 'script', '/usr/bin/env sh'],
    ]);
    const ping = report.all('file').find(({ path }) => path === '/bin/ping');
    expect(ping).toMatchObject({ mode: 0o4755, capability: '0100000200200000000000000000000000000000' });
    expect(new Set(report.all('file').map(({ outcome }) => outcome))).toEqual(new Set(['OK']));
  });

  test('what a layer hides is listed, and holds in the merged tree', () => {
    expect(report.all('shadowed').map(({ path, layer, by }) => [path, layer, by])).toEqual(
      expect.arrayContaining([
        ['/opt/removed', 0, 2],
        ['/opt/replaced', 0, 2],
        ['/opt/folder/below', 0, 2],
      ]),
    );
    expect(report.all('shadowed')).toHaveLength(3);
    expect(
      report.all('whiteout').map(({ path, layer, kind, effective }) => [path, layer, kind, effective]),
    ).toEqual(
      expect.arrayContaining([
        ['/opt/removed', 2, 'file', true],
        ['/opt/never', 2, 'file', true],
        ['/opt/folder', 2, 'opaque', true],
      ]),
    );
  });

  test('the program runs as its user, in its folder, with its environment; its status is reported', () => {
    expect(report.one('started')).toMatchObject({ outcome: 'OK', path: '/bin/sh' });
    expect(report.output().split('\n')).toEqual([
      'uid=1000(alice) gid=1001(alice) groups=7(friends)',
      '/new/folder',
      'value of a variable /home/alice /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'touch: /etc/x: Permission denied',
      'preflight',
      '',
    ]);
    expect(report.one('ended')).toMatchObject({ how: 'exit', status: 3 });
    expect(report.all('audit').filter(({ phase }) => phase !== 'attack')).toEqual([]);
  });

  test('both attacks are refused', () => {
    expect(report.all('attack')).toEqual([
      { event: 'attack', name: 'dropped', outcome: 'EACCES' },
      { event: 'attack', name: 'changed-byte', layer: 0, control: 'OK', open: 'OK', read: 'EIO' },
    ]);
    expect(report.all('audit')).toMatchObject([{ phase: 'attack', origin: 'upper', layer: null }]);
  });
});

test('layers without a signature, with another’s, and by a stranger do not open; nothing runs then', async () => {
  const [base, middle, top] = image as [TestLayer, TestLayer, TestLayer];
  const others = [
    { ...base, signature: undefined },
    { ...middle, signature: base.signature },
    { ...top, signature: await sign(folder, top.rootHash, await makeStranger(folder)) },
    { ...base, hashOffset: 4096 },
    base,
  ];
  const job = { list: true, program: program(['sh', '-c', 'true']), tamper: 4 };
  const report = await guest.boot(job, others);
  expect(report.all('layer').map(({ step, outcome }) => `${step}:${outcome}`)).toEqual([
    'open:ENOKEY',
    'open:EKEYREJECTED',
    'open:ENOKEY',
    'disk:EBADF',
    'mount:OK',
  ]);
  for (const name of ['overlay', 'file', 'started'] as const) expect(report.all(name)).toEqual([]);
  expect(report.one('attack')).toMatchObject({ layer: 4, control: 'OK', open: 'OK', read: 'EIO' });
});

test('denials are reported with who was denied, what, and where it came from', async () => {
  const what = ['jit', 'protect', 'memfd', 'copy:/tmp/own copy', 'map:/dev/own', 'deleted'];
  const report = await run(['/bin/misbehave', ...what]);
  expect(report.output().trim().split('\n')).toEqual(what.map((one) => `${one} EACCES`));
  const denials = report.all('audit').filter(({ phase }) => phase === 'run');
  expect(denials.map(({ origin }) => origin)).toEqual([
    'memory',
    'memory',
    'memory',
    'upper',
    'tmpfs',
    'upper',
  ]);
  const command = `/bin/misbehave ${what.join(' ')}`;
  expect(denials.map((one) => [one.executable, one.command])).toEqual(
    what.map(() => ['/bin/misbehave', command]),
  );
  const record =
    /^audit: type=1420 audit\(\S+\): ipe_op=EXECUTE .* enforcing=1 .*rule="DEFAULT action=DENY"$/;
  for (const { text } of denials) expect(text).toMatch(record);
  expect(report.all('auditLost')).toEqual([]);
});

test('a thousand denials at once are all reported', async () => {
  const loop =
    'cp /bin/busybox /tmp/b; i=0; while [ $i -lt 1000 ]; do /tmp/b; i=$((i+1)); done 2>/dev/null; exit 0';
  const report = await run(['sh', '-c', loop]);
  expect(report.all('audit').filter(({ phase }) => phase === 'run')).toHaveLength(1000);
  expect(report.all('auditLost')).toEqual([]);
});

test('denials beyond those that are reported one by one are counted', async () => {
  const times = 8000;
  const report = await run(['misbehave', `flood:${times}`]);
  const reported = report.all('audit').filter(({ phase }) => phase === 'run').length;
  expect(reported).toBe(5000);
  expect(reported + report.one('auditLost').records).toBe(times);
  expect(report.all('reportFull')).toEqual([]);
});

test('of a flood of denials each is reported or counted, and the attacks after it are reported', async () => {
  const times = 100_000;
  const report = await run(['misbehave', `flood:${times}`], { limits: { time: 300, alive: 0 } });
  expect(report.output()).toBe(`flood:${times} EACCES\n`);
  const denials = report.all('audit').filter(({ phase }) => phase === 'run').length;
  expect(denials).toBeGreaterThanOrEqual(1000);
  expect(denials).toBeLessThanOrEqual(5000);
  // Markers between the phases are lost like denials, and sent again.
  const counted = denials + report.one('auditLost').records;
  expect(counted).toBeGreaterThanOrEqual(times);
  expect(counted).toBeLessThan(times + 10);
  expect(report.all('audit').filter(({ phase }) => phase === 'attack')).toHaveLength(1);
});

test(`${MAX_LAYERS} layers stack, beside a network`, async () => {
  const [base] = image as [TestLayer];
  const middle = await makeLayer(folder, 'middle', [
    { path: 'etc/' },
    { path: 'etc/middle', bytes: Buffer.from('m') },
  ]);
  const top = await makeLayer(folder, 'top', [
    { path: 'opt/' },
    { path: 'opt/replaced', mode: 0o755, bytes: Buffer.from('#!/bin/sh\necho top\n') },
  ]);
  const layers = [base, ...Array<TestLayer>(MAX_LAYERS - 2).fill(middle), top];
  const networked = await Guest.create({ files, folder, settings: { network: true } });
  const job = { list: true, program: program(['/opt/replaced']) };
  const report = await networked.boot(job, layers);
  const mounted = layers.map((_, layer) => ({ event: 'layer', layer, step: 'mount', outcome: 'OK' }));
  expect(report.all('layer')).toEqual(mounted);
  expect(report.one('ended')).toMatchObject({ how: 'exit', status: 0 });
  expect(report.output()).toBe('top\n');
  expect(report.all('shadowed')).toEqual([
    { event: 'shadowed', path: '/opt/replaced', layer: 0, by: MAX_LAYERS - 1 },
  ]);
  expect(report.all('file').find(({ path }) => path === '/opt/replaced')?.layer).toBe(MAX_LAYERS - 1);
});

describe('a VM that does not end in its time is stopped', () => {
  /** It gets `bootTime` seconds besides the 60 of the program. */
  const boot = async (bootTime: number): Promise<Reported> => {
    const late = await Guest.create({ files, folder, settings: { bootTime } });
    return late.boot({ program: program(['sh', '-c', 'echo begins; sleep 50']) }, image);
  };

  test('what it has reported by then counts', async () => {
    const error = await boot(25 - 60).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('"text":"begins\\n"') });
    expect((error as Error).message).toMatch(/did not finish within 25 s \(accelerator tcg\)\. Set a higher/);
    expect((error as Error).message).not.toContain('once more');
  });

  test('and started once more if that is nothing', async () => {
    const error = await boot(0.2 - 60).catch((thrown: Error) => thrown);
    const said = (error as Error).message.split('\n').filter((line) => !line.startsWith('VM: '));
    const late = expect.stringMatching(/^the virtual machine did not finish within 0 s/);
    const again = 'the VM reported nothing: it is started once more';
    expect(said).toEqual(['the guest did not come to its end:', late, again, late]);
  });
});

describe('how a run ends', () => {
  const sleeps = ['sh', '-c', 'trap "echo asked; exit 0" TERM; echo begins; while :; do sleep 0.1; done'];

  test('alive after the time that was asked for; then it is asked to end', async () => {
    const report = await run(sleeps, { limits: { time: 60, alive: 2 } });
    const { how, seconds } = report.one('ended');
    expect(how).toBe('alive');
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(seconds).toBeLessThan(4);
    expect(report.output()).toBe('begins\nasked\n');
  });

  test('time limit, for a program that ignores SIGTERM', async () => {
    const ignores = ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'];
    const report = await run(ignores, { limits: { time: 2, alive: 0 } });
    expect(report.one('ended')).toMatchObject({ how: 'timeout' });
    expect(report.one('attack')).toMatchObject({ name: 'dropped', outcome: 'EACCES' });
  });

  test('a signal', async () => {
    const crash = ['sh', '-c', 'sh -c "kill -SEGV \\$\\$"; echo $?; ulimit -c'];
    const report = await run(crash);
    expect(report.output()).toBe('139\n0\n');
    // The first process of a container ignores what it sends itself, but for a fault.
    expect(report.one('ended')).toMatchObject({ how: 'exit', status: 0 });
  });

  test('healthy, once the check succeeds in the program’s own namespaces', async () => {
    const check = ['sh', '-c', 'cat /tmp/ready && hostname && kill -0 1'];
    const report = await run(['sh', '-c', 'sleep 1.5; echo yes >/tmp/ready; sleep 60'], {
      health: { interval: 30, timeout: 5, startPeriod: 0, retries: 3, check },
    });
    const checks = report.all('health');
    expect(checks.at(0)).toMatchObject({ text: expect.stringContaining("can't open '/tmp/ready'") });
    expect(checks.at(-1)).toMatchObject({ status: 0, text: 'yes\npreflight\n' });
    expect(report.one('ended').how).toBe('healthy');
  });

  test('unhealthy, after as many checks as there are tries; a check that hangs is ended', async () => {
    const check = ['sh', '-c', 'echo no; sleep 30'];
    const report = await run(['sh', '-c', 'sleep 60'], {
      health: { interval: 1, timeout: 1, startPeriod: 0, retries: 2, check },
    });
    expect(report.all('health').length).toBeGreaterThanOrEqual(2);
    for (const check of report.all('health')) expect(check).toMatchObject({ status: -1, text: 'no\n' });
    expect(report.one('ended').how).toBe('unhealthy');
  });

  test('unhealthy, because the program of the check is missing, which is said', async () => {
    const report = await run(['sh', '-c', 'sleep 60'], {
      health: { interval: 1, timeout: 5, startPeriod: 0, retries: 1, check: ['curl', 'localhost'] },
    });
    const answer = { status: 127, text: 'curl: No such file or directory\n' };
    expect(report.all('health').at(-1)).toMatchObject(answer);
    expect(report.one('ended').how).toBe('unhealthy');
  });

  test.each([
    ['a program that is not there', ['nothing'], '', { outcome: 'ENOENT', path: 'nothing' }],
    ['a user that is not there', ['sh'], 'nobody', { outcome: 'ENOENT', path: '/etc/passwd' }],
    ['a file that may not be executed', ['/etc/passwd'], '', { outcome: 'EACCES', path: '/etc/passwd' }],
    ['a file that is no program', ['/lib/data'], '0:staff', { outcome: 'ENOEXEC', path: '/lib/data' }],
  ])('not started: %s', async (_, argv, user, expected) => {
    const report = await run(argv, { user });
    expect(report.one('started')).toMatchObject(expected);
    expect(report.all('ended')).toEqual([]);
  });

  describe('not started: the interpreter is missing, and is named', () => {
    let layers: TestLayer[];
    beforeAll(async () => {
      const script = (line: string) => ({ mode: 0o755, bytes: Buffer.from(`#!${line}\necho no\n`) });
      const entries: Entry[] = [
        { path: 'own/' },
        { path: 'own/bin/' },
        { path: 'own/bin/dynamic', mode: 0o755, bytes: programOf('/lib64/no-loader.so.2') },
        { path: 'own/bin/hidden', mode: 0o711, bytes: programOf('/lib64/no-loader.so.2') },
        { path: 'own/bin/script', ...script('/own/link/dynamic -u') },
        { path: 'own/bin/dos', ...script('/bin/sh\r') },
        { path: 'own/bin/relative', ...script('not/there') },
        { path: 'own/bin/dangling', mode: 0o777, link: { type: 'symbolic', target: 'nowhere' } },
        { path: 'own/link', mode: 0o777, link: { type: 'symbolic', target: 'bin' } },
      ];
      layers = [...image, await makeLayer(folder, 'interpreters', entries)];
    });

    test.each([
      ['/own/link/dynamic', '/lib64/no-loader.so.2'],
      ['/own/link/script', '/lib64/no-loader.so.2'],
      ['/own/bin/dos', '/bin/sh\r'],
      ['/own/bin/relative', 'not/there'],
      // Nothing is said of what is not there itself, or may not be read.
      ['/own/bin/dangling', undefined],
      ['/own/bin/hidden', undefined],
    ])('%s', async (path, missing) => {
      const report = await guest.boot({ program: program([path], { user: 'alice' }) }, layers);
      const expected = { event: 'started', outcome: 'ENOENT', path };
      expect(report.one('started')).toEqual(missing === undefined ? expected : { ...expected, missing });
    });
  });
});

/** An ELF program that has nothing but the name of its loader. [elf(5)] */
function programOf(loader: string): Buffer {
  const [header, segment, name] = [Buffer.alloc(64), Buffer.alloc(56), Buffer.from(`${loader}\0`)];
  header.write('7f454c46020101', 0, 'hex');
  header.set([3, 0, 62, 0, 1], 16);
  header.writeUInt32LE(header.length, 32);
  header.writeUInt16LE(header.length, 52);
  header.writeUInt16LE(segment.length, 54);
  header.writeUInt16LE(1, 56);
  segment.set([3, 0, 0, 0, 4], 0);
  segment.writeUInt32LE(header.length + segment.length, 8);
  segment.writeUInt32LE(name.length, 32);
  segment.writeUInt32LE(name.length, 40);
  return Buffer.concat([header, segment, name]);
}

test('of much output, the first and the last part are kept', async () => {
  const script = 'echo first; yes 0123456789 | head -c 1000000; echo last; echo error >&2';
  const report = await run(['sh', '-c', script]);
  const output = report.output();
  expect(output).toHaveLength(256 * 1024);
  expect(output).toMatch(/^first\n0123456789\n/);
  expect(output).toMatch(/last\n$/);
  expect(report.one('outputCut').bytes).toBe(1_000_000 + 'first\nlast\n'.length - 256 * 1024);
  expect(report.output('stderr')).toBe('error\n');
});

test('the program has no more rights than in a container', async () => {
  const script = [
    "grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status",
    'mknod /tmp/d b 254 0',
    'echo 1 >/proc/sys/kernel/printk',
    'ls /dev',
    'ps -o pid | wc -l',
    'ifconfig -a | grep -c encap',
    'mount -t tmpfs none /tmp',
  ].join('\n');
  const report = await run(['sh', '-c', `${script}\ntrue`]);
  const lines = report.output().split('\n');
  expect(lines.slice(0, 3)).toEqual(['Prm', 'Eff', 'Bnd'].map((set) => `Cap${set}:\t00000000a00425fb`));
  expect(lines.join(' ')).toContain(
    'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero',
  );
  expect(report.output('stderr')).toMatch(/mknod: .*Operation not permitted/);
  expect(report.output('stderr')).toMatch(/printk: Read-only file system/);
  expect(report.output('stderr')).toMatch(/mount: .*(denied|permitted)/);
});

test('the guest files are small', async () => {
  const sizes = await Promise.all(
    ['vmlinux.zst', 'initramfs.cpio.zst'].map(async (name) => (await stat(join(folder, 'files', name))).size),
  );
  expect(sizes.reduce((total, size) => total + size)).toBeLessThan(15_000_000);
});
