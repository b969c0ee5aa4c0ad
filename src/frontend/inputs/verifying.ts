import { type InputSpec, VERIFYING } from './input-spec.ts';

/** Whom to trust, and what to demand. */
export const VERIFYING_INPUTS = [
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
] as const satisfies readonly InputSpec[];
