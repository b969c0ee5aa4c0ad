/** An architecture that the VM of preflight can have, by Node's name. */
export type GuestArchitecture = 'x64' | 'arm64';

/** What is known of the VM of an architecture. */
export interface GuestKind {
  /** Of the images that it runs. */
  platform: string;
  /** QEMU's program, and the package of Debian and Ubuntu that has it. */
  qemu: { program: string; package: string };
}

export const GUEST_KINDS: Readonly<Record<GuestArchitecture, GuestKind>> = {
  x64: {
    platform: 'linux/amd64',
    qemu: { program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
  },
  arm64: {
    platform: 'linux/arm64',
    qemu: { program: 'qemu-system-aarch64', package: 'qemu-system-arm' },
  },
};

/** All architectures; that of this machine first, as container engines choose, and since only it may have KVM. */
export function guestArchitectures(host: string = process.arch): GuestArchitecture[] {
  return host === 'arm64' ? ['arm64', 'x64'] : ['x64', 'arm64'];
}

/** The architecture of the VM that runs images of an architecture of OCI, such as `amd64`; undefined for others. */
export function guestOf(architecture: string): GuestArchitecture | undefined {
  return guestArchitectures().find((one) => GUEST_KINDS[one].platform === `linux/${architecture}`);
}
