import { readFile } from 'node:fs/promises';
import type { Logger } from '../../logger.ts';
import { keptFolder } from './cached.ts';
import type { Archive } from './download.ts';

/**
 * Whether the runner offers a cache to jobs (that of GitHub or GitHub Enterprise Server). Its client is
 * large and is loaded only in that case. If the cache fails, the program is built; the run goes on.
 */
function offered(): boolean {
  const { ACTIONS_RESULTS_URL: results, ACTIONS_CACHE_URL: url, ACTIONS_RUNTIME_TOKEN: token } = process.env;
  return Boolean(token && (results || url));
}

/** Restores a version's folder of the tool cache, if the runner's cache has it. */
export async function restore(archive: Archive, log: Logger): Promise<void> {
  await attempt('restored', log, async () => {
    const { restoreCache } = await import('@actions/cache');
    const key = await restoreCache(pathsOf(archive), await keyOf(archive));
    if (key !== undefined) log.info(`Restored ${key} from the runner's cache`);
  });
}

/** Saves a version's folder of the tool cache for later jobs. */
export async function save(archive: Archive, log: Logger): Promise<void> {
  await attempt('saved', log, async () => {
    const { saveCache } = await import('@actions/cache');
    const key = await keyOf(archive);
    if ((await saveCache(pathsOf(archive), key)) !== -1) log.info(`Saved ${key} in the runner's cache`);
  });
}

async function attempt(done: string, log: Logger, work: () => Promise<void>): Promise<void> {
  if (!offered()) return;
  try {
    await work();
  } catch (error) {
    log.info(`Nothing ${done}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The folder, and the tool cache's mark that it is complete. */
function pathsOf(archive: Archive): string[] {
  const folder = keptFolder(archive);
  return [folder, `${folder}.complete`];
}

/** A program built here depends on its source, the machine and the distribution's C library. */
async function keyOf({ tool, version, sha256 }: Archive): Promise<string> {
  const { ID = 'unknown', VERSION_ID = '' } = parseOsRelease(
    await readFile('/etc/os-release', 'utf8').catch(() => ''),
  );
  const machine = [process.platform, process.arch, `${ID}${VERSION_ID}`].join('-');
  return `verity-sign-${tool}-${version}-${sha256.slice(0, 12)}-${machine}`;
}

/** Variables of os-release(5). */
export function parseOsRelease(text: string): Record<string, string> {
  const lines = text.matchAll(/^([A-Z_]+)=(["']?)(.*?)\2$/gm);
  return Object.fromEntries([...lines].map(([, name, , value]) => [name, value]));
}
