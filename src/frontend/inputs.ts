/**
 * Every input of the Action and option of the CLI. action.yml, the table in the README and the CLI's
 * help are made from this list (`npm run docs`), and contract tests keep them equal. A name is in it
 * once, or once for each group of surfaces where it has another description or default.
 */

/** Where a name may be given. */
export type Surface = 'action' | 'sign' | 'root-hash' | 'verify-action' | 'verify' | 'inspect';

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

const EVERYWHERE = ['action', 'sign', 'root-hash', 'verify-action', 'verify', 'inspect'] as const;
/** Where layers are converted. */
const CONVERTING = ['action', 'sign', 'root-hash', 'verify-action', 'verify'] as const;
const SIGNING = ['action', 'sign'] as const;
const VERIFYING = ['verify-action', 'verify'] as const;
/** Where there is a report. */
const REPORTING = ['action', 'sign', 'verify-action', 'verify'] as const;
/** Where there are referrers. */
const REFERRERS = ['action', 'sign', 'verify-action', 'verify', 'inspect'] as const;
const ACTIONS = ['action', 'verify-action'] as const;

/** In the order in which help and tables show them. */
export const INPUTS = [
  {
    name: 'image',
    description:
      'Images, one a line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG]',
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
    name: 'erofs-utils-version',
    description:
      'Demand this version of erofs-utils or class of versions (A, B or C); any accepts one whose output this program does not know. Default: every version that passes the known-answer test',
    value: 'VERSION',
    on: CONVERTING,
  },
  {
    name: 'key',
    description:
      'Private key: the path of a PEM or PKCS#12 file, env://NAME for an environment variable that holds one, awskms://…, azurekms://VAULT/KEY, gcpkms://…, hashivault://KEY, or notation-plugin://NAME/KEYID. Not needed for a dry run',
    value: 'KEY',
    on: SIGNING,
  },
  {
    name: 'key-passphrase',
    description:
      'Passphrase of an encrypted key or PKCS#12 file: env://NAME, or the path of a file that holds it',
    value: 'REF',
    on: SIGNING,
  },
  {
    name: 'certificate',
    description:
      "PEM file with the certificate chain: the signer's leaf first, then its issuers; the root is optional for layers and needed for manifest-signature. Not needed for a dry run, nor where the key's holder has the chain (PKCS#12, Azure Key Vault, Vault, plugins)",
    value: 'FILE',
    on: SIGNING,
  },
  {
    name: 'plugin-config',
    description: 'Configuration of the notation plugin that holds the key, one KEY=VALUE a line',
    value: 'KEY=VALUE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'layers',
    description:
      'Signatures of layers: required refuses an image whose layers cannot be signed; auto signs the layers that can be, and says of which images they cannot (Windows); none signs no layer and needs no mkfs.erofs',
    default: 'required',
    value: 'WHICH',
    on: SIGNING,
  },
  {
    name: 'manifest-signature',
    description:
      'Sign each image manifest, and the index, for notation verify as well: none, jws or cose, the format of the envelope',
    default: 'none',
    value: 'FORMAT',
    on: SIGNING,
  },
  {
    name: 'signature-expiry',
    description:
      'How long a manifest signature is to be valid, such as 24h or 90d. Default: it does not expire',
    value: 'TIME',
    on: SIGNING,
  },
  {
    name: 'timestamp-url',
    description: 'RFC 3161 timestamp authority for manifest signatures; goes with timestamp-certificate',
    value: 'URL',
    on: SIGNING,
  },
  {
    name: 'timestamp-certificate',
    description: "PEM file with the timestamp authority's root certificate",
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
    name: 'trusted-certificate',
    description: 'PEM files of certificates to trust: a root, an intermediate or the signer itself',
    value: 'FILE',
    list: true,
    on: VERIFYING,
  },
  {
    name: 'trust-store',
    description:
      "Names of notation's trust stores to trust: NAME for x509/ca/NAME, or with the kind, such as tsa:NAME",
    value: 'NAME',
    list: true,
    on: VERIFYING,
  },
  {
    name: 'trust-policy',
    description:
      "notation's trust policy file (trustpolicy.oci.json or trustpolicy.json), or notation for the one that notation has configured. Its statement for the image's repository says whom to trust, instead of trusted-certificate and trust-store, and what is enforced",
    value: 'FILE',
    on: VERIFYING,
  },
  {
    name: 'trust-policy-scope',
    description:
      'Repository by which the trust policy knows an image of a layout or archive, such as local/app',
    value: 'SCOPE',
    on: VERIFYING,
  },
  {
    name: 'layers',
    description:
      'Signatures of layers: required, auto (images whose layers cannot be signed, such as Windows, need none) or none (not looked at)',
    default: 'required',
    value: 'WHICH',
    on: VERIFYING,
  },
  {
    name: 'manifest-signature',
    description:
      'Notary Project signatures of manifests: auto (checked where there are any; they must hold if a trust policy enforces it, or if no signatures of layers are demanded), required (the image or index must have one), or none (not looked at)',
    default: 'auto',
    value: 'WHICH',
    on: VERIFYING,
  },
  {
    name: 'signer-identity',
    description:
      'Who the signer must be, one a line: subject attributes such as CN=release,O=Example, or the SHA-256 fingerprint of the certificate. Default: everyone that the trusted certificates vouch for',
    value: 'WHO',
    list: true,
    on: VERIFYING,
  },
  {
    name: 'recompute',
    description:
      'Build the EROFS image of every layer anew and compare root hashes. With false only the signer of the root hashes is proven, not that they are those of these layers',
    default: 'true',
    value: 'BOOL',
    on: VERIFYING,
  },
  {
    name: 'allow-expired',
    description: 'Accept expired certificates, for short-lived ones: the kernel checks no dates',
    default: 'false',
    on: VERIFYING,
  },
  {
    name: 'at',
    description:
      'Time at which certificates must be valid, such as 2026-01-31T12:00:00Z (RFC 3339). Default: now',
    value: 'TIME',
    on: VERIFYING,
  },
  {
    name: 'strict',
    description: 'Fail if any signature does not hold, even beside a good one',
    default: 'false',
    on: VERIFYING,
  },
  {
    name: 'annotations',
    description: 'Extra annotations of the signature manifests, one KEY=VALUE a line',
    value: 'KEY=VALUE',
    list: true,
    on: SIGNING,
  },
  {
    name: 'push-to',
    description:
      'Registry tag that receives the image of an OCI layout or archive, with its referrers, once it is signed and the signatures are verified: it is never there without them',
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
    description:
      'Layers converted, and signed, at the same time. Default: the number of processors, at most 4',
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
    description: 'Install oras and mkfs.erofs if the runner lacks a suitable one',
    default: 'true',
    on: ACTIONS,
  },
  {
    name: 'oras-version',
    description: 'Version of oras to install; only versions with a known checksum',
    default: '1.3.0',
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
