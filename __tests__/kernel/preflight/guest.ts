/** Boots the VM of preflight, as the command does, with jobs that a test makes. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openMachine } from '../../../src/commands/preflight/boot-machine.ts';
import type { ImageJob, Machine, MachineSettings } from '../../../src/commands/preflight/machine.ts';
import type { JobProgram } from '../../../src/commands/preflight/vm/job.ts';
import type { GuestEvent } from '../../../src/commands/preflight/vm/protocol.ts';
import { silentLogger } from '../../../src/logger.ts';
import { readCertificate } from '../../../src/signatures/x509/certificate.ts';
import { verifyContext } from '../../helpers/verify.ts';
import type { TestLayer } from './layers.ts';

export type Event<E extends GuestEvent['event']> = Extract<GuestEvent, { event: E }>;

export class Reported {
  readonly events: readonly GuestEvent[];

  constructor(events: readonly GuestEvent[]) {
    this.events = events;
  }

  all<E extends GuestEvent['event']>(name: E): Event<E>[] {
    return this.events.filter((one): one is Event<E> => one.event === name);
  }

  one<E extends GuestEvent['event']>(name: E): Event<E> {
    const [first, ...more] = this.all(name);
    if (first === undefined || more.length > 0) throw new Error(`${more.length + Number(!!first)} ${name}`);
    return first;
  }

  output(stream: 'stdout' | 'stderr' = 'stdout'): string {
    return this.all('output')
      .filter((one) => one.stream === stream)
      .map(({ text }) => text)
      .join('');
  }
}

/** A run of a program of the image, as root unless `more` says otherwise. */
export function program(argv: readonly string[], more: Partial<JobProgram> = {}): JobProgram {
  return {
    arguments: argv,
    environment: [],
    user: '',
    directory: '/',
    limits: { time: 60, alive: 0 },
    health: undefined,
    ...more,
  };
}

/** Of the VM; what the command makes of the image is in the job. */
const SETTINGS: MachineSettings = {
  architecture: 'x64',
  healthcheck: false,
  timeLimit: 0,
  static: false,
  allowDenials: false,
  memory: 768 * 1024 * 1024,
  network: false,
  accelerator: 'tcg',
  trustedCertificates: [],
};

export interface GuestOptions {
  /** What `buildGuestFiles` made. */
  files: string;
  /** The VM's own files go into a folder in it. */
  folder: string;
  /** DER certificates that the kernel trusts besides those of the test kernel. */
  certificates?: readonly Uint8Array[];
  settings?: Partial<MachineSettings>;
}

export class Guest {
  readonly #machine: Machine;
  readonly #network: boolean;
  readonly #warnings: string[];

  private constructor(machine: Machine, network: boolean, warnings: string[]) {
    this.#machine = machine;
    this.#network = network;
    this.#warnings = warnings;
  }

  static async create({ files, folder, certificates = [], settings = {} }: GuestOptions): Promise<Guest> {
    const all = { ...SETTINGS, guestDir: files, ...settings };
    const warnings: string[] = [];
    const log = { ...silentLogger, warn: (message: string) => warnings.push(message) };
    const context = { ...verifyContext(new Date()), log };
    const own = await mkdtemp(join(folder, 'machine-'));
    return new Guest(
      await openMachine(all, certificates.map(readCertificate), own, context),
      all.network,
      warnings,
    );
  }

  /** Boots it with these layers, the lowest first, each on a disk of its own. */
  async boot(job: Partial<ImageJob>, layers: readonly TestLayer[]): Promise<Reported> {
    const serial = (number: number): string => `layer-${String(number).padStart(3, '0')}`;
    const stack = layers.map(({ hashOffset, rootHash, signature }, number) => {
      return { number, serial: serial(number), hashOffset, rootHash, pkcs7: signature };
    });
    const disks = layers.map(({ path }, number) => ({ path, serial: serial(number) }));
    const whole: ImageJob = {
      layers: stack,
      network: this.#network,
      list: false,
      program: undefined,
      tamper: undefined,
      ...job,
    };
    const events: GuestEvent[] = [];
    await this.#machine.boot(whole, disks, (event) => events.push(event));
    if (events.at(-1)?.event !== 'end') {
      const last = events.slice(-5).map((event) => JSON.stringify(event));
      throw new Error(['the guest did not come to its end:', ...last, ...this.#warnings].join('\n'));
    }
    return new Reported(events);
  }
}
