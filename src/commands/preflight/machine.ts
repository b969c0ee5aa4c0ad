import type { RunContext } from '../shared/options.ts';
import type { PreflightSettings } from './options.ts';
import type { GuestEvent } from './vm/protocol.ts';

/** A disk of the VM. */
export interface Disk {
  /** Path of a file with the bytes of the disk. */
  path: string;
  /** By which the guest finds it. */
  serial: string;
}

/** A layer to open, lowest first. */
export interface JobLayer {
  /** Position in the image manifest. */
  number: number;
  serial: string;
  /** Bytes before the dm-verity superblock. */
  hashOffset: number;
  rootHash: string;
  /** DER; undefined for a layer without a signature. */
  pkcs7: Uint8Array | undefined;
}

/** A program to run in the image. */
export interface JobProgram {
  arguments: string[];
  /** NAME=VALUE. */
  environment: string[];
  /** As the image configuration has it. */
  user: string;
  directory: string;
  /** Seconds: the program may run, and must have run to count as alive (0: it must end). */
  limits: { time: number; alive: number };
  health: HealthCheck | undefined;
}

/** Times in seconds. */
export interface HealthCheck {
  interval: number;
  timeout: number;
  startPeriod: number;
  retries: number;
  check: string[];
}

/** What the VM is to do with an image. */
export interface ImageJob {
  layers: JobLayer[];
  network: boolean;
  list: boolean;
  program: JobProgram | undefined;
  /** Number of the layer of which a byte is changed. */
  tamper: number | undefined;
}

/** How the VM was run. */
export interface Booted {
  /** From the start of QEMU to its end. */
  seconds: number;
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
   * @throws VeritySignError 'unchecked' if it cannot be started or does not end; 'cancelled'
   */
  boot(job: ImageJob, disks: readonly Disk[], each: (event: GuestEvent) => void): Promise<Booted>;
}

/** Makes a VM that trusts these certificates. `folder` is private and lasts for the run. */
export type OpenMachine = (
  settings: PreflightSettings,
  certificates: readonly Uint8Array[],
  folder: string,
  context: RunContext,
) => Promise<Machine>;
