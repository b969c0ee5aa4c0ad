import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import {
  algorithmName,
  CERTIFICATE_SIGNATURE_OIDS,
  judgeKey,
  type KeyKind,
  type KeyVerdict,
  OID,
} from './algorithms.ts';
import { childrenOf, type Element, Fields, FormatError, oidOf, readDer, sameBytes, TAG } from './der.ts';
import { type Extensions, readExtensions } from './extensions.ts';

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** One X.509 certificate, as far as signing and verifying need it. */
export interface Certificate {
  /** Exactly as it was given. */
  der: Uint8Array;
  x509: X509Certificate;
  /** For people, after RFC 4514: `CN=release,O=Example`. */
  subject: string;
  issuer: string;
  /** SHA-256 of `der`, lowercase hex. */
  fingerprint: string;
  /** Whether the kernel can use the key. */
  key: KeyVerdict;
  /** `undefined` if it cannot. */
  keyKind: KeyKind | undefined;
  notBefore: Date;
  notAfter: Date;
  /** Issuer and subject are the same and its own key verifies it. */
  selfSigned: boolean;
  /** Object identifier of the algorithm it was signed with. */
  signatureAlgorithm: string;
  /** Whole encodings, byte for byte. */
  raw: { serial: Uint8Array; issuer: Uint8Array; subject: Uint8Array };
  extensions: Extensions;
}

/**
 * Reads a certificate. Says nothing yet about whether it may be used.
 * @throws FormatError if the bytes are not one X.509 certificate in DER.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const certificate = new Fields(expectSequence(readDer(der)), 'the certificate');
  const tbs = new Fields(certificate.take(TAG.sequence, 'body'), 'the certificate body');
  const outerAlgorithm = certificate.take(TAG.sequence, 'signature algorithm');
  const signature = certificate.take(TAG.bitString, 'signature');
  certificate.end();
  if (signature.content[0] !== 0) throw new FormatError('the certificate has a signature of odd bits');

  tbs.takeIf(TAG.context0);
  const serial = tbs.take(TAG.integer, 'serial number');
  const algorithm = tbs.take(TAG.sequence, 'signature algorithm');
  if (!sameBytes(algorithm.bytes, outerAlgorithm.bytes)) {
    throw new FormatError('the certificate names two different signature algorithms');
  }
  const issuer = tbs.take(TAG.sequence, 'issuer');
  const validity = childrenOf(tbs.take(TAG.sequence, 'validity'));
  const subject = tbs.take(TAG.sequence, 'subject');
  const publicKey = tbs.take(TAG.sequence, 'public key');
  while (tbs.next !== undefined && tbs.next.tag !== TAG.context3) tbs.takeIf(tbs.next.tag);
  const extensions = readExtensions(tbs.takeIf(TAG.context3));
  tbs.end();

  const x509 = openX509(der);
  const { validFromDate: notBefore, validToDate: notAfter } = x509;
  // Node gives an arbitrary or invalid date for a time that OpenSSL cannot read.
  if (validity.length !== 2 || !validity.every(isTime)) {
    throw new FormatError('a certificate whose validity is not made of dates');
  }
  const key = keyVerdict(x509, publicKey);
  return {
    der,
    x509,
    subject: nameForPeople(x509.subject),
    issuer: nameForPeople(x509.issuer),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    key,
    keyKind: 'kind' in key ? key.kind : undefined,
    notBefore,
    notAfter,
    selfSigned: sameBytes(issuer.bytes, subject.bytes) && verifiedBy(x509, x509),
    signatureAlgorithm: oidOf(new Fields(algorithm, 'the signature algorithm').take(TAG.oid, 'identifier')),
    raw: { serial: serial.bytes, issuer: issuer.bytes, subject: subject.bytes },
    extensions,
  };
}

/** True if `issuer` issued `subject`: same name byte for byte, same key identifier, signature holds. */
export function hasIssued(issuer: Certificate, subject: Certificate): boolean {
  if (!sameBytes(issuer.raw.subject, subject.raw.issuer)) return false;
  const wanted = subject.extensions.authorityKeyId;
  const offered = issuer.extensions.subjectKeyId;
  if (wanted !== undefined && offered !== undefined && !sameBytes(wanted, offered)) return false;
  return verifiedBy(subject.x509, issuer.x509);
}

