/** Boots the guest of preflight with jobs made by hand, without the host part of the command. */
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { searchPath } from '../../../scripts/tools/common.ts';
import { type GuestEvent, guestEvent, type JOB } from '../../../src/commands/preflight/vm/protocol.ts';
import { run } from '../../../src/lib/process/run.ts';

export interface Disk {
  path: string;
  serial: string;
}

export type Event<E extends GuestEvent['event']> = Extract<GuestEvent, { event: E }>;

export class Reported {
  readonly events: readonly GuestEvent[];
  readonly console: string;
  readonly seconds: number;

  constructor(events: readonly GuestEvent[], console: string, seconds: number) {
    this.events = events;
    this.console = console;
    this.seconds = seconds;
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

/** Records of a job: a keyword and its values. */
export type JobRecord = readonly [keyof typeof JOB, ...(string | number)[]];

export function jobBytes(records: readonly JobRecord[]): Buffer {
  const words = [['version', 1] as JobRecord, ...records, ['end'] as JobRecord].flat();
  const bytes = Buffer.from(words.map((word) => `${word}\0`).join(''), 'latin1');
  return Buffer.concat([bytes, Buffer.alloc(512 - (bytes.length % 512))]);
}

const REPORT_BYTES = 64 * 1024 * 1024;

/** The guest of `folder`, which `buildGuestFiles` made. */
export class Guest {
  readonly #folder: string;
  #made = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(files: string, folder: string): Promise<Guest> {
    await writeFile(join(folder, 'vmlinux'), zstdDecompressSync(await readFile(join(files, 'vmlinux.zst'))));
    await writeFile(join(folder, 'initramfs'), await readFile(join(files, 'initramfs.cpio.zst')));
    return new Guest(folder);
  }

  /** Boots it, with the layers’ disks behind those of the job and the report. */
  async boot(
    records: readonly JobRecord[],
    layers: readonly Disk[],
    { timeout = 120_000, options = [] as string[] } = {},
  ): Promise<Reported> {
    const folder = await mkdtemp(join(this.#folder, `boot-${this.#made++}-`));
    const at = (name: string) => join(folder, name);
    await writeFile(at('job'), jobBytes(records));
    await writeFile(at('report'), '');
    await truncate(at('report'), REPORT_BYTES);
    const disks = [
      { path: at('job'), serial: 'job' },
      { path: at('report'), serial: 'report', write: true },
      ...layers,
    ];
    const quiet = ['console=ttyS0', 'panic=-1', 'loglevel=4', 'initramfs_async=0'];
    const line = [...quiet, 'dm_verity.require_signatures=1', ...options];
    const argv = [
      ...['setpriv', '--pdeathsig=KILL', '--', 'qemu-system-x86_64', '-accel', 'tcg'],
      ...['-cpu', 'max,la57=off', '-smp', '2', '-m', '768', '-machine', 'q35,usb=off,hpet=off'],
      ...[
        '-nodefaults',
        '-no-user-config',
        '-no-reboot',
        '-display',
        'none',
        '-serial',
        `file:${at('console')}`,
      ],
      ...['-kernel', join(this.#folder, 'vmlinux'), '-initrd', join(this.#folder, 'initramfs')],
      ...['-append', line.join(' '), ...disks.flatMap(driveOptions)],
    ];
    const start = performance.now();
    await run(argv, { env: { PATH: searchPath(), LC_ALL: 'C' }, timeout });
    const seconds = (performance.now() - start) / 1000;
    const console = (await readFile(at('console'), 'latin1')).replaceAll('\r', '');
    const events = parse(await readUntilNul(at('report')), console);
    await rm(folder, { recursive: true });
    return new Reported(events, console, seconds);
  }
}

function driveOptions({ path, serial, write }: Disk & { write?: boolean }, index: number): string[] {
  const slot = `0x${(1 + Math.floor(index / 8)).toString(16)}.${index % 8}`;
  const many = index % 8 === 0 ? ',multifunction=on' : '';
  return [
    '-drive',
    `file=${path},if=none,id=${serial},format=raw,cache=unsafe${write ? '' : ',readonly=on'}`,
    '-device',
    `virtio-blk-pci,drive=${serial},serial=${serial},num-queues=1,disable-legacy=on,addr=${slot}${many}`,
  ];
}

async function readUntilNul(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = await file.readFile();
    const end = bytes.indexOf(0);
    return bytes.subarray(0, end === -1 ? bytes.length : end);
  } finally {
    await file.close();
  }
}

function parse(report: Buffer, console: string): GuestEvent[] {
  const lines = report.toString('latin1').split('\n').filter(Boolean);
  const events = lines.map((line) => guestEvent.parse(JSON.parse(line)));
  if (events.at(-1)?.event !== 'end') {
    const last = lines.slice(-5).join('\n');
    throw new Error(`the guest did not come to its end:\n${last}\nconsole:\n${console.slice(-4000)}`);
  }
  return events;
}
