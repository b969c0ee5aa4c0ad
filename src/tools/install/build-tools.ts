import { VeritySignError } from '../../errors.ts';
import { networkEnvironment } from '../../lib/process/environment.ts';
import { run, ToolError } from '../../lib/process/run.ts';
import { Apt } from './apt.ts';
import type { InstallContext } from './context.ts';
import { findOnPath } from './locate.ts';

/** The programs that building erofs-utils needs, and their packages on Debian and Ubuntu. */
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

/** Installs the missing ones of these programs, as root or with a sudo that asks for no password. */
export async function ensureBuildTools(apt: Apt | string, context: InstallContext): Promise<void> {
  const missing = Object.keys(PACKAGES).filter((program) => findOnPath(program) === undefined);
  if (!missing.includes('gcc') && !(await hasHeaders(context))) missing.push('stdlib.h');
  if (missing.length === 0) return;
  const needed = [...missing.flatMap((name) => PACKAGES[name] ?? []), 'libc6-dev'];
  const what = `erofs-utils must be built, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`;
  const remedy = `Install ${needed.join(', ')} (the packages of Debian and Ubuntu) on the runner, or mkfs.erofs 1.9.4`;
  if (!(apt instanceof Apt)) throw new VeritySignError('environment', `${what}: ${apt}`, { remedy });
  try {
    await apt.install(needed);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError('environment', `${what}: apt-get failed (${cause.message})`, {
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
