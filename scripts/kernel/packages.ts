import { existsSync } from 'node:fs';
import { installPackages, installSystemPrograms, missingPrograms } from '../tools/apt.ts';
import type { BuildTarget } from './target.ts';

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

/** Of the package ovmf. */
const FIRMWARE = '/usr/share/OVMF/OVMF_CODE_4M.fd';

const GUEST_PROGRAMS = {
  gcc: 'gcc libc6-dev',
  busybox: 'busybox-static',
  cpio: 'cpio',
  'qemu-system-x86_64': 'qemu-system-x86',
};

/** Installs the packages that a kernel build needs and this machine lacks. */
export async function installBuildPackages({ programs }: BuildTarget): Promise<void> {
  await installSystemPrograms({ ...BUILD_PROGRAMS, ...programs });
  const packages = missingHeaders();
  if (packages.length > 0) await installPackages(packages, 'the development files of libelf and OpenSSL');
}

/** Installs the packages that building and booting the guest needs. */
export async function installGuestPackages(): Promise<void> {
  await installSystemPrograms(GUEST_PROGRAMS);
}

/** Installs the firmware that starts a distribution's kernel, if this machine lacks it. */
export async function installFirmware(): Promise<void> {
  if (existsSync(FIRMWARE)) return;
  await installPackages(['ovmf'], 'the UEFI firmware of virtual machines');
}

/** The packages that the guest needs, and with `build` a kernel build too, and this machine lacks. */
export function missingPackages(build: boolean): string[] {
  const programs = build ? { ...BUILD_PROGRAMS, ...GUEST_PROGRAMS } : GUEST_PROGRAMS;
  const packages = missingPrograms(programs).flatMap((program) => program.packages);
  return [...new Set([...packages, ...(build ? missingHeaders() : [])])];
}

function missingHeaders(): string[] {
  return Object.entries(BUILD_HEADERS)
    .filter(([header]) => !existsSync(header))
    .map(([, name]) => name);
}
