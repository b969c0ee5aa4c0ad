import { resolve } from 'node:path';
import { VeritySignError } from '../errors.ts';
import { levelsOf } from '../lib/process/confinement/level.ts';
import { findProgram, isProgram, programFolders } from '../lib/process/find-program.ts';
import { findPrivilege, hasSudo, type Privilege } from '../lib/process/privilege.ts';
import { ToolError } from '../lib/process/run.ts';
import { type MkfsProgram, runMkfs } from './run-mkfs.ts';
import { OLDEST_EROFS_UTILS, SUPPORTED_EROFS_UTILS, unsupportedErofsUtils } from './versions.ts';

const INSTALL = `Omit builder: mkfs, or install erofs-utils 1.9.4 (or ${SUPPORTED_EROFS_UTILS}), or set mkfs-path to another mkfs.erofs`;
/** Milliseconds. */
const VERSION_TIMEOUT = 10_000;

/** The images of this mkfs.erofs are of no class: no signature is for them. */
export class UnsupportedMkfsError extends VeritySignError {
  constructor(message: string) {
    super('environment', message, { remedy: INSTALL });
  }
}

/**
 * Finds mkfs.erofs: at `path`, else on PATH and in the system's folders. Returns an absolute path.
 * @throws VeritySignError 'environment' if it is missing
 */
export function locateMkfs(path: string | undefined): string {
  const found = path === undefined ? search() : resolve(path);
  if (found !== undefined && isProgram(found)) return found;
  const what = path === undefined ? 'mkfs.erofs is not installed' : `${found} is not an executable file`;
  throw new VeritySignError('environment', what, { remedy: INSTALL });
}

/** A mkfs.erofs with the strictest level at which it runs on this machine. */
export interface MeasuredMkfs extends MkfsProgram {
  /** Such as `1.9.4`. */
  version: string;
}

/**
 * Finds a way to run mkfs.erofs as uid 0, and asks it for its version at each level of confinement, the
 * strictest first, until it answers. A system may allow user namespaces without any rights in them: then sudo
 * confines better.
 * @param path absolute
 * @param folder private
 * @throws VeritySignError 'environment' if it cannot be run as uid 0, answers at no level, or prints no version
 */
export async function measureMkfs(path: string, folder: string, signal?: AbortSignal): Promise<MeasuredMkfs> {
  const privilege = await findPrivilege(signal);
  const found = await measure(path, privilege, folder, signal);
  if (privilege !== 'user-namespace' || found.level.namespaces !== 'none' || !(await hasSudo(signal)))
    return found;
  const bySudo = await measure(path, 'sudo', folder, signal);
  return bySudo.level.namespaces === 'none' ? found : bySudo;
}

async function measure(
  path: string,
  privilege: Privilege,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<MeasuredMkfs> {
  let failure: unknown;
  for (const level of levelsOf(privilege)) {
    try {
      const program = { path, privilege, level };
      return { ...program, version: await askVersion(program, folder, signal) };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failure = error;
      if (error.timedOut || isTooOld(error)) break;
    }
  }
  if (!(failure instanceof ToolError)) throw failure;
  if (isTooOld(failure)) throw new UnsupportedMkfsError(`${path} is too old: it has no option --version`);
  const what = `${path} --version failed (${failure.message})`;
  throw new VeritySignError('environment', what, { remedy: INSTALL, cause: failure });
}

/** The version in what `mkfs.erofs --version` prints. [erofs-utils, mkfs/main.c `version`] */
export function parseMkfsVersion(text: string): string | undefined {
  const [line = ''] = text.split('\n', 1);
  return /^mkfs\.erofs \(erofs-utils\) v?(\d+\.\d+\S*)\s*$/.exec(line)?.[1];
}

/**
 * Explains why the images of a mkfs.erofs are of no class: before 1.8.10 without 1.8.6, and 1.9.0. The version is only
 * what the program prints, so it does not refuse one whose images are of a class.
 * @throws UnsupportedMkfsError for such a version
 */
export function refuseOldVersion(version: string): void {
  const reason = unsupportedErofsUtils(version);
  if (reason === undefined) return;
  const what =
    reason === 'too-old'
      ? `mkfs.erofs ${version} is too old: 1.8.6, and releases from ${OLDEST_EROFS_UTILS} on, are supported`
      : 'mkfs.erofs 1.9.0 produces images that differ from those of every other release';
  throw new UnsupportedMkfsError(what);
}

async function askVersion(
  program: MkfsProgram,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const text = await runMkfs(program, {
    args: ['--version'],
    folder,
    name: 'version',
    timeout: VERSION_TIMEOUT,
    ...(signal === undefined ? {} : { signal }),
  });
  const version = parseMkfsVersion(text);
  if (version !== undefined) return version;
  const what = `${program.path} --version does not print a version of erofs-utils`;
  throw new VeritySignError('environment', what, { remedy: INSTALL });
}

/** 1.5 has no option --version. */
function isTooOld({ stderr }: ToolError): boolean {
  return /unrecognized option:? .*--version/.test(stderr);
}

function search(): string | undefined {
  return findProgram('mkfs.erofs', programFolders());
}
