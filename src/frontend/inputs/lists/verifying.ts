import { type InputSpec, RECOMPUTING, TRUSTING, VERIFYING } from '../input-spec.ts';

/** Trust anchors, and what must be signed. */
export const VERIFYING_INPUTS = [
  {
    name: 'trusted-certificate',
    group: 'essential',
    description:
      'Trusted certificates (a root, an intermediate or the signer itself): paths of PEM files, env://NAME, or PEM text',
    value: 'FILE',
    list: true,
    on: TRUSTING,
  },
  {
    name: 'trust-store',
    group: 'trust',
    description:
      "Names of notation's trust stores to trust: NAME for x509/ca/NAME, or TYPE:NAME such as tsa:NAME",
    value: 'NAME',
    list: true,
    on: TRUSTING,
  },
  {
    name: 'trust-policy',
    group: 'trust',
    description:
      "Trust policy file of notation (trustpolicy.oci.json or trustpolicy.json), or notation for the file in notation's configuration folder. Its statement for the image's repository replaces trusted-certificate and trust-store and defines what is enforced",
    value: 'FILE',
    on: TRUSTING,
  },
  {
    name: 'trust-policy-scope',
    group: 'trust',
    description:
      'Repository that selects the statement of the trust policy for an image in a layout or archive, such as local/app',
    value: 'SCOPE',
    on: TRUSTING,
  },
  {
    name: 'layers',
    group: 'image',
    description:
      'Layer signatures: required (for every image that a Linux node may run; images of an index that no signature covers are reported as uncovered), all (an uncovered image is not-signed), auto (not required for images whose layers cannot be signed, such as Windows images) or none (not checked)',
    default: 'required',
    value: 'WHICH',
    choices: ['required', 'all', 'auto', 'none'],
    on: VERIFYING,
  },
  {
    name: 'manifest-signature',
    group: 'essential',
    description:
      'Notary Project signatures of manifests: auto (checked if there are any; they must be valid if a trust policy enforces it or if no layer signatures are required), required (the image or index must have a valid one) or none (not checked)',
    default: 'auto',
    value: 'WHICH',
    choices: ['auto', 'required', 'none'],
    on: VERIFYING,
  },
  {
    name: 'signer-identity',
    group: 'essential',
    description:
      'Required signer, one per line: subject attributes such as CN=release,O=Example, or the SHA-256 fingerprint of the certificate. Default: any signer that a trusted certificate vouches for',
    value: 'WHO',
    list: 'lines',
    on: TRUSTING,
  },
  {
    name: 'recompute',
    group: 'erofs',
    description:
      'Rebuild the EROFS image of every layer and compare root hashes. If false, verify proves only who signed the root hashes, not that they belong to these layers',
    default: 'true',
    on: RECOMPUTING,
  },
  {
    name: 'allow-expired',
    group: 'trust',
    description:
      'Accept expired certificates, for example short-lived ones. The kernel does not check dates either',
    default: 'false',
    on: TRUSTING,
  },
  {
    name: 'at',
    group: 'trust',
    description:
      'Time at which certificates must be valid, such as 2026-01-31T12:00:00Z (RFC 3339). Default: now',
    value: 'TIME',
    on: TRUSTING,
  },
  {
    name: 'strict',
    group: 'trust',
    description: 'Fail if any signature is invalid, even if another one is valid',
    default: 'false',
    on: VERIFYING,
  },
] as const satisfies readonly InputSpec[];
