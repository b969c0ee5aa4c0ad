/** What runs in the VM, and what the VM is. `sign` takes these too. */
export interface PreflightSettings {
  /** Words of the program that runs instead of the image's entrypoint and command. */
  command?: readonly string[];
  /** Milliseconds after which a program that still runs has succeeded. */
  alive?: number;
  /** The health check of the image configuration must succeed. */
  healthcheck: boolean;
  /** Milliseconds for the program. */
  timeLimit: number;
  /** Layers and files are judged, and no program runs. */
  static: boolean;
  /** A program that succeeds in spite of denials passes. */
  allowDenials: boolean;
  /** Bytes of memory of the VM. */
  memory: number;
  /** The VM has a network. */
  network: boolean;
  accelerator: 'auto' | 'kvm' | 'tcg';
  /** Path of the folder with the kernel and the initramfs of this program; default: where they are found. */
  guestDir?: string;
  /** The node's own kernel instead of the built-in one. */
  kernel?: { image: string; modules: string };
  /** Path of a signed IPE policy that the VM loads before the layers are opened. */
  ipePolicy?: string;
  /** Certificates that the kernel trusts, each a path, `env://NAME` or PEM. */
  trustedCertificates: readonly string[];
}
