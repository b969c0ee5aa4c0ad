import { access, constants, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/lib/process/run.ts';
import { failure, searchPath } from '../tools/common.ts';

export type Accelerator = 'kvm' | 'tcg';

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

/** Room for the report. */
const REPORT_BYTES = 64 * 1024 * 1024;

/** Boots the guest and waits until it has switched itself off. */
export async function boot(options: Boot): Promise<BootResult> {
  const folder = await mkdtemp(join(tmpdir(), 'qemu-'));
  const report = join(folder, 'report');
  const console = join(folder, 'console');
  try {
    await writeFile(report, '');
    await truncate(report, REPORT_BYTES);
    await writeFile(console, '');
    const start = performance.now();
    const argv = [
      // The guest ends with this process, however that ends. [setpriv(1)]
      ...['setpriv', '--pdeathsig=KILL', '--'],
      ...['qemu-system-x86_64', '-accel', options.accelerator, '-cpu', 'max', '-m', '768'],
      ...['-nodefaults', '-no-reboot', '-display', 'none', '-serial', `file:${console}`],
      ...['-kernel', options.kernel, '-initrd', options.initramfs],
      ...['-append', ['console=ttyS0', 'panic=-1', ...options.arguments].join(' ')],
      ...['-drive', `file=${options.disk},if=virtio,format=raw,readonly=on`],
      ...['-drive', `file=${report},if=virtio,format=raw,cache=unsafe`],
    ];
    const env = { PATH: searchPath(), LC_ALL: 'C' };
    const failed = await run(argv, { env, timeout: options.timeout }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const seconds = (performance.now() - start) / 1000;
    const written = await readFile(report);
    const end = written.indexOf(0);
    const text = written.subarray(0, end === -1 ? written.length : end).toString();
    const said = (await readFile(console, 'utf8')).replaceAll('\r', '');
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
