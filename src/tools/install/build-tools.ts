import { VeritySignError } from '../../errors.ts';
import { networkEnvironment } from '../environment.ts';
import { run } from '../runner.ts';
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
};

/** Installs what is missing, as root or by a sudo that asks no password. */
export async function ensureBuildTools(context: InstallContext): Promise<void> {
  const missing = Object.keys(PACKAGES).filter((program) => findOnPath(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...missing.map((program) => PACKAGES[program] ?? program), 'libc6-dev'];
  const remedy = `Install ${packages.join(', ')} on the runner, or a mkfs.erofs of 1.9.1 or later`;
  if (findOnPath('apt-get') === undefined) {
    throw new VeritySignError('environment', `${missing.join(', ')} not found, nor apt-get to install them`, {
      remedy,
    });
  }
  context.log.info(`Installing ${packages.join(', ')}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', '--yes'];
  const options = { env: networkEnvironment(), timeout: 10 * 60_000, signal: context.signal };
  try {
    await run([...apt, 'update'], options);
    await run([...apt, 'install', '--no-install-recommends', ...packages], options);
  } catch (cause) {
    if (context.signal.aborted) throw cause;
    throw new VeritySignError('environment', `apt-get could not install ${packages.join(', ')}`, {
      remedy,
      cause,
    });
  }
}
