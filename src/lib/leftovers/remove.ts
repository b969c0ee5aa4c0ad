import type { Stats } from 'node:fs';
import { lstat, opendir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { livenessOf } from './process-mark.ts';

/** Milliseconds after which a leftover of another machine, boot or PID namespace is removed. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** What is removed from a folder. */
export interface LeftoverKind {
  /** The mark in a name; undefined if the name has none. */
  markOf(name: string): string | undefined;
  /** Whether it may be a leftover, by type and owner. */
  accepts(found: Stats): boolean;
}

/**
 * Removes what killed runs left in a folder: never that of a process that lives, at once that of a
 * process that has ended, and after a day what nobody can tell. A failure is no error: the next run
 * tries again.
 */
export async function removeLeftovers(folder: string, { markOf, accepts }: LeftoverKind): Promise<void> {
  for (const name of await namesOf(folder)) {
    const mark = markOf(name);
    if (mark === undefined) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || !accepts(found) || !isAbandoned(mark, found.mtimeMs)) continue;
    if (found.isDirectory()) await removeFolder(path).catch(() => undefined);
    else await unlink(path).catch(() => undefined);
  }
}

function isAbandoned(mark: string, modified: number): boolean {
  const liveness = livenessOf(mark);
  return liveness === 'dead' || (liveness === 'unknown' && Date.now() - modified > ABANDONED);
}

async function namesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) names.push(name);
  } catch {
    // A folder that is missing or closed to this user has no leftovers of this user.
  }
  return names;
}

/** Removes a folder with all that is in it, one file after the other: it may have any number. */
export async function removeFolder(path: string): Promise<void> {
  await removeFiles(path);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

async function removeFiles(folder: string): Promise<void> {
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await removeFiles(path);
      else await unlink(path);
    }
  } catch {
    // The caller removes what is left, and reports what it cannot remove.
  }
}
