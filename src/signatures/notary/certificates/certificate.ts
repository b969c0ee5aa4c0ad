import { type KeyObject, X509Certificate } from 'node:crypto';
import { BitString, fromBER } from 'asn1js';
import { BasicConstraints, Certificate, type Extension, ExtKeyUsage, RSASSAPSSParams } from 'pkijs';
import { decoding, FormatError } from '../../../formats/format-error.ts';

/** A certificate as far as Notary's rules look at it. [RFC 5280, 4.1 and 4.2.1] */
export interface NotaryCertificate {
  der: Uint8Array;
  x509: X509Certificate;
  /** `undefined` if OpenSSL cannot read it. */
  key: KeyObject | undefined;
  /** For people, after RFC 4514: `CN=release,O=Example`. */
  name: string;
  /** Encodings, byte for byte. */
  subject: Uint8Array;
  issuer: Uint8Array;
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  /** What it was signed with: the object identifier, and for RSASSA-PSS its digest's. */
  signatureAlgorithm: string;
  pssDigest: string | undefined;
  basicConstraints: { critical: boolean; isCa: boolean; pathLength: number | undefined } | undefined;
  /** Set bits of the extension by number: 0 = digitalSignature … 8 = decipherOnly. */
  keyUsage: { critical: boolean; bits: ReadonlySet<number> } | undefined;
  /** Object identifiers. */
  extendedKeyUsage: { critical: boolean; purposes: readonly string[] } | undefined;
}

export const RSASSA_PSS = '1.2.840.113549.1.1.10';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';

/** Far more than certificates have: the library takes tenths of a second for ten thousand. */
const LIMITS = { maxDepth: 40, maxNodes: 1000, maxContentLength: 64 * 1024 };

/** An envelope's certificates are looked at several times, and reading them takes longest of all. */
const known = new WeakMap<Uint8Array, NotaryCertificate>();

/** @throws FormatError if the bytes are not one certificate in DER; the message is a noun phrase. */
export function readNotaryCertificate(der: Uint8Array): NotaryCertificate {
  const before = known.get(der);
  if (before?.x509.raw.equals(der) === true) return before;
  const certificate = read(der);
  known.set(der, certificate);
  return certificate;
}

function read(der: Uint8Array): NotaryCertificate {
  const unreadable = 'a certificate that cannot be read';
  const x509 = decoding(unreadable, () => new X509Certificate(der));
  // OpenSSL takes PEM as well, and lets bytes follow.
  if (!x509.raw.equals(der)) throw new FormatError('a certificate that is not in DER');
  return decoding(unreadable, () => {
    const { result } = fromBER(Uint8Array.from(der), LIMITS);
    const { notBefore, notAfter, ...fields } = readFields(new Certificate({ schema: result }));
    // For a time that OpenSSL cannot read, Node gives an arbitrary date.
    if (+notBefore !== +x509.validFromDate || +notAfter !== +x509.validToDate) {
      throw new FormatError('a certificate whose validity is not made of dates');
    }
    return { der, x509, key: keyOf(x509), name: nameForPeople(x509.subject), notBefore, notAfter, ...fields };
  });
}

/** True if `issuer` issued `subject`: same name byte for byte, and the signature holds. */
export function hasIssued(issuer: NotaryCertificate, subject: NotaryCertificate): boolean {
  if (!Buffer.from(issuer.subject).equals(subject.issuer)) return false;
  try {
    return issuer.key !== undefined && subject.x509.verify(issuer.key);
  } catch {
    // Node throws where OpenSSL does not know the key or the algorithm: not verified either way.
    return false;
  }
}

function keyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

function readFields(certificate: Certificate) {
  const { algorithmId, algorithmParams } = certificate.signatureAlgorithm;
  const constraints = extension(certificate, BASIC_CONSTRAINTS, (content) =>
    BasicConstraints.fromBER(content),
  );
  const purposes = extension(certificate, EXTENDED_KEY_USAGE, (content) => ExtKeyUsage.fromBER(content));
  const usage = extension(certificate, KEY_USAGE, bitsOf);
  return {
    subject: new Uint8Array(certificate.subject.valueBeforeDecode),
    issuer: new Uint8Array(certificate.issuer.valueBeforeDecode),
    serial: certificate.serialNumber.valueBlock.valueHexView,
    notBefore: certificate.notBefore.value,
    notAfter: certificate.notAfter.value,
    signatureAlgorithm: algorithmId,
    pssDigest:
      algorithmId === RSASSA_PSS
        ? new RSASSAPSSParams({ schema: algorithmParams }).hashAlgorithm.algorithmId
        : undefined,
    basicConstraints: constraints && {
      critical: constraints.critical,
      isCa: constraints.value.cA,
      pathLength: pathLengthOf(constraints.value),
    },
    keyUsage: usage && { critical: usage.critical, bits: usage.value },
    extendedKeyUsage: purposes && { critical: purposes.critical, purposes: purposes.value.keyPurposes },
  };
}

/** An extension by its identifier; refuses one that occurs twice. */
function extension<T>(
  certificate: Certificate,
  id: string,
  read: (content: Uint8Array<ArrayBuffer>) => T,
): { critical: boolean; value: T } | undefined {
  const found = (certificate.extensions ?? []).filter((one: Extension) => one.extnID === id);
  const [first] = found;
  if (found.length > 1) throw new FormatError(`a certificate with two extensions ${id}`);
  return (
    first && {
      critical: first.critical,
      value: read(Uint8Array.from(first.extnValue.valueBlock.valueHexView)),
    }
  );
}

function bitsOf(content: Uint8Array<ArrayBuffer>): ReadonlySet<number> {
  const { result, offset } = fromBER(content);
  if (offset === -1 || !(result instanceof BitString))
    throw new FormatError('a key usage that is no bit string');
  const bytes = result.valueBlock.valueHexView;
  return new Set([...Array(9).keys()].filter((bit) => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1));
}

function pathLengthOf({ pathLenConstraint: length }: BasicConstraints): number | undefined {
  if (length === undefined || typeof length === 'number') return length;
  throw new FormatError('a certificate with a path length beyond all numbers');
}

/** Node gives one attribute a line, most general first and escaped; RFC 4514 wants the reverse. */
function nameForPeople(lines: string | undefined): string {
  return lines ? lines.split('\n').reverse().join(',') : '(no name)';
}
