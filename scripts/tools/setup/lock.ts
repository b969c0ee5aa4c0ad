import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { livenessOf, ownMark } from '../../../src/lib/leftovers/process-mark.ts';
import { failure } from '../common.ts';

export interface LockLimits {
  /** Milliseconds between two looks. */
  interval: number;
  /** Milliseconds until it is given up. */
  limit: number;
}

/** Milliseconds between two signs of life in the lock, and until a lock without them is nobody's. */
const PULSE = 10_000;
const NOBODYS = 120_000;

/**
 * Does `work` while no other process holds the lock in the file `path`. A lock whose process has ended is
 * taken over. Error (`environment`): another process holds it for too long.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { interval, limit }: LockLimits = { interval: 500, limit: 60 * 60_000 },
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const own = `${path}.${ownMark()}`;
  await writeFile(own, ownMark());
  try {
    for (let waited = 0; !(await take(own, path)); waited += interval) {
      if (waited === 0) console.log(`Another set-up holds ${path}; waiting for its end`);
      if (waited >= limit) {
        throw failure(`another set-up still holds ${path}`, `If none is running, remove ${path}`);
      }
      await setTimeout(interval);
    }
    const pulse = setInterval(() => {
      utimes(path, new Date(), new Date()).catch(() => undefined);
    }, PULSE);
    try {
      return await work();
    } finally {
      clearInterval(pulse);
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** A link is made by one process only, and its file is complete. */
async function take(own: string, path: string): Promise<boolean> {
  const made = await link(own, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );
  if (made) return true;
  const holder = await readFile(path, 'utf8').catch(() => '');
  if (await isHeld(path, holder)) return false;
  // Of two processes that find a dead one, the second may have renamed the lock of the first: it gives it back.
  const taken = `${own}.dead`;
  await rename(path, taken).catch(() => undefined);
  const was = await readFile(taken, 'utf8').catch(() => holder);
  if (was !== holder) await link(taken, path).catch(() => undefined);
  await rm(taken, { force: true });
  return false;
}

/** A holder of another boot or container is known by its signs of life only. */
async function isHeld(path: string, holder: string): Promise<boolean> {
  const liveness = livenessOf(holder);
  if (liveness !== 'unknown') return liveness === 'alive';
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs < NOBODYS;
}
