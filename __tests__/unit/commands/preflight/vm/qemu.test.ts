import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import {
  type BootOptions,
  bootGuest,
  consoleArgument,
  findQemu,
  isLate,
  MAX_LAYERS,
  qemuArguments,
} from '../../../../../src/commands/preflight/vm/qemu.ts';
import { withEnvironment } from '../../../../helpers/environment.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
let runs = 0;

function options(more: Partial<BootOptions> = {}): BootOptions {
  runs += 1;
  const at = (name: string) => join(folder, `${name}-${runs}`);
  return {
    architecture: 'x64',
    machine: { kind: 'direct', vmlinux: '/k', initramfs: '/i' },
    accelerator: 'tcg',
    memory: 512 * 1024 * 1024,
    commandLine: ['console=ttyS0', 'panic=-1'],
    job: at('job'),
    report: at('report'),
    console: at('console'),
    layers: [{ path: '/layers/a,b', serial: 'layer-000' }],
    network: false,
    timeout: 30_000,
    ...more,
  };
}

/** Each value of an option. */
function values(argv: readonly string[], name: string): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === name ? [word] : []));
}

interface Node {
  'node-name': string;
  'read-only': boolean;
  file: { filename: string; 'read-only': boolean };
}

function nodes(argv: readonly string[]): Node[] {
  return values(argv, '-blockdev').map((text) => JSON.parse(text) as Node);
}

describe('the arguments of QEMU', () => {
  test('make a machine with three disks, of which the guest can write one', () => {
    const argv = qemuArguments(options());
    expect(argv.slice(0, 5)).toEqual(['-no-user-config', '-nodefaults', '-no-reboot', '-display', 'none']);
    const found = nodes(argv).map((node) => [node['node-name'], node['read-only'], node.file['read-only']]);
    expect(found).toEqual([
      ['job', true, true],
      ['report', false, false],
      ['layer-000', true, true],
    ]);
    expect(nodes(argv)[2]?.file.filename).toBe('/layers/a,b');
    expect(argv.join(' ')).not.toMatch(/netdev|virtio-net|-monitor|-vnc|-qmp/);
    expect(values(argv, '-append')).toEqual(['console=ttyS0 panic=-1']);
    expect(values(argv, '-m')).toEqual(['512M']);
  });

  test.each([
    ['x64', 'tcg', 'q35,usb=off,smbus=off,vmport=off,hpet=off', 'max,la57=off'],
    ['x64', 'kvm', 'q35,usb=off,smbus=off,vmport=off,hpet=off', 'max,la57=off'],
    ['arm64', 'tcg', 'virt,gic-version=max', 'max,pauth-impdef=on'],
    // A property that KVM does not know would end QEMU.
    ['arm64', 'kvm', 'virt,gic-version=max', 'host'],
  ] as const)('make a machine of %s with %s', (architecture, accelerator, machine, processor) => {
    const argv = qemuArguments(options({ architecture, accelerator }));
    expect(values(argv, '-machine')).toEqual([machine]);
    expect(values(argv, '-cpu')).toEqual([processor]);
    expect(values(argv, '-accel')).toEqual([accelerator === 'tcg' ? 'tcg,thread=single' : 'kvm']);
    expect(values(argv, '-kernel')).toEqual(['/k']);
  });

  test('name the console as the kernel of the architecture does', () => {
    expect([consoleArgument('x64'), consoleArgument('arm64')]).toEqual(['console=ttyS0', 'console=ttyAMA0']);
  });

  test('have a network only when it is asked for', () => {
    expect(values(qemuArguments(options({ network: true })), '-netdev')).toEqual(['user,id=net']);
  });

  test('put each disk at its own place', () => {
    const layers = Array.from({ length: MAX_LAYERS }, (_, index) => ({
      path: '/l',
      serial: `layer-${index}`,
    }));
    const devices = values(qemuArguments(options({ layers, network: true })), '-device');
    const places = devices.map((device) => /addr=(0x[0-9a-f]+\.[0-7])/.exec(device)?.[1]);
    expect(new Set(places).size).toBe(MAX_LAYERS + 3);
    expect(places.some((place) => place === undefined || /^0x(0|1f)\./.test(place))).toBe(false);
    for (const device of devices) expect(device.includes('multifunction=on')).toBe(/\.0\b/.test(device));
    const more = [...layers, { path: '/l', serial: 'one-more' }];
    expect(() => qemuArguments(options({ layers: more }))).toThrow(RangeError);
  });

  test('let the guest go on where the disk of the host is full', () => {
    const devices = values(qemuArguments(options()), '-device');
    expect(devices.length).toBeGreaterThan(1);
    for (const device of devices) expect(device).toContain('werror=report');
  });

  test.each(['a,b', 'LAYER', '', 'x'.repeat(21)])('refuse the serial number %p', (serial) => {
    expect(() => qemuArguments(options({ layers: [{ path: '/l', serial }] }))).toThrow(RangeError);
  });

  test('of UEFI: the firmware cannot be written, its variables can', () => {
    const machine = { kind: 'uefi', kernel: '/k', initramfs: '/i', firmware: '/f', variables: '/v' } as const;
    const found = nodes(qemuArguments(options({ machine }))).map(({ file }) => [
      file.filename,
      file['read-only'],
    ]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['/f', true],
        ['/v', false],
      ]),
    );
  });
});

