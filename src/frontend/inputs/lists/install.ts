import { ACTIONS, CONVERTING, EVERYWHERE, type InputSpec } from '../input-spec.ts';

/** Which programs the Actions install, and from where. */
export const INSTALL_INPUTS = [
  {
    name: 'install',
    group: 'registry',
    description:
      'Install oras if the run reaches a registry, and mkfs.erofs if builder mkfs or cross-check uses it, if the runner lacks a suitable version. Set to false to use only what is on PATH',
    default: 'true',
    on: ACTIONS,
  },
  {
    name: 'oras-version',
    group: 'registry',
    description:
      'Version of oras to install if the runner lacks a suitable one: 1.3.3, or a later version with oras-sha256. Earlier versions can send credentials to another host (CVE-2026-50151); they are refused',
    default: '1.3.3',
    value: 'VERSION',
    on: ACTIONS,
  },
  {
    name: 'oras-sha256',
    group: 'registry',
    description: 'SHA-256 of the oras archive, for a version or platform without a built-in checksum',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'oras-download-url',
    group: 'registry',
    description:
      'Where to download oras: a mirror with the layout of the oras releases on GitHub (vVERSION/oras_VERSION_OS_ARCH.tar.gz), or the archive itself; https, http or file. The checksum is always verified',
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-url',
    group: 'erofs',
    description:
      'Where to download the erofs-utils source: a folder that contains erofs-utils-VERSION.tar.gz, or the tarball itself; https, http or file. The checksum is always verified, and no package of the distribution is installed. Only with builder mkfs or cross-check',
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-sha256',
    group: 'erofs',
    description:
      'SHA-256 of the erofs-utils source tarball, for a version without a built-in checksum (1.8.10, 1.9.1, 1.9.2 and 1.9.4 have one). Only with builder mkfs or cross-check',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'runner-cache',
    group: 'erofs',
    description:
      'Keep the erofs-utils source in the cache that the runner offers to jobs, if mkfs.erofs is built. Its SHA-256 is verified each time, and no program comes out of a cache',
    default: 'false',
    on: ACTIONS,
  },
  {
    name: 'oras-path',
    group: 'registry',
    description: 'Path of the oras to use. Default: oras on PATH',
    value: 'FILE',
    on: [...EVERYWHERE, 'version'],
  },
  {
    name: 'mkfs-path',
    group: 'erofs',
    description:
      'Path of the mkfs.erofs to use, with builder mkfs or cross-check. Default: mkfs.erofs on PATH',
    value: 'FILE',
    on: [...CONVERTING, 'version'],
  },
  {
    name: 'show-summary',
    group: 'output',
    description: 'Write a job summary',
    default: 'true',
    on: ACTIONS,
  },
] as const satisfies readonly InputSpec[];