/**
 * Why the kernel cannot use the certificate, without a subject; `undefined` if it can.
 * A key in a certificate that it cannot parse makes it refuse the whole message.
 */
export function certificateRefusal(certificate: Certificate): string | undefined {
  const { key } = certificate;
  if ('refused' in key) {
    return `has ${key.refused}; the kernel accepts RSA of 2048, 3072 or 4096 bits and EC P-256, P-384 or P-521`;
  }
  if (!CERTIFICATE_SIGNATURE_OIDS.has(certificate.signatureAlgorithm)) {
    const name = algorithmName(certificate.signatureAlgorithm);
    return `is signed with ${name}; only RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted`;
  }
  return undefined;
}

/**
 * Why `issuer` may not have issued what is below it; `undefined` if it may. The kernel does not look,
 * but verification outside it does. [RFC 5280, 6.1.4 (k) to (n)]
 * @param below Certificates of CAs between it and the leaf, those issued to itself not counted.
 */
export function issuerRefusal(issuer: Certificate, below: number): string | undefined {
  const { isCa, pathLength, keyUsage } = issuer.extensions;
  if (!isCa) return 'is not a CA certificate (basicConstraints)';
  if (keyUsage !== undefined && !keyUsage.keyCertSign) return 'may not sign certificates (keyUsage)';
  if (pathLength !== undefined && below > pathLength) {
    return `allows at most ${pathLength} CA certificates below it (basicConstraints), there are ${below}`;
  }
  return undefined;
}

/** Why the leaf may not sign layers, its key and algorithm apart. */
export function leafRefusal(leaf: Certificate): string | undefined {
  const { isCa, keyUsage } = leaf.extensions;
  if (keyUsage !== undefined && !keyUsage.digitalSignature) {
    return 'may not make signatures (keyUsage lacks digitalSignature)';
  }
  if (isCa && !leaf.selfSigned) return 'is a CA certificate, not a signing certificate';
  return undefined;
}

/** How messages name a certificate. */
export function certificateName(certificate: Certificate): string {
  return `certificate "${certificate.subject}"`;
}

function verifiedBy(subject: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return subject.verify(issuer.publicKey);
  } catch {
    // Node throws where OpenSSL does not know the key or the algorithm: not verified either way.
    return false;
  }
}

function openX509(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new FormatError('a certificate that OpenSSL cannot read', { cause });
  }
}

/** OpenSSL reads more forms of a key than the kernel: those are told apart by how they are written. */
function keyVerdict(x509: X509Certificate, written: Element): KeyVerdict {
  const algorithm = new Fields(
    new Fields(written, 'the public key').take(TAG.sequence, 'algorithm'),
    'the algorithm of the public key',
  );
  const id = oidOf(algorithm.take(TAG.oid, 'identifier'));
  if (id === OID.ecPublicKey && algorithm.next?.tag !== TAG.oid) {
    return { refused: 'an EC key whose curve is not named' };
  }
  if (id === OID.rsaAlias) return { refused: `an RSA key under the identifier ${id}` };
  let key: KeyObject;
  try {
    key = x509.publicKey;
  } catch {
    return { refused: 'a public key that cannot be read' };
  }
  return judgeKey(key);
}

function expectSequence(element: Element): Element {
  if (element.tag !== TAG.sequence) throw new FormatError('no certificate');
  return element;
}

/** Node gives one attribute a line, most general first and escaped; RFC 4514 wants the reverse. */
function nameForPeople(lines: string | undefined): string {
  return lines ? lines.split('\n').reverse().join(',') : '(no name)';
}

/** UTCTime or GeneralizedTime in the forms that certificates have. [RFC 5280, 4.1.2.5] */
function isTime({ tag, content }: Element): boolean {
  const text = Buffer.from(content).toString('latin1');
  const form = tag === UTC_TIME ? /^\d{12}Z$/ : /^\d{14}Z$/;
  if ((tag !== UTC_TIME && tag !== GENERALIZED_TIME) || !form.test(text)) return false;
  const iso = text
    .slice(0, -1)
    .padStart(14, '20')
    .replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso;
}
