/** The subject of a certificate request, from the text that a user wrote. [RFC 4514; RFC 5280, 4.1.2.4 and A.1] */
import { VeritySignError } from '../../errors.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeOid } from '../x509/asn1/encode.ts';
import { subjectAttributes } from '../x509/identity.ts';

const PRINTABLE_STRING = 0x13;
const IA5_STRING = 0x16;

/** One type of attribute that a subject may have. */
interface AttributeType {
  oid: string;
  /** Tag of the string type. */
  tag: number;
  /** Characters at most: the upper bounds of X.520. */
  max: number;
  /** What a value must look like, if its string type restricts it. */
  pattern?: RegExp;
}

const PRINTABLE = /^[A-Za-z0-9 '()+,./:=?-]*$/;
/** Printable ASCII. */
const ASCII = /^[\x20-\x7e]*$/;
const text = (oid: string, max: number): AttributeType => ({ oid, tag: TAG.utf8String, max });

/** By the short name in uppercase. */
const TYPES: Readonly<Record<string, AttributeType>> = {
  CN: text('2.5.4.3', 64),
  O: text('2.5.4.10', 64),
  OU: text('2.5.4.11', 64),
  L: text('2.5.4.7', 128),
  ST: text('2.5.4.8', 128),
  STREET: text('2.5.4.9', 128),
  C: { oid: '2.5.4.6', tag: PRINTABLE_STRING, max: 2, pattern: /^[A-Z]{2}$/ },
  SERIALNUMBER: { oid: '2.5.4.5', tag: PRINTABLE_STRING, max: 64, pattern: PRINTABLE },
  UID: text('0.9.2342.19200300.100.1.1', 256),
  DC: { oid: '0.9.2342.19200300.100.1.25', tag: IA5_STRING, max: 63, pattern: ASCII },
  EMAILADDRESS: { oid: '1.2.840.113549.1.9.1', tag: IA5_STRING, max: 255, pattern: ASCII },
};

/** The one attribute that a subject may have several times: a domain has several parts. */
const REPEATABLE = 'DC';

/**
 * A subject such as `CN=release,O=Example,C=DE` as a DER Name. RFC 4514 writes the most specific attribute
 * first, and the Name has it last.
 * @throws VeritySignError 'usage'
 */
export function encodeSubject(written: string): Buffer {
  const attributes = subjectAttributes(written);
  if (attributes === undefined) throw refused(written, 'is not a list of attributes');
  const names = attributes.map(([name]) => name);
  const twice = names.find((name, index) => name !== REPEATABLE && names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(written, `has ${twice} twice`);
  const rdns = attributes.map(([name, value]) => encode(TAG.set, encodeAttribute(name, value, written)));
  return encode(TAG.sequence, ...rdns.reverse());
}

function encodeAttribute(name: string, value: string, written: string): Buffer {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) throw refused(written, `has the unknown attribute ${name}`);
  if (type.pattern?.test(value) === false || /\p{Cc}/u.test(value)) {
    throw refused(written, `has a ${name} with characters that it must not have`);
  }
  const { length } = [...value];
  if (length > type.max) throw refused(written, `has a ${name} of ${length} characters, at most ${type.max}`);
  return encode(TAG.sequence, encodeOid(type.oid), encode(type.tag, Buffer.from(value)));
}

function refused(written: string, what: string): VeritySignError {
  return new VeritySignError('usage', `the subject ${JSON.stringify(written.slice(0, 300))} ${what}`, {
    remedy: `Write it as CN=release,O=Example,C=DE (RFC 4514), each attribute once, of ${Object.keys(TYPES).join(', ')}; put a backslash before a comma or plus sign in a value`,
  });
}
