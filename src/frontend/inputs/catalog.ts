/**
 * Every input of the Action and option of the CLI. action.yml, the table in the README and the CLI's
 * help are made from this list (`npm run docs`), and contract tests keep them equal. A name is in it
 * once, or once for each group of surfaces where it has another description or default.
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
import { SIGNING_INPUTS } from './signing.ts';
import { VERIFYING_INPUTS } from './verifying.ts';

export type { InputSpec, Surface } from './input-spec.ts';

/** In the order in which help and tables show them. */
export const INPUTS = [
  {
    name: 'image',
    description:
      'Images, one a line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG]; to sign with push-to also docker-daemon:NAME[:TAG]. A layer that several of them have is converted once',
    value: 'IMAGE',
    list: true,
    on: ACTIONS,
  },
  {
    name: 'platform',
    description: 'Platforms of an index to work on, such as linux/arm64. Default: every platform',
    value: 'PLATFORM',
    list: true,
    on: EVERYWHERE,
  },
  {
    name: 'profile',
    description:
      'How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index. Several make one signature artifact each; verify demands each of them',
    default: 'containerd',
    value: 'PROFILE',
    list: true,
    on: CONVERTING,
  },
  {
    name: 'mkfs-options',
    description:
      "The mkfs_options of the node's EROFS differ. Default: -T0 --mkfs-time --sort=none, and -T0 --mkfs-time for containerd-tar-index. verify follows those that the signer recorded",
    value: 'OPTIONS',
    on: CONVERTING,
  },
  {
    name: 'builder',
    description:
      "What makes the EROFS images: mkfs (mkfs.erofs) or native (this program's own builder, which makes the same images and needs no mkfs.erofs)",
    default: 'mkfs',
    value: 'WHICH',
    on: CONVERTING,
  },
  {
    name: 'erofs-utils-version',
    description:
      'With mkfs: demand this version of erofs-utils or class of versions (A, B or C); any accepts one whose output this program does not know; default: every version that passes the known-answer test. With native: the versions or classes to make images of, one signature artifact each; default: C, and for verify the one that the signer recorded',
    value: 'VERSION',
    list: true,
    on: CONVERTING,
  },
  {
    name: 'cross-check',
    description:
      'Make every image with mkfs.erofs and with the native builder; a difference is an error that names a file with which it can be made again',
    default: 'false',
    on: CONVERTING,
  },
  ...SIGNING_INPUTS,
  {
    name: 'allow-skip',
    description: 'Media types of layers that may stay unsigned, or nondistributable. They are reported',
    value: 'TYPE',
    list: true,
    on: EVERYWHERE,
  },
  ...VERIFYING_INPUTS,
  {
    name: 'annotations',
    description:
      'Extra annotations of the signature manifests, one KEY=VALUE a line. Repository, commit, workflow and run of a GitHub workflow are recorded without being asked for',
    value: 'KEY=VALUE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'push-to',
    description:
      'Registry tag that receives the image of an OCI layout, an archive or the docker daemon, with its referrers, once it is signed and the signatures are verified: Linux images are never there without them',
    value: 'REF',
    on: SIGNING,
  },
  {
    name: 'dry-run',
    description: 'Compute all root hashes, but read no key, sign, attach and push nothing',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'report',
    description:
      'Write the JSON report to this file. The Action always writes one, without this to a temporary file',
    value: 'FILE',
    on: REPORTING,
  },
  {
    name: 'concurrency',
    description: 'Most layers converted, and signed, at the same time. Default: the number of processors',
    value: 'N',
    on: CONVERTING,
  },
  {
    name: 'timeout',
    description: 'Most time for one layer, and for one request, such as 90s, 5m or 1h',
    default: '5m',
    value: 'TIME',
    on: EVERYWHERE,
  },
  {
    name: 'max-layer-size',
    description: 'Largest uncompressed layer, such as 500MiB or 4GiB',
    default: '16GiB',
    value: 'SIZE',
    on: CONVERTING,
  },
  {
    name: 'temp-dir',
    description:
      "Folder for EROFS images while they are hashed; each run makes a private folder in it and removes it. Default: the system's",
    value: 'DIR',
    on: EVERYWHERE,
  },
  {
    name: 'registry-username',
    description: "User name at the registry. Default: what docker's configuration says",
    value: 'NAME',
    on: EVERYWHERE,
  },
  {
    name: 'registry-password',
    description:
      'Password or token at the registry. The Action takes the value itself or env://NAME; the CLI takes only env://NAME or the path of a file, never the value',
    value: 'REF',
    on: EVERYWHERE,
  },
  {
    name: 'plain-http',
    description: 'Speak HTTP without TLS to the registry',
    default: 'false',
    on: EVERYWHERE,
  },
  {
    name: 'ca-file',
    description: "PEM file with the certificate authority of the registry's TLS certificate",
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'referrers',
    description:
      'How signatures are attached and found: api (referrers API), tag (fallback tag), or auto for what the registry offers',
    default: 'auto',
    value: 'HOW',
    on: REFERRERS,
  },
  {
    name: 'install',
    description:
      'Install oras, and mkfs.erofs unless the native builder makes all images, if the runner lacks a suitable one. false forbids it: then what is on PATH must do',
    default: 'true',
    on: ACTIONS,
  },
  {
    name: 'oras-version',
    description:
      'Version of oras to install if there is none that will do: 1.2.0, 1.2.3 or 1.3.0, or another with oras-sha256',
    default: '1.3.0',
    on: ACTIONS,
  },
  {
    name: 'oras-sha256',
    description: 'SHA-256 of the archive of oras, for a version or machine whose checksum is not built in',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'oras-download-url',
    description:
      "Where oras is downloaded from: a mirror laid out as oras' releases on GitHub (vVERSION/oras_VERSION_OS_ARCH.tar.gz), or the archive itself; https, http or file. The checksum is demanded all the same",
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-url',
    description:
      'Where the source of erofs-utils is downloaded from: a folder that has erofs-utils-VERSION.tar.gz, or the tarball itself; https, http or file. The checksum is demanded all the same, and no package of the distribution is installed',
    value: 'URL',
    on: ACTIONS,
  },
  {
    name: 'erofs-utils-sha256',
    description:
      'SHA-256 of the source tarball of erofs-utils, for a version whose checksum is not built in (built in are 1.8.10, 1.9.1, 1.9.2 and 1.9.4)',
    value: 'SHA256',
    on: ACTIONS,
  },
  {
    name: 'oras-path',
    description: 'Use this oras. Default: the one on PATH',
    value: 'FILE',
    on: EVERYWHERE,
  },
  {
    name: 'mkfs-path',
    description: 'Use this mkfs.erofs. Default: the one on PATH',
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

/** Values as the user wrote them; absent and empty mean the same. Lists are joined by new lines. */
export type RawValues = Partial<Record<InputName, string>>;

/** The inputs that a surface has, in order. */
export function inputsOf(surface: Surface): (InputSpec & { name: InputName })[] {
  return INPUTS.filter((input) => (input.on as readonly Surface[]).includes(surface));
}

/** What a name has on a surface; undefined where it is not there. */
export function inputOf(name: InputName, surface: Surface): InputSpec | undefined {
  return inputsOf(surface).find((input) => input.name === name);
}
