import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../../lib/read-regular.ts';

/** What reading a file of a node has shown. */
export type NodeFile =
  | { state: 'read'; bytes: Buffer }
  | { state: 'absent' }
  /** `reason`: the system's code, such as EACCES, or why it is no file to read. */
  | { state: 'unreadable'; reason: string };

/** The names in a folder of a node, sorted. */
export type NodeFolder = { state: 'read'; names: string[] } | Exclude<NodeFile, { state: 'read' }>;

/** Bytes: what doctor reads is small, but `/proc` states no sizes. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_LINKS = 40;

/**
 * Files of a node, under its root folder. Links are followed inside that folder: an absolute one in a copy of a
 * node does not lead to this machine.
 */
export class NodeFiles {
  readonly root: string;

  /** @param root `/` for this machine */
  constructor(root: string) {
    this.root = root;
  }

  /** @param path absolute, as the node has it */
  async read(path: string): Promise<NodeFile> {
    return this.#tried(path, async (real) => ({
      state: 'read',
      bytes: await readRegular(real, MOST_BYTES),
    }));
  }

  /** The text of a file without white space around it; undefined if it is absent or cannot be read. */
  async text(path: string): Promise<string | undefined> {
    const file = await this.read(path);
    return file.state === 'read' ? file.bytes.toString('utf8').trim() : undefined;
  }

  async list(path: string): Promise<NodeFolder> {
    return this.#tried(path, async (real) => ({ state: 'read', names: (await readdir(real)).sort() }));
  }

  async #tried<T extends NodeFile | NodeFolder>(
    path: string,
    use: (real: string) => Promise<T>,
  ): Promise<T | Exclude<NodeFile, { state: 'read' }>> {
    try {
      return await use(join(this.root, await this.#resolve(path)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'absent' };
      if (code !== undefined) return { state: 'unreadable', reason: code };
      throw error;
    }
  }

  /** The path without links, from the root of the node. */
  async #resolve(path: string): Promise<string> {
    if (this.root === '/') return path;
    const left = path.split('/');
    let links = 0;
    let done: string[] = [];
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        done = done.slice(0, -1);
        continue;
      }
      const here = join(this.root, ...done, name);
      if (!(await lstat(here)).isSymbolicLink()) {
        done.push(name);
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
      const target = await readlink(here);
      if (target.startsWith('/')) done = [];
      left.unshift(...target.split('/'));
    }
    return `/${done.join('/')}`;
  }
}
