import { chmod, copyFile, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from '../../lib/process/environment.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import type { Apt } from './apt.ts';
import type { Archive } from './archive/archive.ts';
import { withArchive } from './archive/with-archive.ts';
import { ensureBuildTools } from './build-tools.ts';
import type { InstallContext, MkfsCheck } from './context.ts';
import { CONFIGURE } from './erofs-utils-release.ts';
import { programFolder } from './program-folder.ts';

/** Milliseconds. A build takes seconds; a configure script that hangs must not block the job. */
const TIMEOUT = 10 * 60_000;

/** Builds mkfs.erofs for this run, and checks it. Returns its path. */
export async function buildErofsUtils(
  archive: Archive,
  apt: Apt | string,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  await ensureBuildTools(apt, context);
  return withArchive(archive, context, async (folder) => {
    const built = await make(folder, archive, context);
    const path = join(await programFolder(), 'mkfs.erofs');
    await copyFile(built, path);
    await chmod(path, 0o755);
    const reason = await check(path);
    if (reason !== undefined) {
      throw new VeritySignError(
        'environment',
        `the mkfs.erofs built from ${named(archive)} is not usable: ${reason}`,
        {
          remedy: 'Set erofs-utils-version to another version, or install erofs-utils and set mkfs-path',
        },
      );
    }
    return path;
  });
}

async function make(folder: string, archive: Archive, { log, signal }: InstallContext): Promise<string> {
  const [tree] = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const cwd = join(folder, tree?.name ?? '');
  // PATH may lead to the compilers of a self-hosted runner.
  const env = { ...fixedEnvironment(), PATH: process.env.PATH ?? '' };
  const steps = [
    ['autoreconf', '--install', '--force'],
    ['./configure', '--quiet', ...CONFIGURE],
    ['make', '--silent', `--jobs=${availableParallelism()}`],
  ];
  log.info(`Building ${named(archive)}`);
  for (const step of steps) {
    log.info(`${named(archive)}: ${step[0]}`);
    try {
      await run(step, { cwd, env, timeout: TIMEOUT, signal });
    } catch (cause) {
      if (!(cause instanceof ToolError)) throw cause;
      throw new VeritySignError('environment', `${named(archive)} cannot be built (${cause.message})`, {
        remedy: 'Install mkfs.erofs 1.9.4 on the runner and set mkfs-path',
        cause,
      });
    }
  }
  return join(cwd, 'mkfs/mkfs.erofs');
}

function named({ tool, version }: Archive): string {
  return `${tool} ${version}`;
}
