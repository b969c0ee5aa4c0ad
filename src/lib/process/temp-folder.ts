import type { Stats } from 'node:fs';
import { chmod, mkdtemp, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { ownMark } from '../leftovers/process-mark.ts';
import { removeFolder, removeLeftovers } from '../leftovers/remove.ts';

/** Milliseconds between two signs of life: other machines cannot see whether this process lives. */
const SIGN_OF_LIFE = 60 * 60 * 1000;

const NAME = /^verity-sign-([0-9a-f]{16}-\d+-\d+-\d+)-[A-Za-z0-9]{6}$/;

/** Folders of this user that no other user can enter: nobody else can exchange what is in them. */
const LEFTOVERS = {
  markOf: (name: string) => NAME.exec(name)?.[1],
  accepts: (found: Stats) =>
    found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o077) === 0,
};

/**
 * Runs `work` with a new folder that only this user can enter, and removes it afterwards, even after
 * an error. Those that killed runs of this user left behind are removed first. `parent` defaults to the
 * system's temporary folder.
 */
export async function withTempFolder<T>(
  parent: string | undefined,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const place = resolve(parent ?? tmpdir());
  await removeLeftovers(place, LEFTOVERS);
  const path = await create(place);
  const alive = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE).unref();
  try {
    return await work(path);
  } finally {
    clearInterval(alive);
    await removeFolder(path);
  }
}

async function create(parent: string): Promise<string> {
  try {
    const path = await mkdtemp(join(parent, `verity-sign-${ownMark()}-`));
    // mkdtemp applies the umask to 0700, and the umask may be anything.
    await chmod(path, 0o700);
    return path;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).message;
    throw new VeritySignError('environment', `cannot create a temporary folder (${reason})`, {
      remedy: 'Set temp-dir to a folder with enough space that this user may write to',
      cause: error,
    });
  }
}
