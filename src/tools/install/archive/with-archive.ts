import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallContext } from '../context.ts';
import { runnerFolder } from '../program-folder.ts';
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
  const scratch = await runnerFolder('verity-sign-install-');
  try {
    const { file, from } = await obtain(archive, scratch, context);
    const folder = join(scratch, 'unpacked');
    await mkdir(folder);
    await unpack(file, folder, archive, context.signal);
    const result = await use(folder);
    // Kept only now: an archive that turned out to be useless is not.
    if (from !== 'tool cache') await keepInToolCache(archive, file, context.log);
    if (from === 'download' && isCached(archive, context)) await saveInRunnerCache(archive, file, context);
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Obtained {
  file: string;
  from: 'tool cache' | "runner's cache" | 'download';
}

/** A private copy of the archive, which has the right SHA-256. */
async function obtain(archive: Archive, scratch: string, context: InstallContext): Promise<Obtained> {
  const kept = join(scratch, 'kept');
  if (await copyFromToolCache(archive, kept, context.log)) return { file: kept, from: 'tool cache' };
  const restored = join(scratch, 'restored');
  if (isCached(archive, context) && (await fetchFromRunnerCache(archive, restored, context))) {
    return { file: restored, from: "runner's cache" };
  }
  return { file: await downloadArchive(archive, scratch, context), from: 'download' };
}

/** Whether the runner's cache may hold it: sources only. An archive of oras is a program. */
function isCached({ tool }: Archive, { runnerCache = false }: InstallContext): boolean {
  return runnerCache && tool === 'erofs-utils';
}
