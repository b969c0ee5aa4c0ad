import forge from 'node-forge';

type Asn1 = forge.asn1.Asn1;
const { asn1 } = forge;

/** The file is not what its first bytes promise. Messages have no part of the content. */
export class MalformedError extends Error {}

/** BER as forge reads it: indefinite lengths too, which some writers of PKCS#12 use. */
export function parseBer(bytes: Uint8Array): Asn1 {
  try {
    return asn1.fromDer(Buffer.from(bytes).toString('latin1'), true);
  } catch {
    throw new MalformedError('ASN.1 that cannot be read');
  }
}

/** The elements of a constructed value. */
export function children(node: Asn1 | undefined): Asn1[] {
  if (node === undefined || !node.constructed || !Array.isArray(node.value)) {
    throw new MalformedError('an element that is missing or not constructed');
  }
  return node.value;
}

/** The bytes of an OCTET STRING (or one tagged implicitly), whole or in pieces. */
export function octets(node: Asn1 | undefined): Buffer {
  if (typeof node?.value === 'string') return Buffer.from(node.value, 'latin1');
  return Buffer.concat(children(node).map(octets));
}

export function objectId(node: Asn1 | undefined): string {
  if (node?.type !== asn1.Type.OID || typeof node.value !== 'string') {
    throw new MalformedError('a missing object identifier');
  }
  return asn1.derToOid(node.value);
}

/** A positive INTEGER; Infinity for what has more than six bytes. */
export function integer(node: Asn1 | undefined): number {
  if (node?.type !== asn1.Type.INTEGER || typeof node.value !== 'string' || node.value === '') {
    throw new MalformedError('a missing number');
  }
  const bytes = Buffer.from(node.value, 'latin1');
  if (bytes.readInt8(0) < 0) throw new MalformedError('a negative number');
  return bytes.length > 6 ? Number.POSITIVE_INFINITY : bytes.readUIntBE(0, bytes.length);
}

export function isOctetString(node: Asn1 | undefined): boolean {
  return node?.tagClass === asn1.Class.UNIVERSAL && node.type === asn1.Type.OCTETSTRING;
}

export function isInteger(node: Asn1 | undefined): boolean {
  return node?.tagClass === asn1.Class.UNIVERSAL && node.type === asn1.Type.INTEGER;
}

/** An element's encoding again. */
export function encode(node: Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}
