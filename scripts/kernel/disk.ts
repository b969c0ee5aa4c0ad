import { copyFile, link, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../tools/common.ts';
import { Report } from './guest-report.ts';
import { boot, type Machine } from './qemu.ts';

/** What `device` of the guest's init wants of a layer. */
export interface GuestLayer {
  path: string;
  hashOffset: number;
  rootHash: string;
  signature: Uint8Array | undefined;
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
    await command(['mkfs.erofs', '--quiet', disk, this.folder], this.folder);
    return disk;
  }

  /** Makes the disk, boots, and reads the report. `timeout`: milliseconds. */
  async boot(machine: Machine, args: readonly string[], timeout = 240_000): Promise<Report> {
    return new Report(await boot({ ...machine, disk: await this.write(), arguments: args, timeout }));
  }
}
