import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parsePolicy } from '../../formats/ipe/parse.ts';
import type { IpePolicy } from '../../formats/ipe/policy.ts';
import { removeLeftovers } from '../../lib/leftovers/remove.ts';
import { readRegular } from '../../lib/read-regular.ts';
import { createFolder, missingFolders, removeIfEmpty, whyNotCreatable } from '../../lib/writable.ts';
import { lockFile, removeAbandonedLock } from '../../oci/file-lock.ts';
import { partialPath, partialsOf, writeError } from '../../oci/partial-file.ts';
import type { IpePolicyReport } from '../../report/node/ipe-policy-report.ts';
import { parsePkcs7WithContent } from '../../signatures/pkcs7/with-content.ts';

/** A mapping lists each layer of each image. */
const MOST_BYTES = 256 * 1024 * 1024;

export type PolicyFiles = NonNullable<IpePolicyReport['files']>;

/** Absolute paths. The signed policy is last: who finds it finds all. */
export function policyFiles(out: string, name: string): PolicyFiles {
  const path = (extension: string): string => join(resolve(out), `${name}.${extension}`);
  return { policy: path('ipe'), mapping: path('json'), signed: path('p7b') };
}

/**
 * Creates the folder, and checks that the files can be written and replace nothing but an earlier version of the
 * same policy. Before any work.
 * @returns that earlier version
 * @throws VeritySignError 'usage', 'environment'
 */
export async function checkFiles(files: PolicyFiles, name: string): Promise<IpePolicy | undefined> {
  for (const path of Object.values(files)) {
    const reason = whyNotCreatable(path);
    if (reason === undefined) continue;
    throw new VeritySignError('environment', `out: ${path} cannot be written (${reason})`, {
      remedy: 'Give a folder that this user may write to',
    });
  }
  const signed = await readExisting(files.signed, (bytes) =>
    parsePolicy(parsePkcs7WithContent(bytes).content),
  );
  const policy = await readExisting(files.policy, parsePolicy);
  const mapped = await readExisting(files.mapping, nameInMapping);
  const names = [
    [files.policy, policy?.name],
    [files.signed, signed?.name],
    [files.mapping, mapped],
  ] as const;
  for (const [path, found] of names) if (found !== undefined && found !== name) throw foreign(path);
  return signed ?? policy;
}

/** Undefined if there is no such file. @throws VeritySignError if it is something else */
async function readExisting<T>(path: string, read: (bytes: Buffer) => T): Promise<T | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readRegular(path, MOST_BYTES);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (['not a regular file', 'too large'].includes(code)) throw foreign(path);
    throw writeError(error, path);
  }
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof FormatError || error instanceof SyntaxError) throw foreign(path);
    throw error;
  }
}

function nameInMapping(bytes: Buffer): string {
  const found = JSON.parse(bytes.toString()) as { policy?: { name?: unknown } } | null;
  return String(found?.policy?.name);
}

function foreign(path: string): VeritySignError {
  return new VeritySignError('usage', `out: ${path} exists and is not of this policy`, {
    remedy: 'Choose another name or folder, or remove the file first',
  });
}

/**
 * Writes the files of a policy together: of two runs, the files of one are there, and no mixture.
 * @throws VeritySignError 'environment', and nothing is left behind; 'cancelled'
 */
export async function writePolicyFiles(
  { policy, mapping, signed }: PolicyFiles,
  contents: Readonly<Record<keyof PolicyFiles, Uint8Array>>,
  signal: AbortSignal,
): Promise<void> {
  const path = join(dirname(signed), `.${basename(signed)}.lock`);
  createFolder(dirname(signed));
  await removeAbandonedLock(path);
  const lock = await lockFile(path, signal);
  try {
    await writeFiles([
      [policy, contents.policy],
      [mapping, contents.mapping],
      [signed, contents.signed],
    ]);
  } finally {
    await lock.release();
  }
}

/**
 * Writes all files atomically: none is replaced before all are on disk.
 * @throws VeritySignError 'environment', and nothing is left behind
 */
export async function writeFiles(
  contents: readonly (readonly [path: string, content: Uint8Array])[],
): Promise<void> {
  const pending = contents.map(([path, content]) => ({ path, content, partial: partialPath(path) }));
  let current = '';
  const created = contents.flatMap(([path]) => missingFolders(resolve(path, '..')));
  try {
    for (const { path, content, partial } of pending) {
      current = path;
      createFolder(resolve(path, '..'));
      await removeLeftovers(resolve(path, '..'), partialsOf(path));
      await writeNew(partial, content);
    }
    for (const { path, partial } of pending) {
      current = path;
      await rename(partial, path);
    }
  } catch (error) {
    await Promise.all(pending.map(({ partial }) => rm(partial, { force: true }).catch(() => undefined)));
    // The deepest first: a path is longer than those above it.
    removeIfEmpty(created.sort((a, b) => b.length - a.length));
    throw writeError(error, current);
  }
  const [first] = pending;
  if (first !== undefined) await syncFolder(resolve(first.path, '..'));
}

async function writeNew(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new names are on disk as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
