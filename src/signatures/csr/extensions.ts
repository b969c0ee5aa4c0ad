/** What a signing certificate may be used for, as our own rules for signers ask. [RFC 5280, 4.2.1] */
import { createHash } from 'node:crypto';
import { readDer } from '../x509/asn1/der.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeOid } from '../x509/asn1/encode.ts';
import { fieldsOf } from '../x509/asn1/fields.ts';
import { wholeBytesOf } from '../x509/asn1/values.ts';
import { EXTENSION } from '../x509/extensions.ts';
import { PURPOSE } from '../x509/purposes.ts';

/** The bit digitalSignature alone: seven bits of the byte are unused. */
const DIGITAL_SIGNATURE = Uint8Array.of(7, 0x80);
/** `keyIdentifier [0] IMPLICIT` of an AuthorityKeyIdentifier. */
const KEY_IDENTIFIER = 0x80;

/** Extensions ::= SEQUENCE OF Extension: no CA, digitalSignature, codeSigning. */
export function signerExtensions(...more: readonly Uint8Array[]): Buffer {
  return encode(
    TAG.sequence,
    extension(EXTENSION.basicConstraints, true, encode(TAG.sequence)),
    extension(EXTENSION.keyUsage, true, encode(TAG.bitString, DIGITAL_SIGNATURE)),
    extension(EXTENSION.extendedKeyUsage, false, encode(TAG.sequence, encodeOid(PURPOSE.codeSigning))),
    ...more,
  );
}

/**
 * The identifiers of the key of a certificate that signs itself: the kernel finds a certificate by them.
 * @param publicKey SubjectPublicKeyInfo in DER
 */
export function keyIdentifiers(publicKey: Uint8Array): Buffer[] {
  const info = fieldsOf(readDer(publicKey), 'the public key');
  info.take(TAG.sequence, 'algorithm');
  const bits = wholeBytesOf(info.take(TAG.bitString, 'bits'), 'a public key');
  // The name of a key, not its protection. [RFC 5280, 4.2.1.2, method 1]
  const id = createHash('sha1').update(bits).digest();
  return [
    extension(EXTENSION.subjectKeyId, false, encode(TAG.octetString, id)),
    extension(EXTENSION.authorityKeyId, false, encode(TAG.sequence, encode(KEY_IDENTIFIER, id))),
  ];
}

function extension(oid: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [encode(TAG.boolean, Uint8Array.of(0xff))] : [];
  return encode(TAG.sequence, encodeOid(oid), ...flag, encode(TAG.octetString, value));
}
