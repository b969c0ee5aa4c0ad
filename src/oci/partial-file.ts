import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { VeritySignError } from '../errors.ts';
import { sha256Digest } from '../formats/digest.ts';
import { isMark, ownMark } from '../lib/leftovers/process-mark.ts';
import type { LeftoverKind } from '../lib/leftovers/remove.ts';

const MARKED = /\.([0-9a-f-]+)-\d+\.partial$/;

/** Bytes of a name that leave room for the mark in the 255 bytes of a file name. */
const LONG_NAME = 150;

let partials = 0;

/** A new name beside `path` that says which process writes there. */
export function partialPath(path: string): string {
  partials += 1;
  return join(dirname(path), `${shortName(path)}.${ownMark()}-${partials}.partial`);
}

/** A name for what belongs to a file, to which something can be added. */
export function shortName(path: string): string {
  const name = basename(path);
  return Buffer.byteLength(name) <= LONG_NAME ? name : sha256Digest(Buffer.from(name)).slice(7, 39);
}

/** Partial files, by default of any file in a folder, else of the file with this path. */
export function partialsOf(path?: string): LeftoverKind {
  const start = path === undefined ? '' : `${shortName(path)}.`;
  return {
    markOf: (name) => {
      if (!name.startsWith(start)) return undefined;
      const mark = MARKED.exec(name)?.[1];
      // Without a mark, it may be the file of another program.
      return mark !== undefined && isMark(mark) ? mark : undefined;
    },
    accepts: (found) => found.isFile(),
  };
}

/**
 * Writes a file atomically: a reader of `path` sees the old or the new content.
 * @param mayReplace called when the content is on disk; false gives the new content up
 * @returns false if `mayReplace` was false
 * @throws VeritySignError 'environment'
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  mode: number,
  mayReplace: () => boolean = () => true,
): Promise<boolean> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const replaces = mayReplace();
    if (replaces) await rename(partial, path);
    else await rm(partial, { force: true });
    return replaces;
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}

/** The error for a file that cannot be written. */
export function writeError(error: unknown, path: string): unknown {
  if (error instanceof VeritySignError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new VeritySignError('environment', `cannot write ${path} (${code ?? error.message})`, {
    remedy: 'Check write permission and free space there',
    cause: error,
  });
}
