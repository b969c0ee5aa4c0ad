import { VeritySignError } from '../../errors.ts';
import { networkEnvironment } from '../../lib/process/environment.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import { Apt } from './apt.ts';
import type { InstallContext } from './context.ts';
import { findOnPath } from './locate.ts';

/** Programs that building erofs-utils takes, and the packages that hold them on Debian and Ubuntu. */
const PACKAGES: Readonly<Record<string, string>> = {
  autoreconf: 'autoconf',
  aclocal: 'automake',
  libtoolize: 'libtool',
  'pkg-config': 'pkg-config',
  gcc: 'gcc',
  make: 'make',
  tar: 'tar',
  gzip: 'gzip',
};

/** Uses what is there; installs what is missing, as root or by a sudo that asks no password. */
export async function ensureBuildTools(apt: Apt | string, context: InstallContext): Promise<void> {
  const missing = Object.keys(PACKAGES).filter((program) => findOnPath(program) === undefined);
  if (!missing.includes('gcc') && !(await hasHeaders(context))) missing.push("the C library's headers");
  if (missing.length === 0) return;
  const needed = [...missing.flatMap((name) => PACKAGES[name] ?? []), 'libc6-dev'];
  const what = `erofs-utils has to be built, which takes ${missing.join(', ')}`;
  const remedy = `Install ${needed.join(', ')} (so they are called on Debian and Ubuntu) on the runner, or a mkfs.erofs of 1.9.4`;
  if (!(apt instanceof Apt)) throw new VeritySignError('environment', `${what}, but ${apt}`, { remedy });
  try {
    await apt.install(needed);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError('environment', `${what}, and apt-get failed (${cause.message})`, {
      remedy,
      cause,
    });
  }
}

async function hasHeaders({ signal }: InstallContext): Promise<boolean> {
  const argv = ['gcc', '-E', '-include', 'stdlib.h', '-x', 'c', '/dev/null'];
  try {
    await run(argv, { env: networkEnvironment(), timeout: 30_000, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return false;
  }
}
