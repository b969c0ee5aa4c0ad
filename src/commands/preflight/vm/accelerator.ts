import { accessSync, constants } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import type { GuestArchitecture } from '../../../model/guest-architecture.ts';
import { readEvents } from './events.ts';
import { encodeJob } from './job.ts';
import { type Accelerator, bootGuest, type GuestMachine } from './qemu.ts';

export interface AcceleratorOptions {
  /** Of the guest. */
  architecture: GuestArchitecture;
  choice: 'auto' | Accelerator;
  /** What the trial boots. */
  machine: GuestMachine;
  commandLine: readonly string[];
  /** A private folder for the files of the trial. */
  folder: string;
  /** This machine's architecture, by Node's name; for tests. */
  host?: string;
  log: Pick<Logger, 'info'>;
  signal?: AbortSignal;
}

/** Milliseconds of the trial boot. A guest that needs longer gains nothing from KVM. */
const TRIAL: Readonly<Record<GuestMachine['kind'], number>> = { direct: 5_000, uefi: 20_000 };
const TRIAL_MEMORY = 512 * 1024 * 1024;
const DEVICE = '/dev/kvm';

/**
 * KVM if a guest boots in it, else TCG. A device that opens is not enough: some virtual machines offer one in which
 * no guest runs.
 * @throws VeritySignError 'unchecked' if the choice is `kvm` and it does not work
 */
export async function chooseAccelerator(options: AcceleratorOptions): Promise<Accelerator> {
  const { choice, log } = options;
  if (choice === 'tcg') {
    log.info('Accelerator of the virtual machine: tcg, as asked for');
    return 'tcg';
  }
  const reason = whyForeign(options) ?? whyNotOpen() ?? (await whyNotBooted(options));
  if (reason === undefined) {
    log.info(`Accelerator of the virtual machine: kvm, in which a trial guest booted`);
    return 'kvm';
  }
  if (choice === 'kvm') {
    const remedy =
      whyForeign(options) === undefined
        ? `Let this user read and write ${DEVICE}, or use accel: tcg`
        : 'Use accel: tcg, or a machine of the architecture of the image';
    throw new VeritySignError('unchecked', `accel: kvm does not work on this machine: ${reason}`, { remedy });
  }
  log.info(`Accelerator of the virtual machine: tcg, since ${reason}`);
  return 'tcg';
}

function whyForeign({ architecture, host = process.arch }: AcceleratorOptions): string | undefined {
  return architecture === host ? undefined : `the guest is ${architecture}, and this machine is ${host}`;
}

function whyNotOpen(): string | undefined {
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return `${DEVICE} cannot be used (${(error as NodeJS.ErrnoException).code})`;
  }
}

/** Boots a guest that has nothing to do. */
async function whyNotBooted(options: AcceleratorOptions): Promise<string | undefined> {
  const { architecture, machine, commandLine, folder, signal } = options;
  const files = {
    job: join(folder, 'trial'),
    report: join(folder, 'trial-report'),
    console: join(folder, 'trial-console'),
  };
  const nothing = { modules: [], policies: [], layers: [], network: false, list: false };
  try {
    await writeFile(files.job, encodeJob({ ...nothing, program: undefined, tamper: undefined }), {
      mode: 0o600,
    });
    await bootGuest({
      architecture,
      machine,
      accelerator: 'kvm',
      memory: TRIAL_MEMORY,
      processors: 1,
      commandLine,
      ...files,
      layers: [],
      network: false,
      timeout: TRIAL[machine.kind],
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const { event } of readEvents(files.report)) if (event === 'kernel') return undefined;
    return 'no guest starts under KVM';
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'unchecked') throw error;
    return `no guest starts under KVM (${error.message})`;
  } finally {
    for (const path of Object.values(files)) await rm(path, { force: true });
  }
}
