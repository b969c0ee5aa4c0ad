import { VeritySignError } from '../../../errors.ts';
import { JOB } from './protocol.ts';

/** What the guest does, in this order. */
export interface Job {
  /** Kernel modules of the initramfs, in the order of loading. */
  modules: readonly { path: string; parameters: string }[];
  /** Signed IPE policies, loaded and activated in this order. */
  policies: readonly { name: string; pkcs7: Uint8Array }[];
  /** Lowest layer first. */
  layers: readonly JobLayer[];
  /** Whether eth0 is brought up. */
  network: boolean;
  /** Whether executable files are listed and judged. */
  list: boolean;
  program: JobProgram | undefined;
  /** Number of the layer of which a byte is changed. */
  tamper: number | undefined;
}

export interface JobLayer {
  number: number;
  /** Serial number of its disk. */
  serial: string;
  /** Bytes before the dm-verity superblock. */
  hashOffset: number;
  /** Lowercase hexadecimal digits. */
  rootHash: string;
  pkcs7: Uint8Array | undefined;
}

export interface JobProgram {
  arguments: readonly string[];
  /** NAME=VALUE */
  environment: readonly string[];
  /** As the image's configuration has it, such as `1000:1000`; empty for root. */
  user: string;
  directory: string;
  /** Seconds: at most, and until it counts as alive (0: it must end). */
  limits: { time: number; alive: number };
  health: JobHealth | undefined;
}

export interface JobHealth {
  /** Seconds. */
  interval: number;
  timeout: number;
  startPeriod: number;
  retries: number;
  /** Arguments of the program that checks. */
  check: readonly string[];
}

/** Bytes of a sector: a disk is a number of whole ones. */
const SECTOR = 512;

/**
 * The content of the job disk: NUL-terminated strings, then zeros up to a whole sector.
 * @throws VeritySignError 'image' if a text has a NUL, which neither an argument nor a variable of a process can
 */
export function encodeJob(job: Job): Buffer {
  const records = new Records();
  records.add('version', '1');
  for (const { path, parameters } of job.modules) records.add('module', path, parameters);
  for (const { name, pkcs7 } of job.policies) records.add('policy', name, hex(pkcs7));
  for (const { number, serial, hashOffset, rootHash, pkcs7 } of job.layers) {
    const signature = pkcs7 === undefined ? '' : hex(pkcs7);
    records.add('layer', decimal(number), serial, decimal(hashOffset), rootHash, signature);
  }
  records.add('network', flag(job.network));
  records.add('list', flag(job.list));
  if (job.program !== undefined) addProgram(records, job.program);
  if (job.tamper !== undefined) records.add('tamper', decimal(job.tamper));
  records.add('end');
  return records.disk();
}

function addProgram(records: Records, program: JobProgram): void {
  for (const argument of program.arguments) records.add('argument', argument);
  for (const variable of program.environment) records.add('environment', variable);
  records.add('user', program.user);
  records.add('directory', program.directory);
  records.add('limits', decimal(program.limits.time), decimal(program.limits.alive));
  if (program.health === undefined) return;
  const { interval, timeout, startPeriod, retries, check } = program.health;
  records.add('health', ...[interval, timeout, startPeriod, retries].map(decimal));
  for (const argument of check) records.add('check', argument);
}

class Records {
  readonly #strings: string[] = [];

  add(keyword: keyof typeof JOB, ...values: string[]): void {
    const wanted = JOB[keyword].length;
    if (values.length !== wanted) throw new TypeError(`${keyword} of the job takes ${wanted} values`);
    if (values.some((value) => value.includes('\0'))) {
      throw new VeritySignError('image', `a value of "${keyword}" contains a NUL character`, {
        remedy: 'Build the image again without it: no Linux process can have such an argument or variable',
      });
    }
    this.#strings.push(keyword, ...values);
  }

  disk(): Buffer {
    const text = Buffer.from(this.#strings.map((value) => `${value}\0`).join(''));
    const disk = Buffer.alloc(Math.ceil(text.length / SECTOR) * SECTOR);
    text.copy(disk);
    return disk;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}

function decimal(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${value} is no number of the job`);
  return String(value);
}
