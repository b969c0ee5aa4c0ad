/**
 * Every input of the Action and option of the CLI, once. action.yml, the table in the README and
 * the CLI's help are made from this list (`npm run docs`), and contract tests keep them equal.
 */

/** Where a name may be given. */
export type Surface = 'action' | 'sign' | 'root-hash';

export interface InputSpec {
  /** Input of the Action, and `--NAME` of the CLI. */
  name: string;
  /** One or two sentences without a final full stop; plain text. */
  description: string;
  /** As the user would write it. */
  default?: string;
  /** Placeholder in the CLI's help; a flag has none. */
  value?: string;
  /** A list: separated by commas or new lines, or the option given several times. */
  list?: boolean;
  on: readonly Surface[];
}

const EVERYWHERE = ['action', 'sign', 'root-hash'] as const;
const SIGNING = ['action', 'sign'] as const;
const ACTION = ['action'] as const;

/** In the order in which help and tables show them. */
export const INPUTS = [
  {
    name: 'image',
    description:
      'Images to sign, one a line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG]',
    value: 'IMAGE',
    list: true,
    on: ACTION,
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
      'How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index. Several make one signature artifact each',
    default: 'containerd',
    value: 'PROFILE',
    list: true,
    on: EVERYWHERE,
  },
  {
    name: 'mkfs-options',
    description:
      "The mkfs_options of the node's EROFS differ. Default: -T0 --mkfs-time --sort=none, and -T0 --mkfs-time for containerd-tar-index",
    value: 'OPTIONS',
    on: EVERYWHERE,
  },
  {
    name: 'erofs-utils-version',
    description:
      'Demand this version of erofs-utils or class of versions (A, B or C); any accepts one whose output this program does not know. Default: every version that passes the known-answer test',
    value: 'VERSION',
    on: EVERYWHERE,
  },
  {
    name: 'key',
    description:
      'Private key in PEM: a path, or env://NAME for an environment variable that holds it. Not needed for a dry run',
    value: 'KEY',
    on: SIGNING,
  },
  {
    name: 'key-passphrase',
    description: 'Passphrase of an encrypted key: env://NAME, or the path of a file that holds it',
    value: 'REF',
    on: SIGNING,
  },
  {
    name: 'certificate',
    description:
      "PEM file with the certificate chain: the signer's leaf first, then its issuers, the root optional. Not needed for a dry run",
    value: 'FILE',
    on: SIGNING,
  },
  {
    name: 'allow-skip',
    description: 'Media types of layers that may stay unsigned, or nondistributable. They are reported',
    value: 'TYPE',
    list: true,
    on: EVERYWHERE,
  },
  {
    name: 'annotations',
    description: 'Extra annotations of the signature manifest, one KEY=VALUE a line',
    value: 'KEY=VALUE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'dry-run',
    description: 'Compute all root hashes, but read no key, sign nothing and attach nothing',
    default: 'false',
    on: SIGNING,
  },
  {
    name: 'report',
    description:
      'Write the JSON report to this file. The Action always writes one, without this to a temporary file',
    value: 'FILE',
    on: SIGNING,
  },
  {
    name: 'concurrency',
    description: 'Layers converted at the same time. Default: the number of processors, at most 4',
    value: 'N',
    on: EVERYWHERE,
  },
  {
    name: 'timeout',
    description: 'Most time for one layer, such as 90s, 5m or 1h',
    default: '5m',
    value: 'TIME',
    on: EVERYWHERE,
  },
  {
    name: 'max-layer-size',
    description: 'Largest uncompressed layer, such as 500MiB or 4GiB',
    default: '16GiB',
    value: 'SIZE',
    on: EVERYWHERE,
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
    on: SIGNING,
  },
  {
    name: 'install',
    description: 'Install oras and mkfs.erofs if the runner lacks a suitable one',
    default: 'true',
    on: ACTION,
  },
  {
    name: 'oras-version',
    description: 'Version of oras to install; only versions with a known checksum',
    default: '1.3.0',
    on: ACTION,
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
    on: EVERYWHERE,
  },
  {
    name: 'show-summary',
    description: 'Write a job summary',
    default: 'true',
    on: ACTION,
  },
] as const satisfies readonly InputSpec[];

export type InputName = (typeof INPUTS)[number]['name'];

/** Values as the user wrote them; absent and empty mean the same. Lists are joined by new lines. */
export type RawValues = Partial<Record<InputName, string>>;

/** The inputs that a surface has, in order. */
export function inputsOf(surface: Surface): (InputSpec & { name: InputName })[] {
  return INPUTS.filter((input) => (input.on as readonly Surface[]).includes(surface));
}

/** What the Action sets when it has succeeded, in the order of action.yml. */
export const OUTPUTS = [
  {
    name: 'digest',
    description: 'Digest of the image that was signed; with several images one a line, in the order given',
  },
  {
    name: 'artifact-digests',
    description:
      'JSON array of {image, platform, profile, manifest, digest, reused}: the signature artifact of each platform manifest and profile. Empty after a dry run',
  },
  {
    name: 'root-hashes',
    description:
      'JSON array of {image, platform, profile, manifest, index, layer, rootHash}: every layer in image order',
  },
  { name: 'report-path', description: 'Path of the JSON report' },
] as const;

export type OutputName = (typeof OUTPUTS)[number]['name'];
