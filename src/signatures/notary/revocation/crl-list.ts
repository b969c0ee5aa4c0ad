/** The form of a certificate revocation list. [RFC 5280, 5.1] */
import { FormatError } from '../../../formats/format-error.ts';
import { type AlgorithmIdentifier, readAlgorithm } from '../../x509/algorithms.ts';
import { Cursor, type Element, readDer, sameBytes } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { Fields, fieldsOf, unwrap } from '../../x509/asn1/fields.ts';
import { readTime } from '../../x509/asn1/time.ts';
import { smallIntegerOf, wholeBytesOf } from '../../x509/asn1/values.ts';
import { type ExtensionList, readExtensionList } from '../../x509/extensions.ts';

/** A list as it is written; nothing in it is trusted yet. */
export interface CertificateList {
  /** The bytes that the signature covers. */
  signed: Uint8Array;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Uint8Array;
  /** The whole encoding of the issuer's name. */
  issuer: Uint8Array;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  extensions: ExtensionList;
  /** revokedCertificates, of which `entriesFor` reads what is wanted. */
  revoked: Element | undefined;
}

export interface CrlEntry {
  revocationDate: Date;
  extensions: ExtensionList;
}

/** `version` of lists with extensions, the only one that may be written. */
const V2 = 1;
const TIMES: readonly number[] = [TAG.utcTime, TAG.generalizedTime];

/**
 * Reads a list, but for its entries: CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm,
 * signatureValue }. All of it is checked to be DER.
 * @throws FormatError
 */
export function readCertificateList(bytes: Uint8Array): CertificateList {
  const whole = fieldsOf(readDer(bytes), 'the list');
  const tbs = whole.take(TAG.sequence, 'body');
  const outerAlgorithm = whole.take(TAG.sequence, 'signature algorithm');
  const signature = wholeBytesOf(whole.take(TAG.bitString, 'signature'), 'a signature');
  whole.end();
  const fields = new Fields(tbs, 'the list');
  const version = fields.takeIf(TAG.integer);
  if (version !== undefined && smallIntegerOf(version) !== V2) {
    throw new FormatError('has another version than 2');
  }
  if (!sameBytes(fields.take(TAG.sequence, 'inner algorithm').bytes, outerAlgorithm.bytes)) {
    throw new FormatError('names two different signature algorithms');
  }
  const issuer = fields.take(TAG.sequence, 'issuer').bytes;
  const thisUpdate = takeTime(fields, 'a thisUpdate');
  if (thisUpdate === undefined) throw new FormatError('lacks the thisUpdate of the list');
  const nextUpdate = takeTime(fields, 'a nextUpdate');
  const revoked = fields.takeIf(TAG.sequence);
  const wrapper = fields.takeIf(TAG.context0);
  fields.end();
  return {
    signed: tbs.bytes,
    signatureAlgorithm: readAlgorithm(outerAlgorithm, 'the signature algorithm'),
    signature,
    issuer,
    thisUpdate,
    nextUpdate,
    extensions: readExtensionList(wrapper && unwrap(wrapper, TAG.sequence, 'the extensions')),
    revoked,
  };
}

/**
 * The entries of one certificate, in their order: SEQUENCE { userCertificate INTEGER, revocationDate,
 * crlEntryExtensions OPTIONAL }. Goes through the list without keeping any other entry.
 * @param serial The whole encoding of the certificate's serial number.
 * @throws FormatError
 */
export function* entriesFor({ revoked }: CertificateList, serial: Uint8Array): Generator<CrlEntry> {
  if (revoked === undefined) return;
  const wanted = Buffer.from(serial);
  const list = Buffer.from(revoked.content.buffer, revoked.content.byteOffset, revoked.content.length);
  const entries = new Cursor(list);
  const fields = new Cursor(list);
  while (entries.next()) {
    fields.enter(entries.contentStart, entries.end);
    if (entries.tag !== TAG.sequence || !fields.next() || fields.tag !== TAG.integer) {
      throw new FormatError('has an entry without a serial number');
    }
    const { start, end } = fields;
    checkEntry(fields);
    const same = end - start === wanted.length && list.compare(wanted, 0, wanted.length, start, end) === 0;
    if (same) yield readEntry(entries.element());
  }
}

/** What follows the serial number: a time, and extensions or nothing. */
function checkEntry(fields: Cursor): void {
  if (!fields.next() || !TIMES.includes(fields.tag)) {
    throw new FormatError('has an entry without a revocation date');
  }
  if (fields.next() && (fields.tag !== TAG.sequence || fields.next())) {
    throw new FormatError('has an entry of another form');
  }
}

function readEntry(element: Element): CrlEntry {
  const fields = new Fields(element, 'an entry');
  fields.take(TAG.integer, 'serial number');
  const revocationDate = takeTime(fields, 'a revocation date');
  if (revocationDate === undefined) throw new FormatError('has an entry without a revocation date');
  const extensions = readExtensionList(fields.takeIf(TAG.sequence));
  fields.end();
  return { revocationDate, extensions };
}

function takeTime(fields: Fields, name: string): Date | undefined {
  const element = fields.takeIf(TAG.utcTime) ?? fields.takeIf(TAG.generalizedTime);
  return element && readTime(element, name);
}
