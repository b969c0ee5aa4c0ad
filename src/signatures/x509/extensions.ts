import { FormatError } from '../../formats/format-error.ts';
import { childrenOf, type Element, readDer } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { encode } from './asn1/encode.ts';
import { fieldsOf } from './asn1/fields.ts';
import { isTrue, namedBitsOf, oidOf, smallIntegerOf } from './asn1/values.ts';

/** One extension of a certificate, revocation list or the like, its value not yet read. */
export interface Extension {
  critical: boolean;
  /** DER, the content of `extnValue`. */
  value: Uint8Array;
}

/** By object identifier. */
export type ExtensionList = ReadonlyMap<string, Extension>;

/** What the standard extensions of a certificate say. Without one of them the field is `undefined`. [RFC 5280, 4.2.1] */
export interface CertificateExtensions {
  /** Every extension, those below among them. */
  all: ExtensionList;
  basicConstraints: BasicConstraints | undefined;
  /** Without the extension no usage is forbidden. */
  keyUsage: KeyUsage | undefined;
  extendedKeyUsage: ExtendedKeyUsage | undefined;
  subjectKeyId: Uint8Array | undefined;
  /** The identifier of the issuer's key, where authorityKeyIdentifier has one. */
  authorityKeyId: Uint8Array | undefined;
  /** The certificate of the issuer, where authorityKeyIdentifier names one. */
  authorityCertificate: CertificateNumber | undefined;
}

/** A certificate by the whole DER of its issuer's name and of its serial number. */
export interface CertificateNumber {
  issuer: Uint8Array;
  serial: Uint8Array;
}

export interface BasicConstraints {
  critical: boolean;
  isCa: boolean;
  /** CA certificates allowed below this one; `undefined` for no limit. */
  pathLength: number | undefined;
}

export interface KeyUsage {
  critical: boolean;
  /** Numbers of `KEY_USAGE`. */
  bits: ReadonlySet<number>;
}

export interface ExtendedKeyUsage {
  critical: boolean;
  /** Object identifiers. */
  purposes: readonly string[];
}

/** Bits of keyUsage that rules ask for. [RFC 5280, 4.2.1.3] */
export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 } as const;

export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/**
 * Extensions that the rules for paths evaluate. Not cRLDistributionPoints: revocation lists are read only under a trust
 * policy, and a critical one forbids any use of the certificate without its list. [X.509, CRL distribution points extension]
 */
const EVALUATED: ReadonlySet<string> = new Set(Object.values(EXTENSION));

export const CRL_POINTS = '2.5.29.31';

/** What to do about a violation of `criticalExtensionViolation`. */
export const CRITICAL_EXTENSION_REMEDY =
  'Use a certificate that is issued without this extension, or with it not critical';

/**
 * A critical extension restricts what a certificate is for, so one that no rule here evaluates makes it unusable, as a
 * predicate. Policies are not evaluated. [RFC 5280, 4.2]
 */
export function criticalExtensionViolation(certificate: {
  extensions: CertificateExtensions;
}): string | undefined {
  const unknown = [...certificate.extensions.all].find(
    ([id, { critical }]) => critical && !EVALUATED.has(id),
  );
  if (unknown === undefined) return undefined;
  const [id] = unknown;
  return id === CRL_POINTS
    ? `has critical cRLDistributionPoints (${id}), which demand a revocation list before each use`
    : `has a critical extension that is not understood (${id})`;
}

/** Tags of `keyIdentifier [0]`, `authorityCertIssuer [1]` and `authorityCertSerialNumber [2]`, all IMPLICIT. */
const KEY_IDENTIFIER = 0x80;
const AUTHORITY_SERIAL = 0x82;
/** Tag of `directoryName [4]` in a GeneralName. */
const DIRECTORY_NAME = 0xa4;

/**
 * Extensions ::= SEQUENCE OF SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }.
 * @param list `undefined` for a structure without extensions.
 * @throws FormatError for an extension that is not written so, or occurs twice.
 */
export function readExtensionList(list: Element | undefined): ExtensionList {
  const extensions = new Map<string, Extension>();
  if (list === undefined) return extensions;
  if (list.tag !== TAG.sequence) throw new FormatError('has extensions that are not a SEQUENCE');
  for (const element of childrenOf(list)) {
    const fields = fieldsOf(element, 'an extension');
    const id = oidOf(fields.take(TAG.oid, 'identifier'));
    const critical = isTrue(fields.takeIf(TAG.boolean));
    const value = fields.take(TAG.octetString, 'value').content;
    fields.end();
    if (extensions.has(id)) throw new FormatError(`has the extension ${id} twice`);
    extensions.set(id, { critical, value });
  }
  return extensions;
}

/** @throws FormatError for a standard extension that is not written as it must be. */
export function readCertificateExtensions(all: ExtensionList): CertificateExtensions {
  const read = <T>(id: string, reader: (value: Element, critical: boolean) => T): T | undefined => {
    const extension = all.get(id);
    return extension && reader(readDer(extension.value), extension.critical);
  };
  return {
    all,
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read(EXTENSION.subjectKeyId, ({ content }) => content),
    authorityKeyId: read(
      EXTENSION.authorityKeyId,
      (value) => childrenOf(value).find(({ tag }) => tag === KEY_IDENTIFIER)?.content,
    ),
    authorityCertificate: read(EXTENSION.authorityKeyId, readAuthorityCertificate),
  };
}

/** Of several directory names the last one, as the kernel has it. */
function readAuthorityCertificate(value: Element): CertificateNumber | undefined {
  const fields = childrenOf(value);
  const names = fields.filter(({ tag }) => tag === TAG.context1).flatMap(childrenOf);
  const issuer = names.findLast(({ tag }) => tag === DIRECTORY_NAME)?.content;
  const serial = fields.find(({ tag }) => tag === AUTHORITY_SERIAL)?.content;
  return issuer && serial && { issuer, serial: encode(TAG.integer, serial) };
}

function readBasicConstraints(value: Element, critical: boolean): BasicConstraints {
  const fields = fieldsOf(value, 'basicConstraints');
  const isCa = isTrue(fields.takeIf(TAG.boolean));
  const length = fields.takeIf(TAG.integer);
  fields.end();
  const pathLength = length && smallIntegerOf(length);
  if (length !== undefined && pathLength === undefined) {
    throw new FormatError('has an invalid path length in basicConstraints');
  }
  return { critical, isCa, pathLength };
}

function readKeyUsage(value: Element, critical: boolean): KeyUsage {
  if (value.tag !== TAG.bitString) throw new FormatError('has a keyUsage that is not a BIT STRING');
  return { critical, bits: namedBitsOf(value) };
}

function readExtendedKeyUsage(value: Element, critical: boolean): ExtendedKeyUsage {
  if (value.tag !== TAG.sequence) throw new FormatError('has an extendedKeyUsage that is not a SEQUENCE');
  return { critical, purposes: childrenOf(value).map(oidOf) };
}
