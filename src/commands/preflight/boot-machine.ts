import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { GUEST_KINDS, type GuestArchitecture } from '../../model/guest-architecture.ts';
import type { RunContext } from '../shared/options.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';
import type { Booted, Disk, ImageJob, Machine, MachineSettings, OpenMachine } from './machine.ts';
import { readPolicyFile, type SignedPolicy } from './policy-file.ts';
import { chooseAccelerator } from './vm/accelerator.ts';
import { POLICY_NAME, SIGNED_LAYERS_POLICY, signEphemeralPolicy } from './vm/ephemeral-policy.ts';
import { readEvents } from './vm/events.ts';
import { findFirmware } from './vm/firmware.ts';
import { findGuestFiles, type GuestFiles } from './vm/guest/guest-files.ts';
import { writeInitramfs } from './vm/guest/initramfs.ts';
import { writeVmlinux } from './vm/guest/vmlinux.ts';
import { encodeJob, type Job } from './vm/job.ts';
import type { GuestEvent } from './vm/protocol.ts';
import {
  type Accelerator,
  type BootOptions,
  bootGuest,
  consoleArgument,
  findQemu,
  type GuestMachine,
  isLate,
} from './vm/qemu.ts';
import { readStockKernel } from './vm/stock-kernel.ts';
import { writeUefiVariables } from './vm/uefi-variables.ts';

/** The initramfs is unpacked before the kernel goes on: beside it, one boot in hundreds under TCG read damaged data. */
const COMMAND_LINE = ['panic=-1', 'quiet', 'loglevel=4', 'initramfs_async=0'];
/** Of a stock kernel dm-verity is a module, whose parameters are not read from here. */
const REQUIRE_SIGNATURES = 'dm_verity.require_signatures=1';
/** Seconds: many large layers are opened and listed under TCG. */
const BOOT_TIME = 300;
/** Bytes and lines of the kernel's messages that the log gets if a boot fails. */
const CONSOLE_TAIL = 16 * 1024;
const CONSOLE_LINES = 20;
/** Of a guest that says nothing before it ends, or is stopped: then nothing of the image has run. */
const ATTEMPTS = 2;

/**
 * A VM of QEMU.
 * @throws VeritySignError 'environment' without QEMU, firmware or guest files; 'usage' for a kernel, a policy or
 *   certificates that cannot be used; 'unchecked' if the accelerator does not work
 */
export const openMachine: OpenMachine = async (settings, certificates, folder, context) => {
  const { architecture } = settings;
  if (settings.kernel !== undefined) requireX64(architecture);
  findQemu(architecture);
  const own = await mkdtemp(join(folder, 'vm-'));
  const policy = settings.ipePolicy === undefined ? undefined : await readPolicyFile(settings.ipePolicy);
  const files = await findGuestFiles({
    architecture,
    guestDir: settings.guestDir,
    download: { folder: join(own, 'guest'), signal: context.signal },
  });
  const given = {
    settings,
    certificates: certificates.map(({ der }) => der),
    policy,
    files,
    folder: own,
    context,
  };
  const prepared = settings.kernel === undefined ? await builtIn(given) : await stock(given, settings.kernel);
  const accelerator = await chooseAccelerator({
    architecture,
    choice: settings.accelerator,
    machine: prepared.machine,
    commandLine: prepared.commandLine,
    folder: own,
    log: context.log,
    signal: context.signal,
  });
  return new Qemu(prepared, settings, accelerator, own, context);
};

/** Of another architecture, neither firmware nor the header of a kernel was tried. */
function requireX64(architecture: GuestArchitecture): void {
  if (architecture === 'x64') return;
  const { platform } = GUEST_KINDS[architecture];
  throw new VeritySignError(
    'usage',
    `kernel: a node's kernel is booted for linux/amd64, and the image is of ${platform}`,
    {
      remedy: 'Omit kernel and modules: the kernel of this program is booted',
    },
  );
}

interface Given {
  settings: MachineSettings;
  certificates: readonly Uint8Array[];
  policy: SignedPolicy | undefined;
  files: GuestFiles;
  folder: string;
  context: RunContext;
}

/** A kernel with everything that is the same for every boot. */
interface Prepared {
  source: string;
  policy: string;
  machine: GuestMachine;
  commandLine: readonly string[];
  job: Pick<Job, 'modules' | 'policies'>;
}

/** The kernel of this program, with the certificates written into it. Its policy is built in. */
async function builtIn({ settings, certificates, policy, files, folder, context }: Given): Promise<Prepared> {
  const { manifest } = files;
  const { signal } = context;
  const [vmlinux, initramfs] = [join(folder, 'vmlinux'), join(folder, 'initramfs')];
  await writeVmlinux({ source: files.kernel, manifest, certificates, target: vmlinux, signal });
  await writeInitramfs({ source: files.initramfs, manifest, more: [], target: initramfs, signal });
  return {
    source: 'built-in',
    policy: policyText(policy),
    machine: { kind: 'direct', vmlinux, initramfs },
    commandLine: [consoleArgument(settings.architecture), ...COMMAND_LINE, REQUIRE_SIGNATURES],
    job: { modules: [], policies: policy === undefined ? [] : [policy] },
  };
}

