import { type FileHandle, open, rename, rm } from 'node:fs/promises';
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

/** Who may use a file. Of its mode, the permission bits count. */
export interface FileRights {
  mode: number;
  uid: number;
  gid: number;
}

/**
 * Creates a file that will replace one with these rights, and has the same whatever the umask. Its owner and group are
 * this user's where the system does not let it be given away.
 * @throws ErrnoException
 */
export async function openPartial(path: string, rights: FileRights): Promise<FileHandle> {
  const file = await open(path, 'wx', 0o600);
  try {
    await keepRights(file, rights);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function keepRights(file: FileHandle, { mode, uid, gid }: FileRights): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) {
    const group = (): Promise<void> => file.chown(own.uid, gid);
    await file
      .chown(uid, gid)
      .catch(group)
      .catch(() => undefined);
  }
  // Last, because a change of the owner removes bits.
  await file.chmod(mode & 0o777);
}

export interface WriteOptions {
  /** Those of the file that is replaced. Default: those of a new file. */
  rights?: FileRights;
  /** Called when the content is on disk; false gives the new content up. */
  mayReplace?: () => boolean;
}

/**
 * Writes a file atomically: a reader of `path` sees the old or the new content.
 * @returns false if `mayReplace` was false
 * @throws VeritySignError 'environment'
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  { rights, mayReplace = () => true }: WriteOptions = {},
): Promise<boolean> {
  const partial = partialPath(path);
  try {
    const file = await (rights === undefined ? open(partial, 'wx', 0o644) : openPartial(partial, rights));
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
