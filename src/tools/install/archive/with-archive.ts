import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstallContext } from '../context.ts';
import type { Archive } from './archive.ts';
import { downloadArchive } from './download.ts';
import { fetchFromRunnerCache, saveInRunnerCache } from './runner-cache.ts';
import { copyFromToolCache, keepInToolCache } from './tool-cache.ts';
import { unpack } from './unpack.ts';

/**
 * Gets an archive from the tool cache, the runner's cache or a download, unpacks it and calls `use` with
 * the folder. What is unpacked is a private copy whose SHA-256 was checked: it does not matter who else
 * can write to a cache. The files are removed afterwards.
 * @throws VeritySignError 'environment'
 */
export async function withArchive<T>(
  archive: Archive,
  context: InstallContext,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-install-'));
  try {
    const file = await obtain(archive, scratch, context);
    const folder = join(scratch, 'unpacked');
    await mkdir(folder);
    await unpack(file, folder, archive, context.signal);
    return await use(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Path of a private copy of the archive, which has the right SHA-256. */
async function obtain(archive: Archive, scratch: string, context: InstallContext): Promise<string> {
  const kept = join(scratch, 'kept');
  if (await copyFromToolCache(archive, kept, context.log)) return kept;
  // The runner's cache holds sources only: an archive of oras is a program.
  const cached = context.runnerCache === true && archive.tool === 'erofs-utils';
  const restored = join(scratch, 'restored');
  const found = cached && (await fetchFromRunnerCache(archive, restored, context));
  const file = found ? restored : await downloadArchive(archive, scratch, context);
  await keepInToolCache(archive, file, context.log);
  if (cached && !found) await saveInRunnerCache(archive, file, context);
  return file;
}
