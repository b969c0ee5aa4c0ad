import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { toolEnvironment, toolPath } from './tools.ts';

/** File types of directory entries. [Linux include/linux/fs_types.h] */
export const FT = {
  /** Not of Linux: a directory that cannot be listed. */
  unreadable: 0,
  file: 1,
  directory: 2,
  char: 3,
  block: 4,
  fifo: 5,
  link: 7,
} as const;

/** An inode as it is stored. [Linux fs/erofs/erofs_fs.h] */
export interface StoredInode {
  size: number;
  /** Device number, as Linux decodes it. */
  major: number;
  minor: number;
  /** `name=value` of each extended attribute, latin1. */
  xattrs: string[];
}

/**
 * The entries of an image with blocks of 4096 bytes, listed by dump.erofs: the type by path, latin1, without
 * a slash at the beginning. Inodes are read at the place that dump.erofs names.
 */
export class ImageEntries {
  readonly types = new Map<string, number>();
  readonly #nids = new Map<string, bigint>();
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async of(path: string): Promise<ImageEntries> {
    const image = new ImageEntries(path);
    const root = await dump(path, '--path=/');
    await image.#list('', BigInt(/NID: (\d+)/.exec(root)?.[1] ?? ''));
    return image;
  }

  async #list(folder: string, nid: bigint): Promise<void> {
    const output = await dump(this.#path, `--nid=${nid}`, '--ls');
    if (!/^ *\d+ {4}2 {2}\.$/m.test(output)) this.types.set(folder, FT.unreadable);
    const listing = output.slice(output.indexOf('NID TYPE  FILENAME\n') + 'NID TYPE  FILENAME\n'.length);
    // A name may contain line feeds: lines without numbers belong to the name before them.
    for (const line of listing.split(/\n(?= *\d+ {4}\d {2})/)) {
      const [, inode, type, name] = /^ *(\d+) {4}(\d) {2}(.*)$/s.exec(line.replace(/\n$/, '')) ?? [];
      if (name === undefined) continue;
      if (name === '.' || name === '..') continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      this.types.set(path, Number(type));
      const own = BigInt(inode ?? '');
      this.#nids.set(path, own);
      if (Number(type) === FT.directory) await this.#list(path, own);
    }
  }

  inode(path: string): StoredInode {
    const nid = this.#nids.get(path);
    if (nid === undefined) throw new TypeError(`no inode of ${path}`);
    const file = openSync(this.#path, 'r');
    try {
      const metaBlock = read(file, 1024 + 40, 4).readUInt32LE();
      // Beyond the reach of the root's number, nids wrap around.
      const at = metaBlock * 4096 + Number(BigInt.asIntN(59, nid)) * 32;
      const head = read(file, at, 64);
      const extended = (head.readUInt16LE(0) & 1) === 1;
      const union = head.readUInt32LE(16);
      const count = head.readUInt16LE(2);
      const attributes = count === 0 ? 0 : 12 + 4 * (count - 1);
      return {
        size: extended ? Number(head.readBigUInt64LE(8)) : head.readUInt32LE(8),
        major: (union & 0xfff00) >>> 8,
        minor: (union & 0xff) | ((union >>> 12) & 0xfff00),
        xattrs: xattrsIn(read(file, at + (extended ? 64 : 32), attributes)),
      };
    } finally {
      closeSync(file);
    }
  }
}

const PREFIXES = [
  '',
  'user.',
  'system.posix_acl_access',
  'system.posix_acl_default',
  'trusted.',
  '',
  'security.',
];

function xattrsIn(area: Buffer): string[] {
  const found: string[] = [];
  for (let at = 12; at + 4 <= area.length; ) {
    const value = at + 4 + area.readUInt8(at);
    const end = value + area.readUInt16LE(at + 2);
    const name = `${PREFIXES[area.readUInt8(at + 1)]}${area.toString('latin1', at + 4, value)}`;
    found.push(`${name}=${area.toString('latin1', value, end)}`);
    at = Math.ceil(end / 4) * 4;
  }
  return found;
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, position);
  return bytes;
}

async function dump(image: string, ...args: string[]): Promise<string> {
  const options = { env: toolEnvironment(), encoding: 'latin1', maxBuffer: 1e8 } as const;
  const { stdout } = await promisify(execFile)(toolPath('dump.erofs'), [...args, image], options);
  return stdout;
}
