import { open } from 'node:fs/promises';
import { VeritySignError } from '../../../errors.ts';
import { printable } from '../../../lib/printable.ts';
import { fixedEnvironment } from '../../../lib/process/environment.ts';
import { findProgram, programFolders } from '../../../lib/process/find-program.ts';
import { run, stream, ToolError } from '../../../lib/process/run.ts';
import { GUEST_KINDS, type GuestArchitecture } from '../../../model/guest-architecture.ts';

export type Accelerator = 'kvm' | 'tcg';

export type GuestMachine =
  /** A kernel of this program, booted without firmware: on x64 an ELF file by PVH, on arm64 an Image. */
  | { kind: 'direct'; vmlinux: string; initramfs: string }
  /** A distribution's kernel for x64, booted by the UEFI firmware, whose variables are written to. */
  | { kind: 'uefi'; kernel: string; initramfs: string; firmware: string; variables: string };

export interface GuestDisk {
  path: string;
  /** At most 20 characters: what the guest finds the disk by. */
  serial: string;
}

export interface BootOptions {
  architecture: GuestArchitecture;
  machine: GuestMachine;
  accelerator: Accelerator;
  /** Bytes. */
  memory: number;
  processors?: number;
  /** Arguments of the kernel. */
  commandLine: readonly string[];
  /** Path of the job disk. */
  job: string;
  /** Path of a new file, which becomes the report disk. */
  report: string;
  /** At most {@link MAX_LAYERS}. */
  layers: readonly GuestDisk[];
  network: boolean;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
  /** Path of a new file for the kernel's messages. */
  console: string;
}

/** A machine has 240 functions; overlayfs stacks fewer layers, and the program of the guest opens fewer. */
export const MAX_LAYERS = 127;
/** Bytes of the report disk, which takes no space until it is written. */
const REPORT_BYTES = 64 * 1024 * 1024;
/** Bytes of the console that are kept. */
const CONSOLE_BYTES = 8 * 1024 * 1024;
/** As many threads of a program run at once on a small node. */
const PROCESSORS = 2;
const MEBIBYTE = 1024 * 1024;

/** What QEMU calls the machine, and the device of its serial port in Linux. */
const MACHINES: Readonly<Record<GuestArchitecture, { machine: string; serial: string }>> = {
  x64: { machine: 'q35,usb=off,smbus=off,vmport=off,hpet=off', serial: 'ttyS0' },
  // The interrupt controller of version 2 has interrupts for a few disks only.
  arm64: { machine: 'virt,gic-version=max', serial: 'ttyAMA0' },
};

/** Without KVM, five levels of page tables and the standard way to sign pointers cost time. */
const PROCESSOR: Readonly<Record<GuestArchitecture, Readonly<Record<Accelerator, string>>>> = {
  x64: { kvm: 'max,la57=off', tcg: 'max,la57=off' },
  arm64: { kvm: 'host', tcg: 'max,pauth-impdef=on' },
};

/**
 * One thread emulates all processors of TCG. With a thread for each, one boot in hundreds read damaged data, panicked
 * or hung. One is as fast, and on a busy machine faster.
 */
const ACCELERATOR: Readonly<Record<Accelerator, string>> = { kvm: 'kvm', tcg: 'tcg,thread=single' };

/** The argument of the kernel that puts its messages on the serial port. */
export function consoleArgument(architecture: GuestArchitecture): string {
  return `console=${MACHINES[architecture].serial}`;
}

/** Options without which a build of QEMU that has no seccomp does the same. */
const SANDBOX = ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'];

/**
 * Path of QEMU for an architecture.
 * @throws VeritySignError 'environment' if it is not installed
 */
export function findQemu(architecture: GuestArchitecture): string {
  const { qemu, platform } = GUEST_KINDS[architecture];
  const path = findProgram(qemu.program, programFolders());
  if (path !== undefined) return path;
  const what = `${qemu.program} is not installed, and an image of ${platform} needs it`;
  throw new VeritySignError('environment', what, {
    remedy: `Install it with sudo apt-get install --no-install-recommends ${qemu.package}; the Action does with install: true and platform: ${platform}`,
  });
}

/**
 * Boots the guest and waits until it has switched itself off. Whether it finished its work is in the report.
 * QEMU gets nothing of the environment, ends with this process, and may start no other program.
 * @throws VeritySignError 'unchecked' if it could not be started or did not end, 'cancelled' after `signal`
 */
export async function bootGuest(options: BootOptions): Promise<void> {
  const qemu = findQemu(options.architecture);
  const argv = [...(await confined(qemu)), ...qemuArguments(options)];
  try {
    const report = await open(options.report, 'wx', 0o600);
    await report.truncate(REPORT_BYTES).finally(() => report.close());
    await keepConsole(argv, options);
  } catch (cause) {
    throw failure(cause, options);
  }
}

/** Whether an error of `bootGuest` says that the guest was still running after `timeout`. */
export function isLate(error: unknown): error is VeritySignError {
  return error instanceof VeritySignError && error.cause instanceof ToolError && error.cause.timedOut;
}

