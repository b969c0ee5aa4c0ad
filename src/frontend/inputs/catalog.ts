/**
 * Every input of the Actions and every option of the CLI. `npm run docs` generates action.yml and the
 * tables of the documents from this list; the CLI's help reads it; contract tests compare them all.
 * A name occurs once, or once for each group of surfaces that needs its own description or default.
 */

import {
  ACTIONS,
  CONVERTING,
  EVERYWHERE,
  type InputSpec,
  REFERRERS,
  REPORTING,
  SIGNING,
  type Surface,
} from './input-spec.ts';
import { REGISTRY_INPUTS } from './registry.ts';
import { SIGNING_INPUTS } from './signing.ts';
import { VERIFYING_INPUTS } from './verifying.ts';

export type { InputSpec, Surface } from './input-spec.ts';

/** In the order of the help and the tables. */
export const INPUTS = [
  {
    name: 'image',
    description:
      'Images, one per line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with push-to also accepts docker-daemon:NAME[:TAG]. Lines that start with # are comments. Required unless metadata-file is set. A layer that several images share is converted once',
    value: 'IMAGE',
    list: true,
    on: ACTIONS,
  },
  {
    name: 'metadata-file',
    description:
      'File that docker buildx build or bake wrote with --metadata-file, or its content, such as steps.bake.outputs.metadata: text that begins with { is JSON. Each image in it is processed by its digest, in addition to those listed',
    value: 'FILE',
    on: REFERRERS,
  },
  {
    name: 'platform',
    description: 'Platforms of an index to process, such as linux/arm64. Default: every platform',
    value: 'PLATFORM',
    list: true,
    on: EVERYWHERE,
  },
  {
    name: 'profile',
    description:
      'How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index. Signing creates one signature artifact per profile; verify requires a valid artifact for each profile',
    default: 'containerd',
    value: 'PROFILE',
    list: true,
    on: CONVERTING,
  },
  {
    name: 'mkfs-options',
    description:
      "mkfs_options of containerd's EROFS differ plugin on the node. Default: -T0 --mkfs-time --sort=none (containerd-tar-index: -T0 --mkfs-time). verify uses the options that the signer recorded",
    value: 'OPTIONS',
    on: CONVERTING,
  },
  {
    name: 'builder',
    description:
      'What creates the EROFS images: native (the built-in builder) or mkfs (the program mkfs.erofs, whose images are the same). Only mkfs supports other mkfs-options than the default, and versions of erofs-utils whose output is unknown',
    default: 'native',
    value: 'WHICH',
    on: CONVERTING,
  },
  {
    name: 'erofs-utils-version',
    description:
      'With builder native: the versions of erofs-utils, or the version classes (A, B or C), to reproduce, one signature artifact per class. Default: C, and for verify the class that the signer recorded. With builder mkfs: the required version or class; any also accepts a version whose output is unknown. Default: every version that passes the known-answer test',
    value: 'VERSION',
    list: true,
    on: CONVERTING,
  },
  {
    name: 'cross-check',
    description:
      'Create every image with both the native builder and mkfs.erofs. Fail on any difference and write a reproducer. A release pipeline can thus demand that two independent builders agree',
    default: 'false',
    on: CONVERTING,
  },
  ...SIGNING_INPUTS,
  {
    name: 'allow-skip',
    description:
      'Media types of layers that may stay unsigned, or nondistributable. Skipped layers are reported',
    value: 'TYPE',
    list: true,
    on: EVERYWHERE,
  },
  ...VERIFYING_INPUTS,
  {
    name: 'annotations',
    description:
      'Extra annotations for the signature manifests, one KEY=VALUE per line. In a GitHub workflow, the repository, commit, workflow and run are recorded automatically',
    value: 'KEY=VALUE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'push-to',
    description:
      'Registry tags, in one repository or several, that receive the image of an OCI layout, an archive or the docker daemon, with its referrers. The image is signed and the signatures are verified before the push, so the registry never has a Linux image without its signatures; no tag is set before every repository has passed',
    value: 'REF',
    list: true,
    on: SIGNING,
  },
  {
    name: 'dry-run',
    description: 'Compute all root hashes, but read no key and sign, attach and push nothing',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'report',
    description:
      'File for the JSON report. The Action always writes a report, by default to a temporary file',
    value: 'FILE',
    on: REPORTING,
  },
  {
    name: 'concurrency',
    description:
      'Maximum number of layers converted or signed concurrently. Default: the number of processors',
    value: 'N',
    on: CONVERTING,
  },
  {
    name: 'timeout',
    description: 'Timeout per layer and per request, such as 90s, 5m or 1h',
    default: '5m',
    value: 'TIME',
    on: EVERYWHERE,
  },
  {
    name: 'max-layer-size',
    description: 'Maximum size of an uncompressed layer, such as 500MiB or 4GiB',
    default: '16GiB',
    value: 'SIZE',
    on: CONVERTING,
  },
  {
    name: 'temp-dir',
    description:
      "Folder for temporary EROFS images. Each run creates a private folder in it and removes it at the end. Default: the system's folder for temporary files",
    value: 'DIR',
    on: EVERYWHERE,
  },
  ...REGISTRY_INPUTS,
  {
    name: 'install',
    description:
      'Install oras if the run reaches a registry, and mkfs.erofs if builder mkfs or cross-check uses it, if the runner lacks a suitable version. Set to false to use only what is on PATH',
    default: 'true',
    on: ACTIONS,
  },
  {
    name: 'oras-version',
    description:
      'Version of oras to install if the runner lacks a suitable one: 1.3.3, or a later version with oras-sha256. Earlier versions can send credentials to another host (CVE-2026-50151); they are refused',
    default: '1.3.3',
    on: ACTIONS,
  },
  {
    name: 'oras-sha256',
    description: 'SHA-256 of the oras archive, for a version or platform without a built-in checksum',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'oras-download-url',
    description:
      'Where to download oras: a mirror with the layout of the oras releases on GitHub (vVERSION/oras_VERSION_OS_ARCH.tar.gz), or the archive itself; https, http or file. The checksum is always verified',
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-url',
    description:
      'Where to download the erofs-utils source: a folder that contains erofs-utils-VERSION.tar.gz, or the tarball itself; https, http or file. The checksum is always verified, and no package of the distribution is installed. Only with builder mkfs or cross-check',
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-sha256',
    description:
      'SHA-256 of the erofs-utils source tarball, for a version without a built-in checksum (1.8.10, 1.9.1, 1.9.2 and 1.9.4 have one). Only with builder mkfs or cross-check',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'runner-cache',
    description:
      'Keep the erofs-utils source in the cache that the runner offers to jobs, if mkfs.erofs is built. Its SHA-256 is verified each time, and no program comes out of a cache',
    default: 'false',
    on: ACTIONS,
  },
  {
    name: 'oras-path',
    description: 'Path of the oras to use. Default: oras on PATH',
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'mkfs-path',
    description:
      'Path of the mkfs.erofs to use, with builder mkfs or cross-check. Default: mkfs.erofs on PATH',
    value: 'FILE',
    on: CONVERTING,
  },
  {
    name: 'show-summary',
    description: 'Write a job summary',
    default: 'true',
    on: ACTIONS,
  },
] as const satisfies readonly InputSpec[];

export type InputName = (typeof INPUTS)[number]['name'];

/** Values as the user wrote them. Absent and empty mean the same; items of a list are on separate lines. */
export type RawValues = Partial<Record<InputName, string>>;

/** The inputs of a surface, in order. */
export function inputsOf(surface: Surface): (InputSpec & { name: InputName })[] {
  return INPUTS.filter((input) => (input.on as readonly Surface[]).includes(surface));
}

/** The input of that name on a surface; undefined if the surface does not have it. */
export function inputOf(name: InputName, surface: Surface): InputSpec | undefined {
  return inputsOf(surface).find((input) => input.name === name);
}
