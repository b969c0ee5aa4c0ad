import type { GuestArchitecture } from '../../model/guest-architecture.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';
import type { Job } from './vm/job.ts';
import type { GuestEvent } from './vm/protocol.ts';

/** A disk of the VM. */
export interface Disk {
  /** Path of a file with the bytes of the disk. */
  path: string;
  /** By which the guest finds it. */
  serial: string;
}

/** What the VM is to do with an image. */
export type ImageJob = Omit<Job, 'modules' | 'policies'>;

/** How the VM was run. */
export interface Booted {
  /** From the start of QEMU to its end. */
  seconds: number;
  /** It still ran when its time was over, and was stopped. */
  late: boolean;
  accelerator: 'kvm' | 'tcg';
}

/** A VM whose kernel enforces signatures. */
export interface Machine {
  /** `built-in`, or the path of the given kernel. */
  readonly source: string;
  /** The policy that the kernel enforces, in words. */
  readonly policy: string;
  /**
   * Boots, does the job and powers off.
   * @param each gets the events in their order
   * @throws VeritySignError 'unchecked' if it cannot be started; 'cancelled'
   */
  boot(job: ImageJob, disks: readonly Disk[], each: (event: GuestEvent) => void): Promise<Booted>;
}

/** What the VM is, and what runs in it. */
export interface MachineSettings extends PreflightSettings {
  /** That of the image. */
  architecture: GuestArchitecture;
  /** Seconds that the VM has besides the program's: to boot, and to open and list the layers. Default: 300. */
  bootTime?: number;
}

/** Makes a VM that trusts these certificates. `folder` is private and lasts for the run. */
export type OpenMachine = (
  settings: MachineSettings,
  certificates: readonly Certificate[],
  folder: string,
  context: RunContext,
) => Promise<Machine>;