/** The node's kernel, which finds the certificates in the firmware's `db`. Without a policy it would allow everything. */
async function stock(
  { settings, certificates, policy, files, folder, context }: Given,
  { image, modules }: PreflightSettings['kernel'] & object,
): Promise<Prepared> {
  const { manifest } = files;
  const { signal, now } = context;
  const firmware = findFirmware();
  const kernel = await readStockKernel({ kernel: image, modules, network: settings.network });
  const own = policy === undefined ? await signEphemeralPolicy(SIGNED_LAYERS_POLICY, now) : undefined;
  const [variables, initramfs] = [join(folder, 'variables'), join(folder, 'initramfs')];
  await writeUefiVariables({
    template: firmware.variables,
    certificates: [...certificates, ...(own === undefined ? [] : [own.certificate])],
    target: variables,
  });
  await writeInitramfs({
    source: files.initramfs,
    manifest,
    more: kernel.entries,
    target: initramfs,
    signal,
  });
  const policies = [
    ...(policy === undefined ? [] : [policy]),
    ...(own === undefined ? [] : [{ name: POLICY_NAME, pkcs7: own.pkcs7 }]),
  ];
  return {
    source: image,
    policy: policyText(policy),
    machine: { kind: 'uefi', kernel: image, initramfs, firmware: firmware.code, variables },
    commandLine: [consoleArgument(settings.architecture), ...COMMAND_LINE],
    job: { modules: kernel.modules, policies },
  };
}

function policyText(policy: SignedPolicy | undefined): string {
  return policy === undefined
    ? 'only layers with a trusted signature, and the initramfs, may be executed'
    : `IPE policy ${policy.name}, version ${policy.version}`;
}

class Qemu implements Machine {
  readonly source: string;
  readonly policy: string;
  readonly #prepared: Prepared;
  readonly #settings: MachineSettings;
  readonly #accelerator: Accelerator;
  readonly #folder: string;
  readonly #context: RunContext;
  #boots = 0;

  constructor(
    prepared: Prepared,
    settings: MachineSettings,
    accelerator: Accelerator,
    folder: string,
    context: RunContext,
  ) {
    this.source = prepared.source;
    this.policy = prepared.policy;
    this.#prepared = prepared;
    this.#settings = settings;
    this.#accelerator = accelerator;
    this.#folder = folder;
    this.#context = context;
  }

  async boot(job: ImageJob, disks: readonly Disk[], each: (event: GuestEvent) => void): Promise<Booted> {
    for (let attempt = 1; ; attempt++) {
      let events = 0;
      const booted = await this.#bootOnce(job, disks, (event) => {
        events += 1;
        each(event);
      });
      if (events > 0 || attempt === ATTEMPTS) return booted;
      this.#context.log.warn('the VM reported nothing: it is started once more');
    }
  }

  async #bootOnce(job: ImageJob, disks: readonly Disk[], each: (event: GuestEvent) => void): Promise<Booted> {
    const { machine, commandLine, job: always } = this.#prepared;
    const { architecture, memory, network, bootTime = BOOT_TIME } = this.#settings;
    const number = this.#boots++;
    const [jobPath, report, messages] = ['job', 'report', 'messages'].map((name) =>
      join(this.#folder, `${name}-${number}`),
    ) as [string, string, string];
    await writeFile(jobPath, encodeJob({ ...always, ...job }), { flag: 'wx', mode: 0o600 });
    let complete = false;
    const start = performance.now();
    try {
      const late = await this.#untilLate({
        architecture,
        machine,
        accelerator: this.#accelerator,
        memory,
        commandLine,
        job: jobPath,
        report,
        layers: disks,
        network,
        timeout: ((job.program?.limits.time ?? 0) + bootTime) * 1000,
        signal: this.#context.signal,
        console: messages,
      });
      const seconds = Math.round(performance.now() - start) / 1000;
      for await (const event of readEvents(report)) {
        each(event);
        complete = event.event === 'end';
      }
      return { seconds, accelerator: this.#accelerator, late };
    } finally {
      if (!complete) await this.#showConsole(messages);
    }
  }

  /** Whether the guest had to be stopped. What it has reported by then counts. */
  async #untilLate(options: BootOptions): Promise<boolean> {
    try {
      await bootGuest(options);
      return false;
    } catch (error) {
      if (!isLate(error)) throw error;
      this.#context.log.warn(`${error.message}. ${error.remedy}`);
      return true;
    }
  }

  async #showConsole(path: string): Promise<void> {
    const lines = (await tailOf(path)).split(/[\r\n]+/).filter((line) => line.trim() !== '');
    for (const line of lines.slice(-CONSOLE_LINES)) this.#context.log.warn(`VM: ${line}`);
  }
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, CONSOLE_TAIL);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('latin1');
  } finally {
    await file.close();
  }
}
