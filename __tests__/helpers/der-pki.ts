/** Certificates and revocation lists written in the test itself, with any field wrong that a test wants wrong. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encode, encodeInteger, encodeOid } from '../../src/signatures/x509/asn1/encode.ts';
import { type Certificate, readCertificate } from '../../src/signatures/x509/certificate.ts';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
export const NOT_BEFORE = '250101000000Z';
export const NOT_AFTER = '450101000000Z';

export const sequence = (...parts: Uint8Array[]) => encode(0x30, ...parts);
export const integer = (...bytes: number[]) => encode(0x02, Uint8Array.from(bytes));
export const algorithm = (oid = ECDSA_SHA256) => sequence(encodeOid(oid));
/** UTCTime or GeneralizedTime, by length. */
export const time = (text: string) => encode(text.length === 13 ? 0x17 : 0x18, Buffer.from(text));

export function name(commonName: string): Buffer {
  return sequence(encode(0x31, sequence(encodeOid('2.5.4.3'), encode(0x0c, Buffer.from(commonName)))));
}

export function extension(oid: string, value: Uint8Array, critical = false): Buffer {
  const flag = critical ? [encode(0x01, Uint8Array.of(0xff))] : [];
  return sequence(encodeOid(oid), ...flag, encode(0x04, value));
}

type Sign = (body: Uint8Array, key: KeyObject) => Uint8Array;
const sha256: Sign = (body, key) => sign('sha256', body, key);

/** SEQUENCE { body, algorithm, signature }. */
export function signed(body: Uint8Array, key: KeyObject, outer = algorithm(), by = sha256): Buffer {
  return sequence(body, outer, encode(0x03, Uint8Array.of(0), by(body, key)));
}

/** Another algorithm than ECDSA with SHA-256. */
export interface SignatureWish {
  oid: string;
  /** As node:crypto takes it; null for Ed25519. */
  digest: string | null;
}

export interface Written {
  certificate: Certificate;
  key: KeyObject;
}

export interface CertificateFields {
  /** A common name, or a whole Name in DER. */
  subject: string | Uint8Array;
  /** Without it the certificate is self-signed. */
  issuer?: Written;
  serial?: number[];
  extensions?: Uint8Array[];
  /** Another key pair's, for certificates of one key. */
  keys?: { publicKey: KeyObject; privateKey: KeyObject };
  /** In the forms that `time` takes. */
  dates?: [notBefore: string, notAfter: string];
  /** In place of the SubjectPublicKeyInfo of the key. */
  keyInfo?: Uint8Array;
  /** The AlgorithmIdentifier, and what signs by it; default ECDSA with SHA-256. */
  signature?: { algorithm: Uint8Array; sign?: Sign };
}

export const CA_EXTENSIONS = [extension('2.5.29.19', sequence(encode(0x01, Uint8Array.of(0xff))), true)];

/** The extension subjectKeyIdentifier. */
export const keyId = (id: Uint8Array) => extension('2.5.29.14', encode(0x04, id));

/** The extension authorityKeyIdentifier by a key, or with further fields. */
export const issuerKeyId = (id: Uint8Array, ...others: Uint8Array[]) =>
  extension('2.5.29.35', sequence(encode(0x80, id), ...others));

/** A certificate on P-256. */
export function writeCertificate(fields: CertificateFields): Written {
  const { subject, issuer, serial = [1], extensions = [] } = fields;
  const { keys = generateKeyPairSync('ec', { namedCurve: 'P-256' }), dates = [NOT_BEFORE, NOT_AFTER] } =
    fields;
  const named = typeof subject === 'string' ? name(subject) : subject;
  const { algorithm: identifier = algorithm(), sign: by } = fields.signature ?? {};
  const body = sequence(
    encode(0xa0, integer(2)),
    encodeInteger(Uint8Array.from(serial)),
    identifier,
    issuer?.certificate.raw.subject ?? named,
    sequence(time(dates[0]), time(dates[1])),
    named,
    fields.keyInfo ?? keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [encode(0xa3, sequence(...extensions))]),
  );
  const der = signed(body, issuer?.key ?? keys.privateKey, Buffer.from(identifier), by);
  return { certificate: readCertificate(der), key: keys.privateKey };
}

export interface CrlFields {
  /** DER of the version; default 2. */
  version?: Uint8Array[];
  inner?: Uint8Array;
  issuer?: Uint8Array;
  thisUpdate?: string;
  nextUpdate?: string | undefined;
  entries?: Uint8Array[];
  extensions?: Uint8Array[];
  signature?: SignatureWish;
}

/** A revocation list. */
export function writeCrl(by: Written, fields: CrlFields = {}): Buffer {
  const { version = [integer(1)], thisUpdate = NOT_BEFORE, entries = [], signature } = fields;
  const outer = algorithm(signature?.oid);
  const { inner = outer, issuer = by.certificate.raw.subject, extensions = [] } = fields;
  const nextUpdate = 'nextUpdate' in fields ? fields.nextUpdate : NOT_AFTER;
  const body = sequence(
    ...version,
    inner,
    issuer,
    time(thisUpdate),
    ...(nextUpdate === undefined ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    ...(extensions.length === 0 ? [] : [encode(0xa0, sequence(...extensions))]),
  );
  const digest = signature === undefined ? 'sha256' : signature.digest;
  return signed(body, by.key, outer, (bytes, key) => sign(digest, bytes, key));
}

/** One entry of a list. */
export function entry(serial: Uint8Array, date = '250601000000Z', extensions: Uint8Array[] = []): Buffer {
  return sequence(serial, time(date), ...(extensions.length === 0 ? [] : [sequence(...extensions)]));
}

/** The extension CRLReason. */
export const reason = (code: number) => extension('2.5.29.21', encode(0x0a, Uint8Array.of(code)));
