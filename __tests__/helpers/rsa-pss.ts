/** RSASSA-PSS-params with any field wrong that a test wants wrong. [RFC 4055, 3.1] */
import { encode, encodeOid } from '../../src/signatures/x509/asn1/encode.ts';
import { integer, sequence } from './der-pki.ts';

export const NULL = encode(0x05);
const SHA256 = '2.16.840.1.101.3.4.2.1';

export interface PssFields {
  hash?: string;
  /** Parameters of the hash algorithms; default NULL. */
  hashParameters?: Uint8Array[];
  mask?: string;
  maskHash?: string;
  /** Default 32. */
  salt?: Uint8Array[];
  trailer?: Uint8Array[];
}

/** The AlgorithmIdentifier; by default of SHA-256 with MGF1, a salt of 32 bytes, and NULL where it belongs. */
export function pssAlgorithm(fields: PssFields = {}): Buffer {
  const { hash = SHA256, hashParameters = [NULL], mask = '1.2.840.113549.1.1.8', maskHash = hash } = fields;
  const { salt = [integer(32)], trailer = [] } = fields;
  const parts = [
    [sequence(encodeOid(hash), ...hashParameters)],
    [sequence(encodeOid(mask), sequence(encodeOid(maskHash), ...hashParameters))],
    salt,
    trailer,
  ];
  const explicit = parts.flatMap((part, index) => (part.length === 0 ? [] : [encode(0xa0 + index, ...part)]));
  return sequence(encodeOid('1.2.840.113549.1.1.10'), sequence(...explicit));
}
