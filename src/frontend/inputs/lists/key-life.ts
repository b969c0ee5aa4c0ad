import type { InputSpec } from '../input-spec.ts';

/** How a key gets its certificate, and how its signatures are removed once another key has taken over. */
export const KEY_LIFE_INPUTS = [
  {
    name: 'subject',
    group: 'essential',
    description:
      'Who holds the key, as RFC 4514 writes it: CN=release,O=Example,C=DE. Attributes: CN, O, OU, L, ST, STREET, C, SERIALNUMBER, UID, DC, EMAILADDRESS',
    value: 'NAME',
    on: ['csr'],
  },
  {
    name: 'self-signed',
    group: 'key',
    description:
      'Make a certificate that signs itself, for tests, instead of a request. Every verifier must have this very certificate',
    default: 'false',
    on: ['csr'],
  },
  {
    name: 'days',
    group: 'key',
    description: 'Days for which the self-signed certificate is valid. Default: 30',
    value: 'N',
    on: ['csr'],
  },
  {
    name: 'out',
    group: 'output',
    description: 'File for the request or certificate, which must not exist yet. Default: standard output',
    value: 'FILE',
    on: ['csr'],
  },
  {
    name: 'signer',
    group: 'essential',
    description:
      "SHA-256 fingerprint of the certificate whose signatures are removed, whole, with or without colons; inspect shows the signers' fingerprints",
    value: 'FINGERPRINT',
    on: ['remove'],
  },
  {
    name: 'profile',
    group: 'image',
    description:
      'Remove only layer signatures of these profiles. Default: all layer and manifest signatures of the signer',
    value: 'PROFILE',
    list: true,
    on: ['remove'],
  },
  {
    name: 'yes',
    group: 'essential',
    description: 'Remove the signatures. Without it, they are only listed',
    default: 'false',
    on: ['remove'],
  },
  {
    name: 'force',
    group: 'key',
    description:
      'Remove a signature even if no other valid one over the same root hashes, or the same manifest, stays',
    default: 'false',
    on: ['remove'],
  },
] as const satisfies readonly InputSpec[];
