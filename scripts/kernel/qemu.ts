import { existsSync } from 'node:fs';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accelerator, bootGuest, consoleArgument } from '../../src/commands/preflight/vm/qemu.ts';
import { failure } from '../tools/common.ts';

/** What a guest is booted with, but for its disk. */
export interface Machine {
  /** Paths of the kernel image and the initramfs. */
  kernel: string;
  initramfs: string;
  accelerator: Accelerator;
}

export interface Boot extends Machine {
  /** Path of the disk with the steps and what they need. */
  disk: string;
  /** Kernel arguments such as `dm_verity.require_signatures=1`. */
  arguments: readonly string[];
  /** Milliseconds. */
  timeout: number;
}

export interface BootResult {
  /** The text that `init` wrote to the second disk. */
  report: string;
  /** The kernel's messages. */
  console: string;
  seconds: number;
}

/** Bytes. */
const MEMORY = 768 * 1024 * 1024;

/** Boots the guest, in the VM of preflight, and waits until it has switched itself off. */
export async function boot(options: Boot): Promise<BootResult> {
  const folder = await mkdtemp(join(tmpdir(), 'qemu-'));
  const report = join(folder, 'report');
  const console = join(folder, 'console');
  try {
    const start = performance.now();
    const failed = await bootGuest({
      architecture: 'x64',
      machine: { kind: 'direct', vmlinux: options.kernel, initramfs: options.initramfs },
      accelerator: options.accelerator,
      memory: MEMORY,
      commandLine: [consoleArgument('x64'), 'panic=-1', ...options.arguments],
      // The guest finds its disks by their order: /dev/vda, /dev/vdb.
      job: options.disk,
      report,
      console,
      layers: [],
      network: false,
      timeout: options.timeout,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const seconds = (performance.now() - start) / 1000;
    const written = await contentOf(report);
    const end = written.indexOf(0);
    const text = written.subarray(0, end === -1 ? written.length : end).toString();
    const said = (await contentOf(console)).toString().replaceAll('\r', '');
    if (failed !== undefined || !/^== done /m.test(text)) {
      throw failure(
        `the guest did not finish in ${seconds.toFixed(1)} s; the end of its console:\n${said.slice(-4000)}`,
        'Read the messages of the guest',
        failed,
      );
    }
    return { report: text, console: said, seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of a VM that could not be started there may be none. */
async function contentOf(path: string): Promise<Buffer> {
  return existsSync(path) ? readFile(path) : Buffer.alloc(0);
}

/** KVM if the guest boots in it on this machine, else TCG. */
export async function chooseAccelerator(trial: Omit<Boot, 'accelerator' | 'timeout'>): Promise<Accelerator> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
    // A guest that needs longer is not faster than under TCG.
    await boot({ ...trial, accelerator: 'kvm', timeout: 6_000 });
    return 'kvm';
  } catch {
    return 'tcg';
  }
}
