import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { VeritySignError } from '../errors.ts';
import { fixedEnvironment } from '../lib/process/environment.ts';
import { argvAsRoot, endAsRoot, type Privilege } from '../lib/process/privilege.ts';
import { run, ToolError } from '../lib/process/run.ts';

const INSTALL = 'Install erofs-utils 1.9.4 (or 1.8.10 or later) or name another mkfs.erofs with mkfs-path';

export interface MkfsErofs {
  /** Absolute. */
  path: string;
  /** Such as `1.9.4`. */
  version: string;
}

/**
 * Finds mkfs.erofs (at `path`, else on PATH and in the system's folders) and asks its version.
 * Errors (`environment`): not there, does not start, or too old to tell its version.
 */
export async function locateMkfs(path: string | undefined, signal?: AbortSignal): Promise<MkfsErofs> {
  const found = path === undefined ? await search('mkfs.erofs') : resolve(path);
  if (found === undefined || !(await isProgram(found))) {
    const what = path === undefined ? 'mkfs.erofs is not installed' : `there is no program ${found}`;
    throw new VeritySignError('environment', what, { remedy: INSTALL });
  }
  return { path: found, version: await askVersion(found, signal) };
}

/** The version in what `mkfs.erofs --version` prints. [erofs-utils, mkfs/main.c `version`] */
export function parseMkfsVersion(text: string): string | undefined {
  const [line = ''] = text.split('\n', 1);
  return /^mkfs\.erofs \(erofs-utils\) v?(\d+\.\d+\S*)\s*$/.exec(line)?.[1];
}

/** Refuses releases whose images no class of nodes makes: all before 1.8.10, and 1.9.0. */
export function refuseOldVersion(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version
    .split(/[.-]/)
    .map((part) => Number.parseInt(part, 10) || 0);
  const number = (major * 1000 + minor) * 1000 + patch;
  if (number < 1_008_010) {
    throw new VeritySignError(
      'environment',
      `mkfs.erofs ${version} is too old, 1.8.10 is the first that will do`,
      {
        remedy: INSTALL,
      },
    );
  }
  if (number === 1_009_000) {
    throw new VeritySignError('environment', 'mkfs.erofs 1.9.0 makes other images than every other release', {
      remedy: INSTALL,
    });
  }
}

export interface MkfsRun {
  /** Options; the output file comes last. */
  args: readonly string[];
  /** An empty file of ours: it stays ours when root writes it. */
  output: string;
  /** File descriptor of the tar, which becomes the program's standard input. */
  tarFd: number;
  /** For the program's own temporary files. */
  folder: string;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}

/**
 * Runs mkfs.erofs with a tar on standard input, as uid 0 by `privilege`. Rejects with ToolError. It has
 * been started when the function returns.
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
    // 1.5 has no such option.
    const old = /unrecognized option|invalid option/.test(error.stderr);
    const what = old ? `${path} is too old to know --version` : `${path} --version failed (${error.message})`;
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

async function search(name: string): Promise<string | undefined> {
  const folders = [process.env.PATH, fixedEnvironment().PATH].flatMap((list) => list?.split(delimiter) ?? []);
  for (const folder of folders) {
    if (folder === '') continue;
    const path = resolve(join(folder, name));
    if (await isProgram(path)) return path;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
