import { copyFile, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from '../environment.ts';
import { run } from '../runner.ts';
import { ensureBuildTools } from './build-tools.ts';
import { findCached } from './cached.ts';
import type { InstallContext } from './context.ts';
import { withArchive } from './download.ts';
import { CONFIGURE, SHA256, VERSION } from './erofs-utils-release.ts';
import { findOnPath, versionOf } from './locate.ts';
import { erofsUtilsWillDo } from './versions.ts';

/** Some seconds on a runner; a hanging configure must not hold the job. */
const BUILD_TIMEOUT = 10 * 60_000;

/** Returns the path of a mkfs.erofs that will do; builds one from source if there is none. */
export async function ensureErofsUtils(
  wanted: string | undefined,
  context: InstallContext,
  base: string,
): Promise<string> {
  const present = findOnPath('mkfs.erofs');
  if (present !== undefined) {
    const found = await versionOf([present, '-V'], context.signal);
    if (found !== undefined && erofsUtilsWillDo(found, wanted)) {
      context.log.info(`mkfs.erofs ${found}: ${present}`);
      return present;
    }
    context.log.info(`mkfs.erofs ${found ?? 'of unknown version'} (${present}) will not do`);
  }
  if (!erofsUtilsWillDo(VERSION, wanted)) {
    throw new VeritySignError(
      'environment',
      `erofs-utils ${wanted} is wanted, but only ${VERSION} can be installed`,
      { remedy: 'Install the wanted version on the runner and set mkfs-path' },
    );
  }
  const folder = findCached('erofs-utils', VERSION, process.arch) ?? (await build(context, base));
  const path = join(folder, 'mkfs.erofs');
  context.log.info(`mkfs.erofs ${VERSION}: ${path}`);
  return path;
}

async function build(context: InstallContext, base: string): Promise<string> {
  await ensureBuildTools(context);
  const url = `${base}/erofs-utils-${VERSION}.tar.gz`;
  return withArchive(url, SHA256, context, async (folder) => {
    const cwd = join(folder, `erofs-utils-${VERSION}`);
    const steps = [
      ['autoreconf', '--install', '--force'],
      ['./configure', '--quiet', ...CONFIGURE],
      ['make', '--silent', `--jobs=${availableParallelism()}`],
    ];
    context.log.info(`Building erofs-utils ${VERSION}`);
    for (const step of steps) {
      await run(step, { cwd, env: fixedEnvironment(), timeout: BUILD_TIMEOUT, signal: context.signal });
    }
    const wanted = join(folder, 'bin');
    await mkdir(wanted);
    await copyFile(join(cwd, 'mkfs/mkfs.erofs'), join(wanted, 'mkfs.erofs'));
    return cacheDir(wanted, 'erofs-utils', VERSION, process.arch);
  });
}
