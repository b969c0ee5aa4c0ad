import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { link, open, rename, rm, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { VeritySignError } from '../errors.ts';
import { livenessOf, ownMark } from '../lib/leftovers/process-mark.ts';
import { partialPath, writeError } from './partial-file.ts';

/** Milliseconds between two signs of life of a lock. */
const SIGN_OF_LIFE = 2000;
/** Milliseconds without a sign of life, as this process saw it, after which a lock is abandoned. */
const SILENCE = 5000;
/** Milliseconds after which a lock that nobody waits for is a leftover. */
const LEFTOVER = 24 * 60 * 60 * 1000;
/** Milliseconds that a run waits for another one, which usually holds the lock for a few milliseconds. */
const LONGEST_WAIT = 60_000;
/** Bytes: more than the mark of any process. */
const MOST_CONTENT = 256;

/** A lock that this process holds. */
export interface FileLock {
  /** False if another process has taken it over, because this one gave no sign of life. */
  isHeld(): boolean;
  release(): Promise<void>;
}

let locks = 0;

/**
 * Takes a lock, which is a file with the mark of its process. The lock of a process that lives is never
 * taken, that of one that has ended at once. Of a process of another machine or PID namespace only its
 * signs of life are known, and clocks may differ: this process watches for them itself.
 * @param longestWait milliseconds
 * @throws VeritySignError 'environment' if it is held too long, 'cancelled' (the signal's reason)
 */
export async function lockFile(
  path: string,
  signal?: AbortSignal,
  longestWait = LONGEST_WAIT,
): Promise<FileLock> {
  locks += 1;
  const content = `${ownMark()} ${locks}`;
  const started = performance.now();
  let seen: { held: Held; since: number } | undefined;
  for (;;) {
    if (await create(path, content)) return hold(path, content);
    refuseOther(path);
    const held = look(path);
    const now = performance.now();
    if (held !== undefined && !(seen && isSame(seen.held, held))) seen = { held, since: now };
    const isSilent = seen !== undefined && now - seen.since > SILENCE;
    if (held !== undefined && isAbandoned(held, isSilent)) await takeAway(path, held);
    else await sleep(20 + Math.random() * 60);
    signal?.throwIfAborted();
    if (now - started > longestWait) throw heldTooLong(path, held, longestWait);
  }
}

/** @throws VeritySignError 'environment' if what is in the place of the lock is no file: that never goes away */
function refuseOther(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  const what = found.isDirectory()
    ? 'a folder'
    : found.isSymbolicLink()
      ? 'a symbolic link'
      : 'no regular file';
  throw new VeritySignError('environment', `${path} is ${what}, where a run keeps its lock`, {
    remedy: 'Remove it, then run again',
  });
}

/** Removes a lock that a killed run left behind. */
export async function removeAbandonedLock(path: string): Promise<void> {
  const held = look(path);
  if (held === undefined || !isAbandoned(held, Date.now() - held.modified > LEFTOVER)) return;
  await takeAway(path, held).catch(() => undefined);
}

interface Held {
  content: string;
  inode: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** Undefined if there is no lock, or something else in its place: to open or read that may never end. */
function look(path: string): Held | undefined {
  try {
    if (!lstatSync(path).isFile()) return undefined;
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return undefined;
      const content = Buffer.alloc(MOST_CONTENT);
      const size = readSync(file, content, 0, MOST_CONTENT, 0);
      return { content: content.toString('utf8', 0, size), inode: found.ino, modified: found.mtimeMs };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function isSame(a: Held, b: Held): boolean {
  return a.content === b.content && a.inode === b.inode && a.modified === b.modified;
}

/** @param isSilent whether its process has given no sign of life for long */
function isAbandoned({ content }: Held, isSilent: boolean): boolean {
  const liveness = livenessOf(content.split(' ')[0] ?? '');
  return liveness === 'dead' || (liveness === 'unknown' && isSilent);
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o644);
    try {
      await file.writeFile(content);
    } catch (error) {
      // On a full disk: without a mark, others would wait for it.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeError(error, path);
  }
}

function hold(path: string, content: string): FileLock {
  const isHeld = (): boolean => look(path)?.content === content;
  const alive = setInterval(() => {
    const now = new Date();
    if (isHeld()) utimes(path, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE).unref();
  return {
    isHeld,
    release: async () => {
      clearInterval(alive);
      if (isHeld()) await rm(path, { force: true });
    },
  };
}

/** Two processes may take the same lock away: renaming gives it to one, and a newer lock is put back. */
async function takeAway(path: string, held: Held): Promise<void> {
  const taken = partialPath(path);
  try {
    await rename(path, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw writeError(error, path);
  }
  try {
    const found = look(taken);
    if (found?.inode !== held.inode || found.content !== held.content) await link(taken, path);
  } catch {
    // A third process has a lock there by now. The second one notices that its own is gone.
  } finally {
    await rm(taken, { force: true });
  }
}

function heldTooLong(path: string, held: Held | undefined, waited: number): VeritySignError {
  const pid = held?.content.split('-')[2];
  const who = pid === undefined ? '' : ` by process ${pid}`;
  return new VeritySignError('environment', `${path} is held${who} for more than ${waited / 1000} s`, {
    remedy: 'End the other run that writes there, then run again',
  });
}
