import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ifThere } from '../../../lib/if-there.ts';

/** What tells a file from one that was renamed over it, and from itself after it was written to; and its rights. */
export type FileState = Pick<
  BigIntStats,
  'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'mode' | 'uid' | 'gid'
>;

/**
 * Undefined if there is no file.
 * @throws VeritySignError 'environment'
 */
export function stateOf(path: string): Promise<FileState | undefined> {
  return ifThere(path, () => stat(path, { bigint: true }));
}

export function isSameState(a: FileState, b: FileState | undefined): boolean {
  const names = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const;
  return names.every((name) => a[name] === b?.[name]);
}
