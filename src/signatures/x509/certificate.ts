import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { FormatError } from '../../formats/format-error.ts';
import { type AlgorithmIdentifier, OID, readAlgorithm } from './algorithms.ts';
import { childrenOf, type Element, readDer, sameBytes } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { Fields, fieldsOf, unwrap } from './asn1/fields.ts';
import { readTime } from './asn1/time.ts';
import { wholeBytesOf } from './asn1/values.ts';
import { type CertificateExtensions, readCertificateExtensions, readExtensionList } from './extensions.ts';
import { type KeyKind, kindOfSpec, specOfKey } from './key.ts';

/** One X.509 certificate, as far as signing and verifying need it. [RFC 5280, 4.1] */
export interface Certificate {
  /** Exactly as it was given. */
  der: Uint8Array;
  x509: X509Certificate;
  /** For people, after RFC 4514: `CN=release,O=Example`. */
  subject: string;
  issuer: string;
  /** SHA-256 of `der`, lowercase hex. */
  fingerprint: string;
  /** `undefined` if OpenSSL cannot read it. */
  key: KeyObject | undefined;
  /** The algorithm of the key as the certificate writes it. */
  keyAlgorithm: AlgorithmIdentifier;
  /** `undefined` for kinds of key that layers are not signed with, and forms that the kernel cannot read. */
  keyKind: KeyKind | undefined;
  notBefore: Date;
  notAfter: Date;
  /** Issuer and subject are the same and its own key verifies it. */
  selfSigned: boolean;
  /** What the certificate itself was signed with. */
  signatureAlgorithm: AlgorithmIdentifier;
  /** Byte for byte: whole encodings, and the key that `subjectPublicKey` holds. */
  raw: Record<'serial' | 'issuer' | 'notBefore' | 'notAfter' | 'subject' | 'publicKey', Uint8Array>;
  extensions: CertificateExtensions;
}

/** The kernel's limit for a certificate. [Linux lib/asn1_decoder.c] */
const MAX_BYTES = 65_535;
/** issuerUniqueID and subjectUniqueID of version 2, which are ignored. */
const UNIQUE_IDS = [0x81, 0x82];

/** First byte of a point that is given by both coordinates. */
const UNCOMPRESSED = 4;

/** A chain is looked at several times in a run. */
const known = new WeakMap<Uint8Array, Certificate>();

/**
 * Reads a certificate. Says nothing yet about whether it may be used.
 * @throws FormatError if the bytes are not one X.509 certificate in DER.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const before = known.get(der);
  if (before?.x509.raw.equals(der) === true) return before;
  const certificate = read(der);
  known.set(der, certificate);
  return certificate;
}

/** How messages name a certificate. */
export function certificateName(certificate: Certificate): string {
  return `certificate "${certificate.subject}"`;
}

/** Why a certificate is not valid at a time, such as `expired on …`; `undefined` if it is. */
export function validityViolation({ notBefore, notAfter }: Certificate, at: Date): string | undefined {
  if (at < notBefore) return `is not valid before ${notBefore.toISOString()}`;
  if (at > notAfter) return `expired on ${notAfter.toISOString()}`;
  return undefined;
}

