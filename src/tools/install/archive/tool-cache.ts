import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '../../../logger.ts';
import { type Archive, MAX_ARCHIVE_SIZE, whyDifferent } from './archive.ts';

/** In the runner's tool cache. Its files are archives, each named by its SHA-256. */
const FOLDER = 'verity-sign-archives';

/**
 * Copies an archive out of the runner's tool cache to the new file `target`. On a self-hosted runner,
 * every job can write to that cache: the copy, to which no other job can write, is what is checked.
 *
 * @returns whether `target` is the archive
 */
export async function copyFromToolCache(archive: Archive, target: string, log: Logger): Promise<boolean> {
  const path = pathOf(archive);
  if (path === undefined) return false;
  try {
    // Neither a link nor a pipe: opening one could wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      await copyOut(file, target);
    } finally {
      await file.close();
    }
    const difference = await whyDifferent(target, archive);
    if (difference === undefined) return true;
    log.warn(`${path} is not used: it ${difference}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    log.warn(`${path} is not used: ${(error as Error).message}`);
  }
  await rm(target, { force: true });
  return false;
}

async function copyOut(file: FileHandle, target: string): Promise<void> {
  const status = await file.stat();
  if (!status.isFile()) throw new Error('it is not a file');
  if (status.size > MAX_ARCHIVE_SIZE) throw new Error(`it has ${status.size} bytes`);
  const source = file.createReadStream({ end: MAX_ARCHIVE_SIZE, autoClose: false });
  await pipeline(source, createWriteStream(target, { flags: 'wx' }));
}

/** Keeps an archive in the tool cache for later runs. Without a tool cache, they download it again. */
export async function keepInToolCache(archive: Archive, file: string, log: Logger): Promise<void> {
  const path = pathOf(archive);
  if (path === undefined) return;
  const partial = `${path}.${randomUUID()}`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await copyFile(file, partial, constants.COPYFILE_EXCL);
    await rename(partial, path);
  } catch (error) {
    log.info(`The archive is not kept in the tool cache: ${(error as Error).message}`);
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

function pathOf({ sha256 }: Archive): string | undefined {
  const root = process.env.RUNNER_TOOL_CACHE;
  return root ? join(root, FOLDER, sha256) : undefined;
}
