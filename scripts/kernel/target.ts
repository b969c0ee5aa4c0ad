/** Builds for one architecture: by the machine's own compiler, or for arm64 on an x64 machine by a cross compiler. */
import type { GuestArchitecture } from '../../src/model/guest-architecture.ts';
import { failure, architecture as host } from '../tools/common.ts';

export interface BuildTarget {
  architecture: GuestArchitecture;
  /** ARCH of the kernel's makefiles. */
  arch: string;
  /** Before the names of compiler and binutils; empty for the machine's own. */
  prefix: string;
  /** Program → packages of Debian, besides those that every build needs. */
  programs: Readonly<Record<string, string>>;
  /** What the VM boots: a target of the makefiles, its path in the tree, and whether it has no symbol table. */
  image: { make: string; path: string; stripped: boolean };
}

const X64: BuildTarget = {
  architecture: 'x64',
  arch: 'x86_64',
  prefix: '',
  programs: {},
  image: { make: 'vmlinux', path: 'vmlinux', stripped: false },
};

const ARM64: BuildTarget = {
  architecture: 'arm64',
  arch: 'arm64',
  prefix: '',
  programs: {},
  image: { make: 'Image', path: 'arch/arm64/boot/Image', stripped: true },
};

const CROSS_ARM64: BuildTarget = {
  ...ARM64,
  prefix: 'aarch64-linux-gnu-',
  programs: { 'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross' },
};

/**
 * How this machine builds for an architecture.
 * @throws VeritySignError 'environment' if it does not
 */
export function buildTarget(architecture: GuestArchitecture): BuildTarget {
  if (architecture === 'arm64') return host() === 'arm64' ? ARM64 : CROSS_ARM64;
  if (host() === 'amd64') return X64;
  throw failure('a kernel for x64 is built on x64 machines only', 'Build it on an x64 machine');
}