/** Runs `work` with a program instead of QEMU, which succeeds at the trials before. */
async function withQemu<T>(script: string, work: () => Promise<T>, name = 'qemu-system-x86_64'): Promise<T> {
  runs += 1;
  const bin = join(folder, `bin-${runs}`);
  mkdirSync(bin);
  const program = join(bin, name);
  writeFileSync(program, `#!/bin/sh\ncase "$*" in --version|*"-machine none"*) exit 0;; esac\n${script}\n`);
  chmodSync(program, 0o755);
  return withEnvironment([], { PATH: `${bin}:${process.env.PATH}`, TEST_SECRET: 'hush' }, work);
}

describe('a boot', () => {
  test('is by the QEMU of the architecture', async () => {
    const boot = options({ architecture: 'arm64' });
    await withQemu('echo "$0"', () => bootGuest(boot), 'qemu-system-aarch64');
    expect(readFileSync(boot.console, 'utf8')).toMatch(/\/qemu-system-aarch64$/m);
  });

  test('gives QEMU nothing of the environment, and an empty report disk', async () => {
    const boot = options();
    await withQemu('env; echo "$@" >&2', () => bootGuest(boot));
    const seen = readFileSync(boot.console, 'utf8');
    expect(seen).toMatch(/^PATH=/m);
    expect(seen).not.toContain('hush');
    expect(statSync(boot.report).size).toBe(64 * 1024 * 1024);
    expect(statSync(boot.report).blocks).toBe(0);
    for (const path of [boot.report, boot.console]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps 8 MiB of the console, and reads the rest', async () => {
    const boot = options();
    await withQemu('head -c 20000000 /dev/zero', () => bootGuest(boot));
    expect(statSync(boot.console).size).toBe(8 * 1024 * 1024);
  });

  test('that fails names the reason, without control characters', async () => {
    const work = withQemu('printf "no memory \\033[2Jhere\\n" >&2; exit 1', () => bootGuest(options()));
    const error = await work.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'unchecked', message: expect.stringMatching(/no memory +\[2Jhere/) });
    expect((error as Error).message).toMatch(/^[\x20-\x7e]+$/);
    expect(isLate(error)).toBe(false);
  });

  test('that takes too long', async () => {
    const late = await withQemu('sleep 60', () => bootGuest(options({ timeout: 500 }))).catch(
      (thrown: Error) => thrown,
    );
    expect(late).toMatchObject({
      code: 'unchecked',
      message: expect.stringContaining('did not finish within'),
    });
    expect(isLate(late)).toBe(true);
  });

  test('that is stopped: QEMU ends', async () => {
    const boot = options();
    const stop = new AbortController();
    const pid = `${boot.console}.pid`;
    const work = withQemu(`echo $$ > ${pid}; sleep 60`, () => bootGuest({ ...boot, signal: stop.signal }));
    work.catch(() => undefined);
    while (!existsSync(pid) || readFileSync(pid, 'utf8') === '') await setTimeout(10);
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH');
  });

  test('does not write to files that are there', async () => {
    const boot = options();
    writeFileSync(boot.report, 'mine');
    await expect(withQemu('true', () => bootGuest(boot))).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('EEXIST'),
    });
    expect(readFileSync(boot.report, 'utf8')).toBe('mine');
  });
});

test('QEMU is not looked for in folders relative to the current one', async () => {
  mkdirSync(join(folder, 'relative'));
  const program = join(folder, 'relative/qemu-system-x86_64');
  writeFileSync(program, '');
  chmodSync(program, 0o755);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const found = await withEnvironment([], { PATH: 'relative:.' }, async () => {
      try {
        return findQemu('x64');
      } catch (error) {
        return (error as { remedy: string }).remedy;
      }
    });
    expect(found).toMatch(/^\/usr\/|apt-get install .*qemu-system-x86.*install: true/);
  } finally {
    process.chdir(before);
  }
});