function read(der: Uint8Array): Certificate {
  if (der.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES} bytes`);
  const { raw, ...fields } = readFields(der);
  const x509 = openX509(der);
  const key = keyOf(x509);
  return {
    der,
    x509,
    subject: nameForPeople(x509.subject),
    issuer: nameForPeople(x509.issuer),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    key,
    keyKind: keyKind(key, fields.keyAlgorithm, raw.publicKey),
    selfSigned: sameBytes(raw.issuer, raw.subject) && key !== undefined && isVerifiedBy(x509, key),
    raw,
    ...fields,
  };
}

function readFields(der: Uint8Array) {
  const certificate = fieldsOf(readDer(der), 'the certificate');
  const tbs = new Fields(certificate.take(TAG.sequence, 'body'), 'the certificate body');
  const outerAlgorithm = certificate.take(TAG.sequence, 'signature algorithm');
  wholeBytesOf(certificate.take(TAG.bitString, 'signature'), 'a signature');
  certificate.end();

  tbs.takeIf(TAG.context0);
  const serial = tbs.take(TAG.integer, 'serial number').bytes;
  const innerAlgorithm = tbs.take(TAG.sequence, 'signature algorithm');
  if (!sameBytes(innerAlgorithm.bytes, outerAlgorithm.bytes)) {
    throw new FormatError('names two different signature algorithms');
  }
  const issuer = tbs.take(TAG.sequence, 'issuer').bytes;
  const [from, to] = validityOf(tbs.take(TAG.sequence, 'validity'));
  const subject = tbs.take(TAG.sequence, 'subject').bytes;
  const { keyAlgorithm, publicKey } = readPublicKey(tbs.take(TAG.sequence, 'public key'));
  for (const tag of UNIQUE_IDS) tbs.takeIf(tag);
  const wrapper = tbs.takeIf(TAG.context3);
  tbs.end();
  const list = wrapper && unwrap(wrapper, TAG.sequence, 'the extensions');
  // Neither the kernel nor RFC 5280, 4.1 knows such a list.
  if (list?.content.length === 0) throw new FormatError('has an empty list of extensions');
  return {
    raw: { serial, issuer, notBefore: from.bytes, notAfter: to.bytes, subject, publicKey },
    notBefore: readTime(from, 'a notBefore'),
    notAfter: readTime(to, 'a notAfter'),
    keyAlgorithm,
    signatureAlgorithm: readAlgorithm(outerAlgorithm, 'the signature algorithm'),
    extensions: readCertificateExtensions(readExtensionList(list)),
  };
}

function validityOf(element: Element): [notBefore: Element, notAfter: Element] {
  const [from, to, ...others] = childrenOf(element);
  if (from === undefined || to === undefined || others.length > 0) {
    throw new FormatError('has a validity that is not made of two times');
  }
  return [from, to];
}

/** SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }. */
function readPublicKey(element: Element): { keyAlgorithm: AlgorithmIdentifier; publicKey: Uint8Array } {
  const fields = fieldsOf(element, 'the public key');
  const algorithm = fields.take(TAG.sequence, 'algorithm');
  const key = fields.take(TAG.bitString, 'bits');
  fields.end();
  return {
    keyAlgorithm: readAlgorithm(algorithm, 'the algorithm of the public key'),
    publicKey: wholeBytesOf(key, 'a public key'),
  };
}

function openX509(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new FormatError('is refused by OpenSSL', { cause });
  }
}

function keyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

/** OpenSSL reads more forms of a key than the kernel and Go. */
function keyKind(
  key: KeyObject | undefined,
  written: AlgorithmIdentifier,
  publicKey: Uint8Array,
): KeyKind | undefined {
  if (hasUnnamedCurve(written) || hasShortPoint(written, publicKey)) return undefined;
  // The older name of RSA.
  if (written.oid === OID.rsaAlias) return undefined;
  const spec = specOfKey(key);
  return spec && kindOfSpec(spec);
}

/** Whether an EC key gives the parameters of its curve instead of the curve's name. */
export function hasUnnamedCurve({ oid, parameters }: AlgorithmIdentifier): boolean {
  return oid === OID.ecPublicKey && parameters?.tag !== TAG.oid;
}

/** Whether an EC key is a point in another form than both coordinates: compressed or hybrid. [SEC 1, 2.3.3] */
export function hasShortPoint({ oid }: AlgorithmIdentifier, publicKey: Uint8Array): boolean {
  return oid === OID.ecPublicKey && publicKey[0] !== UNCOMPRESSED;
}

/** Whether a key verifies the signature of a certificate. */
export function isVerifiedBy(x509: X509Certificate, key: KeyObject): boolean {
  try {
    return x509.verify(key);
  } catch {
    // Node throws where OpenSSL does not know the key or the algorithm: not verified either way.
    return false;
  }
}

/** Node gives one attribute a line, most general first and escaped; RFC 4514 wants the reverse. */
function nameForPeople(lines: string | undefined): string {
  return lines ? lines.split('\n').reverse().join(',') : '(no name)';
}
