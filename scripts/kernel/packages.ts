import { existsSync } from 'node:fs';
import { installSystemPrograms } from '../tools/apt.ts';
import { asRoot, command, failure } from '../tools/common.ts';

/** Program → packages. */
const BUILD_PROGRAMS = {
  gcc: 'gcc libc6-dev',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  xz: 'xz-utils',
};

/** Headers that the kernel's own build tools include → package. */
const BUILD_HEADERS = {
  '/usr/include/libelf.h': 'libelf-dev',
  '/usr/include/openssl/evp.h': 'libssl-dev',
};

const GUEST_PROGRAMS = {
  gcc: 'gcc libc6-dev',
  busybox: 'busybox-static',
  cpio: 'cpio',
  'qemu-system-x86_64': 'qemu-system-x86',
};

/** Installs the packages that a kernel build needs and this machine lacks. */
export async function installBuildPackages(): Promise<void> {
  await installSystemPrograms(BUILD_PROGRAMS);
  const missing = Object.entries(BUILD_HEADERS).filter(([header]) => !existsSync(header));
  const packages = missing.map(([, name]) => name);
  if (packages.length === 0) return;
  try {
    await command(asRoot(['apt-get', 'update', '-qq']));
    await command(asRoot(['apt-get', 'install', '-qq', '--no-install-recommends', ...packages]));
  } catch (cause) {
    throw failure(
      `apt could not install ${packages.join(' ')}: ${(cause as Error).message}`,
      'Install the development files of libelf and OpenSSL another way, then run this again',
      cause,
    );
  }
}

/** Installs the packages that building and booting the guest needs. */
export async function installGuestPackages(): Promise<void> {
  await installSystemPrograms(GUEST_PROGRAMS);
}
