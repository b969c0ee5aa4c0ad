import { copyFile, link, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Accelerator, type BootResult, boot } from '../../scripts/kernel/qemu.ts';
import type { NodeLayer } from './node-layers.ts';
import { tool } from './root.ts';

/** What `device` of the guest's init wants of a layer. */
export interface GuestLayer {
  path: string;
  hashOffset: number;
  rootHash: string;
  signature: Uint8Array | undefined;
}

export function guestLayer(layer: NodeLayer, signed?: { rootHash: string; pkcs7: Uint8Array }): GuestLayer {
  const { path, hashOffset, rootHash } = layer;
  return { path, hashOffset, rootHash: signed?.rootHash ?? rootHash, signature: signed?.pkcs7 };
}

/** The folder from which the guest's disk is made. */
export class Disk {
  readonly folder: string;
  readonly #steps: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(parent: string): Promise<Disk> {
    return new Disk(await mkdtemp(join(parent, 'disk-')));
  }

  /** Adds a line for the guest: a function of its init and arguments. */
  step(...words: string[]): this {
    this.#steps.push(words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' '));
    return this;
  }

  async layer(at: string, { path, hashOffset, rootHash, signature }: GuestLayer): Promise<void> {
    const folder = await this.#image(at, path);
    await writeFile(join(folder, 'hashoffset'), String(hashOffset));
    await writeFile(join(folder, 'roothash'), rootHash);
    if (signature !== undefined) await writeFile(join(folder, 'signature.p7s'), signature);
  }

  /** A layer as a node without dm-verity has it. */
  async plain(at: string, path: string): Promise<void> {
    await this.#image(at, path);
  }

  async #image(at: string, path: string): Promise<string> {
    const folder = join(this.folder, at);
    await mkdir(folder, { recursive: true });
    await link(path, join(folder, 'layer.img')).catch(() => copyFile(path, join(folder, 'layer.img')));
    return folder;
  }

  /** Makes the disk; returns its path. */
  async write(): Promise<string> {
    const disk = `${this.folder}.erofs`;
    await writeFile(join(this.folder, 'steps'), `${this.#steps.join('\n')}\n`);
    await tool('mkfs.erofs', ['--quiet', disk, this.folder]);
    return disk;
  }

  /** Makes the disk, boots, and reads the report. */
  async boot(machine: Machine, args: readonly string[]): Promise<Report> {
    return new Report(
      await boot({ ...machine, disk: await this.write(), arguments: args, timeout: 240_000 }),
    );
  }
}

export interface Machine {
  kernel: string;
  initramfs: string;
  accelerator: Accelerator;
}

/** What the guest saw, by key: see scripts/kernel/guest/init. */
export class Report {
  readonly console: string;
  readonly seconds: number;
  readonly #outcomes = new Map<string, string>();
  readonly #trees = new Map<string, string[]>();

  constructor({ report, console, seconds }: BootResult) {
    this.console = console;
    this.seconds = seconds;
    let tree: string[] = [];
    for (const line of report.trimEnd().split('\n')) {
      const [, key, outcome] = /^== (\S+) ?(.*)$/.exec(line) ?? [];
      if (key === undefined) {
        tree.push(line);
      } else if (key.startsWith('tree/')) {
        tree = [];
        this.#trees.set(key.slice('tree/'.length), tree);
      } else {
        if (this.#outcomes.has(key)) throw new Error(`${key} is reported twice`);
        this.#outcomes.set(key, outcome ?? '');
      }
    }
  }

  outcome(key: string): string | undefined {
    return this.#outcomes.get(key);
  }

  tree(key: string): string[] | undefined {
    return this.#trees.get(key);
  }

  /** All outcomes whose keys begin with `prefix`, by the rest of the key. */
  outcomes(prefix: string): Record<string, string> {
    const found = [...this.#outcomes].filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(found.map(([key, outcome]) => [key.slice(prefix.length), outcome]));
  }
}
