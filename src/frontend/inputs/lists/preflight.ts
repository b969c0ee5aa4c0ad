import { type InputSpec, SIGNING } from '../input-spec.ts';

/** Booting an image under enforcement: of the command `preflight`, and with a prefix of signing. */
export const PREFLIGHT_INPUTS = [
  {
    name: 'command',
    group: 'essential',
    description:
      'Program to run instead of the entrypoint and command of the image configuration: words with the quotes and backslashes of a POSIX shell, without expansion',
    value: 'TEXT',
    on: ['preflight'],
  },
  {
    name: 'alive',
    group: 'essential',
    description:
      'Time after which a program that still runs has succeeded, such as 10s. Default: it must end with exit status 0',
    value: 'TIME',
    on: ['preflight'],
  },
  {
    name: 'healthcheck',
    group: 'essential',
    description: 'Require the health check of the image configuration to succeed',
    default: 'false',
    on: ['preflight'],
  },
  {
    name: 'time-limit',
    group: 'essential',
    description: 'Maximum time for the program, without the start of the VM',
    default: '60s',
    value: 'TIME',
    on: ['preflight'],
  },
  {
    name: 'static',
    group: 'essential',
    description: 'Judge layers and files, try the two attacks, and run no program of the image',
    default: 'false',
    on: ['preflight'],
  },
  {
    name: 'allow-denials',
    group: 'essential',
    description:
      'Accept a program that succeeds in spite of denied executions, such as one that falls back to an interpreter. The denials are reported as warnings',
    default: 'false',
    on: ['preflight'],
  },
  {
    name: 'trusted-certificate',
    group: 'essential',
    description:
      'Certificates that the kernel of the VM trusts (a root, an intermediate or the signer itself), and no others: paths of PEM files, env://NAME, or PEM text',
    value: 'FILE',
    list: true,
    on: ['preflight'],
  },
  {
    name: 'ipe-policy',
    group: 'trust',
    description:
      'Signed IPE policy that the kernel enforces, as ipe-policy writes it (NAME.p7b): only its root hashes may be executed. Default: every layer with a signature that the kernel accepts',
    value: 'FILE',
    on: ['preflight'],
  },
  {
    name: 'network',
    group: 'preflight',
    description: 'Give the program a network, through QEMU and without root',
    default: 'false',
    on: ['preflight'],
  },
  {
    name: 'memory',
    group: 'preflight',
    description: 'Memory of the VM',
    default: '1GiB',
    value: 'SIZE',
    on: ['preflight'],
  },
  {
    name: 'accel',
    group: 'preflight',
    description:
      'Accelerator of QEMU: kvm, tcg (works everywhere, and is slower), or auto for kvm where it works. The log says which one runs',
    default: 'auto',
    value: 'WHICH',
    choices: ['auto', 'kvm', 'tcg'],
    on: ['preflight'],
  },
  {
    name: 'kernel',
    group: 'preflight',
    description:
      "The node's own kernel (vmlinuz), with modules: it is booted by UEFI with the trusted certificates in db. Default: a kernel of this program",
    value: 'FILE',
    on: ['preflight'],
  },
  {
    name: 'modules',
    group: 'preflight',
    description: 'Folder with the modules of kernel, such as /lib/modules/6.12.0-1-cloud-amd64',
    value: 'DIR',
    on: ['preflight'],
  },
  {
    name: 'guest-dir',
    group: 'preflight',
    description:
      'Folder with the kernel and the initramfs of the VM (vmlinux.zst, initramfs.cpio.zst, manifest.json), for machines without a network. Default: those of this release',
    value: 'DIR',
    on: ['preflight'],
  },
  {
    name: 'preflight',
    group: 'preflight',
    description:
      'Boot the signed image in a VM whose kernel enforces the signatures, and fail if a layer is refused, an execution is denied or the program fails. With push-to, only an image that passes is pushed. Needs QEMU and an image of linux/amd64 or linux/arm64',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'preflight-command',
    group: 'preflight',
    description:
      'With preflight: program to run instead of the entrypoint and command of the image configuration, in POSIX shell words',
    value: 'TEXT',
    on: SIGNING,
  },
  {
    name: 'preflight-alive',
    group: 'preflight',
    description:
      'With preflight: time after which a program that still runs has succeeded, such as 10s. Default: it must end with exit status 0',
    value: 'TIME',
    on: SIGNING,
  },
  {
    name: 'preflight-healthcheck',
    group: 'preflight',
    description: 'With preflight: require the health check of the image configuration to succeed',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'preflight-time-limit',
    group: 'preflight',
    description: 'With preflight: maximum time for the program, without the start of the VM',
    default: '60s',
    value: 'TIME',
    on: SIGNING,
  },
  {
    name: 'preflight-static',
    group: 'preflight',
    description: 'With preflight: judge layers and files, and run no program of the image',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'preflight-allow-denials',
    group: 'preflight',
    description: 'With preflight: accept a program that succeeds in spite of denied executions',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'preflight-certificate',
    group: 'preflight',
    description:
      'With preflight: certificates that the kernel of the VM trusts: paths of PEM files, env://NAME, or PEM text. Default: the last certificate of the signing chain',
    value: 'FILE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'preflight-accel',
    group: 'preflight',
    description: 'With preflight: accelerator of QEMU: kvm, tcg, or auto for kvm where it works',
    default: 'auto',
    value: 'WHICH',
    choices: ['auto', 'kvm', 'tcg'],
    on: SIGNING,
  },
  {
    name: 'preflight-guest-dir',
    group: 'preflight',
    description:
      'With preflight: folder with the kernel and the initramfs of the VM. Default: those of this release',
    value: 'DIR',
    on: SIGNING,
  },
] as const satisfies readonly InputSpec[];
