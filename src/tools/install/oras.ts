import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import type { Archive } from './archive/archive.ts';
import { withArchive } from './archive/with-archive.ts';
import type { InstallContext, OrasCheck } from './context.ts';
import { findInstalled } from './locate.ts';
import { type OrasRequest, orasArchive } from './oras-release.ts';
import { programFolder } from './program-folder.ts';

const PROGRAM = process.platform === 'win32' ? 'oras.exe' : 'oras';

/** Returns the path of a usable oras: on PATH, or else from the archive of its release. */
export async function ensureOras(
  request: OrasRequest,
  checkVersion: OrasCheck,
  context: InstallContext,
): Promise<string> {
  const { log, signal } = context;
  const present = findInstalled(PROGRAM);
  if (present !== undefined) {
    const reason = await whyUnusable(present, undefined, checkVersion, signal);
    if (reason === undefined) {
      log.info(`oras: ${present}`);
      return present;
    }
    log.info(`oras on PATH is not usable: ${reason}`);
  }
  const archive = orasArchive(request, process);
  const check = (path: string): Promise<string | undefined> =>
    whyUnusable(path, archive.version, checkVersion, signal);
  const path = await install(archive, check, context);
  log.info(`oras ${archive.version}: ${path}`);
  return path;
}

/** Why an oras is not usable or not the expected version; undefined if it is fine. */
async function whyUnusable(
  path: string,
  version: string | undefined,
  checkVersion: OrasCheck,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { text } = await checkVersion(path, signal);
    const same = version === undefined || text === version || text.startsWith(`${version}+`);
    return same ? undefined : `it is version ${text}, not ${version}`;
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'environment') throw error;
    return error.message;
  }
}

function install(
  archive: Archive,
  check: (path: string) => Promise<string | undefined>,
  context: InstallContext,
): Promise<string> {
  return withArchive(archive, context, async (folder) => {
    const path = join(await programFolder(), PROGRAM);
    const reason = await copyFile(join(folder, PROGRAM), path).then(
      async () => {
        await chmod(path, 0o755);
        return check(path);
      },
      () => `it does not contain ${PROGRAM}`,
    );
    if (reason !== undefined) {
      throw new VeritySignError(
        'environment',
        `the archive of oras ${archive.version} is not usable: ${reason}`,
        { remedy: 'Check oras-version, oras-sha256 and oras-download-url' },
      );
    }
    return path;
  });
}
