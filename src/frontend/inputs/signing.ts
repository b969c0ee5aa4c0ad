import { type InputSpec, SIGNING } from './input-spec.ts';

/** What a run signs with, and what it signs. */
export const SIGNING_INPUTS = [
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
      'Signatures of layers: required refuses an image whose layers cannot be signed; auto signs the layers that can be, reports the images whose layers cannot (Windows) and warns of each Linux image among them; none signs no layer and needs no mkfs.erofs',
    default: 'required',
    value: 'WHICH',
    on: SIGNING,
  },
  {
    name: 'manifest-signature',
    description:
      'Sign each image manifest, and the index unless platform leaves images of it out, for notation verify as well: none, jws or cose, the format of the envelope',
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
] as const satisfies readonly InputSpec[];
