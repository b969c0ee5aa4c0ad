import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from '../../lib/process/environment.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import type { Apt } from './apt.ts';
import { ensureBuildTools } from './build-tools.ts';
import { keep } from './cached.ts';
import type { InstallContext, MkfsCheck } from './context.ts';
import { type Archive, withArchive } from './download.ts';
import { CONFIGURE } from './erofs-utils-release.ts';

/** Milliseconds. A build takes seconds; a configure script that hangs must not block the job. */
const TIMEOUT = 10 * 60_000;

/** Builds mkfs.erofs, checks it and keeps it in the tool cache. Returns its path. */
export async function buildErofsUtils(
  archive: Archive,
  apt: Apt | string,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  await ensureBuildTools(apt, context);
  return withArchive(archive, context, async (folder) => {
    const built = await make(folder, archive, context);
    const wanted = join(folder, 'wanted');
    const path = join(wanted, 'mkfs.erofs');
    await mkdir(wanted);
    await copyFile(built, path);
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
    return keep(archive, 'mkfs.erofs', wanted);
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