/** The arguments of QEMU but for those that confine it. */
export function qemuArguments(options: BootOptions): string[] {
  const { architecture, machine, accelerator, memory, commandLine, layers } = options;
  const { processors = PROCESSORS } = options;
  if (layers.length > MAX_LAYERS) throw new RangeError(`${layers.length} layers`);
  const disks = [
    disk('job', options.job, true),
    disk('report', options.report, false),
    ...layers.map(({ serial, path }) => disk(serial, path, true)),
  ];
  return [
    ...['-no-user-config', '-nodefaults', '-no-reboot', '-display', 'none'],
    ...['-machine', MACHINES[architecture].machine, '-accel', ACCELERATOR[accelerator]],
    ...['-cpu', PROCESSOR[architecture][accelerator], '-smp', String(processors)],
    ...['-m', `${Math.ceil(memory / MEBIBYTE)}M`],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...firmware(machine),
    ...['-initrd', machine.initramfs, '-append', commandLine.join(' ')],
    ...disks.flatMap((blockdev) => ['-blockdev', JSON.stringify(blockdev)]),
    ...disks.flatMap(({ 'node-name': node }, index) => ['-device', device(node, index)]),
    ...(options.network
      ? [
          '-netdev',
          'user,id=net',
          '-device',
          `virtio-net-pci,netdev=net,romfile=,addr=${address(disks.length)}`,
        ]
      : []),
  ];
}

function firmware(machine: GuestMachine): string[] {
  if (machine.kind === 'direct') return ['-kernel', machine.vmlinux];
  const flash = (index: number, path: string, readOnly: boolean): string[] => {
    const backend = { ...file(path, readOnly), 'node-name': `flash${index}` };
    return ['-blockdev', JSON.stringify(backend), '-machine', `pflash${index}=flash${index}`];
  };
  return [
    ...flash(0, machine.firmware, true),
    ...flash(1, machine.variables, false),
    ...['-kernel', machine.kernel],
  ];
}

/** JSON, since a path may have commas. */
function file(path: string, readOnly: boolean) {
  // What the guest wrote is read from the page cache, so that nobody waits for a disk of the host.
  const common = { 'read-only': readOnly, cache: { 'no-flush': true } };
  return { driver: 'raw', ...common, file: { driver: 'file', filename: path, ...common } };
}

function disk(serial: string, path: string, readOnly: boolean) {
  if (!/^[a-z0-9-]{1,20}$/.test(serial)) throw new RangeError(`the serial number ${serial}`);
  return { ...file(path, readOnly), 'node-name': serial };
}

/**
 * One queue, since most layers are read by one program; without it each disk takes an interrupt per processor.
 * Where the host's disk is full, the guest gets an error: by default QEMU would stop it and wait for an administrator.
 */
function device(serial: string, index: number): string {
  return [
    `virtio-blk-pci,drive=${serial},serial=${serial},num-queues=1,disable-legacy=on,werror=report`,
    `addr=${address(index)}`,
  ].join(',');
}

/** Eight functions to a slot. Slot 0 is the host bridge, 31 the chipset's. */
function address(index: number): string {
  const [slot, part] = [1 + Math.floor(index / 8), index % 8];
  return `0x${slot.toString(16)}.${part}${part === 0 ? ',multifunction=on' : ''}`;
}

/** By path of QEMU: a run boots it several times, and what it supports stays the same. */
const CONFINED = new Map<string, Promise<string[]>>();

/** QEMU with what confines it, as far as this machine supports that. */
function confined(qemu: string): Promise<string[]> {
  const known = CONFINED.get(qemu);
  if (known !== undefined) return known;
  const words = Promise.all([guard(qemu), sandbox(qemu)]).then(([before, after]) => [
    ...before,
    qemu,
    ...after,
  ]);
  CONFINED.set(qemu, words);
  return words;
}

/** QEMU ends when this process does, however that happens. [setpriv(1)] */
async function guard(qemu: string): Promise<string[]> {
  const setpriv = findProgram('setpriv', programFolders());
  if (setpriv === undefined) return [];
  const words = [setpriv, '--pdeathsig=KILL', '--no-new-privs', '--'];
  const works = await succeeds([...words, qemu, '--version']);
  return works ? words : [];
}

async function sandbox(qemu: string): Promise<string[]> {
  const trial = ['-nodefaults', '-machine', 'none', '-display', 'none', '-monitor', 'stdio', '-S'];
  return (await succeeds([qemu, ...SANDBOX, ...trial], 'quit\n')) ? SANDBOX : [];
}

async function succeeds(argv: readonly string[], stdin = ''): Promise<boolean> {
  try {
    await run(argv, { env: fixedEnvironment(), stdin, timeout: 10_000 });
    return true;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}

/** Runs QEMU to its end, and writes as much of the console as is kept. The guest could fill a disk with it. */
async function keepConsole(argv: readonly string[], options: BootOptions): Promise<void> {
  const { timeout, signal } = options;
  const target = await open(options.console, 'wx', 0o600);
  try {
    const output = stream(argv, {
      env: fixedEnvironment(),
      timeout,
      name: GUEST_KINDS[options.architecture].qemu.program,
      ...(signal === undefined ? {} : { signal }),
    });
    let kept = 0;
    for await (const chunk of output as AsyncIterable<Buffer>) {
      const part = chunk.subarray(0, CONSOLE_BYTES - kept);
      kept += part.length;
      if (part.length > 0) await target.write(part);
    }
  } finally {
    await target.close();
  }
}

function failure(cause: unknown, { accelerator, timeout }: BootOptions): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (!(cause instanceof VeritySignError) && code !== undefined) {
    return new VeritySignError(
      'environment',
      `the files of the virtual machine cannot be written (${code})`,
      {
        remedy: 'Set temp-dir to a folder with enough space that this user may write to',
        cause,
      },
    );
  }
  if (!(cause instanceof ToolError)) return cause;
  const what = cause.timedOut
    ? `the virtual machine did not finish within ${Math.round(timeout / 1000)} s (accelerator ${accelerator})`
    : `the virtual machine could not be started: ${printable(cause.message)}`;
  const remedy = cause.timedOut
    ? 'Set a higher time-limit, or use a machine with KVM'
    : 'Check the free memory of this machine, and that QEMU is 6.2 or later';
  return new VeritySignError('unchecked', what, { remedy, cause });
}
