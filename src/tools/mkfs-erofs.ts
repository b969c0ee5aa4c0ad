import { delimiter, resolve } from 'node:path';
import { VeritySignError } from '../errors.ts';
import { fixedEnvironment } from '../lib/process/environment.ts';
import { findProgram, isProgram } from '../lib/process/find-program.ts';
import { argvAsRoot, endAsRoot, type Privilege } from '../lib/process/privilege.ts';
import { run, ToolError } from '../lib/process/run.ts';
import { OLDEST_EROFS_UTILS, unsupportedErofsUtils } from './versions.ts';

const INSTALL =
  'Omit builder: mkfs, or install erofs-utils 1.9.4 (or 1.8.10 or later, except 1.9.0), or set mkfs-path to another mkfs.erofs';

export interface MkfsErofs {
  /** Absolute. */
  path: string;
  /** Such as `1.9.4`. */
  version: string;
}

/**
 * Finds mkfs.erofs (at `path`, else on PATH and in the system's folders) and its version.
 * @throws VeritySignError 'environment' if it is missing, does not start or prints no version
 */
export async function locateMkfs(path: string | undefined, signal?: AbortSignal): Promise<MkfsErofs> {
  const found = path === undefined ? search() : resolve(path);
  if (found === undefined || !isProgram(found)) {
    const what = path === undefined ? 'mkfs.erofs is not installed' : `${found} is not an executable file`;
    throw new VeritySignError('environment', what, { remedy: INSTALL });
  }
  return { path: found, version: await askVersion(found, signal) };
}

/** The version in what `mkfs.erofs --version` prints. [erofs-utils, mkfs/main.c `version`] */
export function parseMkfsVersion(text: string): string | undefined {
  const [line = ''] = text.split('\n', 1);
  return /^mkfs\.erofs \(erofs-utils\) v?(\d+\.\d+\S*)\s*$/.exec(line)?.[1];
}

/** @throws VeritySignError 'environment' for a release whose images are of no class: before 1.8.10, and 1.9.0 */
export function refuseOldVersion(version: string): void {
  const reason = unsupportedErofsUtils(version);
  if (reason === undefined) return;
  const what =
    reason === 'too-old'
      ? `mkfs.erofs ${version} is too old: ${OLDEST_EROFS_UTILS} is the oldest supported release`
      : 'mkfs.erofs 1.9.0 produces images that differ from those of every other release';
  throw new VeritySignError('environment', what, { remedy: INSTALL });
}

export interface MkfsRun {
  /** The options; the output file is appended. */
  args: readonly string[];
  /** An empty file of this user: it keeps its owner when root writes to it. */
  output: string;
  /** File descriptor of the tar: the program's standard input. */
  tarFd: number;
  /** For the program's own temporary files. */
  folder: string;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}

/**
 * Runs mkfs.erofs with a tar on standard input, as uid 0 by `privilege`. The program has been started
 * when the function returns its promise, which rejects with ToolError.
 */
export async function runMkfs(path: string, privilege: Privilege, request: MkfsRun): Promise<void> {
  const env = { ...fixedEnvironment(), TMPDIR: request.folder };
  await run(argvAsRoot(privilege, [path, ...request.args, request.output], env, request.timeout), {
    env,
    cwd: request.folder,
    stdinFd: request.tarFd,
    timeout: request.timeout,
    maxOutput: 1024 * 1024,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(privilege === 'sudo' ? { killGroup: endAsRoot } : {}),
  });
}

async function askVersion(path: string, signal: AbortSignal | undefined): Promise<string> {
  let text: string;
  try {
    const options = { env: fixedEnvironment(), timeout: 10_000, ...(signal === undefined ? {} : { signal }) };
    text = (await run([path, '--version'], options)).stdout.toString();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    // 1.5 has no option --version.
    const old = /unrecognized option|invalid option/.test(error.stderr);
    const what = old
      ? `${path} is too old: it has no option --version`
      : `${path} --version failed (${error.message})`;
    throw new VeritySignError('environment', what, { remedy: INSTALL, cause: error });
  }
  const version = parseMkfsVersion(text);
  if (version === undefined) {
    throw new VeritySignError('environment', `${path} --version does not print a version of erofs-utils`, {
      remedy: INSTALL,
    });
  }
  return version;
}

function search(): string | undefined {
  const folders = [process.env.PATH, fixedEnvironment().PATH].flatMap((list) => list?.split(delimiter) ?? []);
  return findProgram(
    'mkfs.erofs',
    folders.filter((folder) => folder !== ''),
  );
}
