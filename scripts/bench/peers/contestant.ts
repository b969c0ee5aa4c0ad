import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { searchPath } from '../../tools/common.ts';
import type { Command } from '../measure/run.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const CLI = here('../../../dist/cli.js');

/** The results of signing an image. */
export interface Outcome {
  /** Root hash by the hex digits of the layer's digest. */
  rootHashes: Record<string, string>;
  /** Bytes of the EROFS images, if the contestant reports them. */
  erofsSizes?: number[];
}

/** A program that does the work of a case. */
export interface Contestant {
  name: string;
  /** Prepares a round in an empty folder; not timed. */
  prepare(folder: string): Promise<Command>;
  /** Reads the results of a round. */
  outcome?(folder: string): Promise<Outcome>;
}

/** mkfs.erofs makes a random UUID without one. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

export function environment(folder: string): Record<string, string> {
  return { PATH: searchPath(), HOME: folder, TMPDIR: join(folder, 'temp'), LC_ALL: 'C' };
}

/** A command that needs only a temporary folder. */
export function plain(name: string, command: (folder: string) => Omit<Command, 'env'>): Contestant {
  return {
    name,
    async prepare(folder) {
      await mkdir(join(folder, 'temp'));
      return { ...command(folder), env: environment(folder) };
    },
  };
}

/** A part of the work alone: see floors/floor.ts. */
export function floor(name: string, args: (folder: string) => readonly string[]): Contestant {
  return plain(name, (folder) => ({
    argv: [process.execPath, here('../floors/floor.ts'), ...args(folder)],
    timesItself: true,
  }));
}

/** `node dist/cli.js` with some arguments. */
export function cli(name: string, args: readonly string[], more: Partial<Command> = {}): Contestant {
  return plain(name, () => ({ argv: [process.execPath, CLI, ...args], ...more }));
}
