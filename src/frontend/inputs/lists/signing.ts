import { CERTIFYING, type InputSpec, KEYS, SIGNING } from '../input-spec.ts';

/** The key, its certificate, and what is signed. */
export const SIGNING_INPUTS = [
  {
    name: 'key',
    group: 'essential',
    description:
      'Private key: the path of a PEM or PKCS#12 file, env://NAME for an environment variable that contains one, awskms://…, azurekms://VAULT/KEY, gcpkms://…, hashivault://KEY, or notation-plugin://NAME/KEYID. Not needed for a dry run',
    value: 'KEY',
    on: KEYS,
  },
  {
    name: 'key-passphrase',
    group: 'key',
    description:
      'Passphrase of an encrypted key or PKCS#12 file: env://NAME, or the path of a file that contains it',
    value: 'REF',
    on: KEYS,
  },
  {
    name: 'certificate',
    group: 'essential',
    description:
      "Certificate chain: the path of a PEM file, env://NAME, or PEM text. The signer's certificate comes first, then its issuers. The root is optional for layers and required for manifest-signature. Not needed for a dry run, or if the key holder stores the chain (PKCS#12, Vault, plugins; Azure Key Vault only a self-signed certificate)",
    value: 'FILE',
    on: CERTIFYING,
  },
  {
    name: 'plugin-config',
    group: 'key',
    description: 'Configuration for the notation plugin that holds the key, one KEY=VALUE per line',
    value: 'KEY=VALUE',
    list: 'lines',
    on: KEYS,
  },
  {
    name: 'layers',
    group: 'image',
    description:
      'Layer signatures: required signs every image that a Linux node may run, and reports the images of an index that no signature covers (Windows) as uncovered; all rejects an index with such an image; auto signs the layers that can be signed, reports the images whose layers cannot (Windows) and warns about each Linux image among them; none signs no layers and needs no mkfs.erofs',
    default: 'required',
    value: 'WHICH',
    choices: ['required', 'all', 'auto', 'none'],
    on: SIGNING,
  },
  {
    name: 'artifact-format',
    group: 'image',
    description:
      'Format of the artifact with the layer signatures: notary (that of the Notary Project), tardev (read by tardev-snapshotter of kata-containers and written by the prototype of notation; it records no profile), or both (two artifacts)',
    default: 'notary',
    value: 'FORMAT',
    choices: ['notary', 'tardev', 'both'],
    on: SIGNING,
  },
  {
    name: 'manifest-signature',
    group: 'essential',
    description:
      'Also sign each image manifest, and the index unless platform excludes some of its images, for notation verify: none, jws or cose (the format of the envelope). Recommended for every release: signatures of layers do not cover entrypoint, user and environment, nor which layers belong together',
    default: 'none',
    value: 'FORMAT',
    choices: ['none', 'jws', 'cose'],
    on: SIGNING,
  },
  {
    name: 'signature-expiry',
    group: 'key',
    description: 'Validity period of a manifest signature, such as 24h or 90d. Default: no expiry',
    value: 'TIME',
    on: SIGNING,
  },
  {
    name: 'timestamp-url',
    group: 'key',
    description: 'RFC 3161 timestamp authority for manifest signatures; requires timestamp-certificate',
    value: 'URL',
    on: SIGNING,
  },
  {
    name: 'timestamp-certificate',
    group: 'key',
    description:
      "The timestamp authority's root certificate: the path of a PEM file, env://NAME, or PEM text; requires timestamp-url",
    value: 'FILE',
    on: SIGNING,
  },
] as const satisfies readonly InputSpec[];
