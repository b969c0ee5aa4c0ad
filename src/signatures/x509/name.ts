/** Distinguished names. [RFC 5280, 4.1.2.4] */
import { FormatError } from '../../formats/format-error.ts';
import { childrenOf, type Element, readDer } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { fieldsOf } from './asn1/fields.ts';
import { oidOf } from './asn1/values.ts';

/** One attribute of a name, such as `commonName` with `release`. */
export interface NameAttribute {
  /** Object identifier. */
  type: string;
  value: string;
}

/** String types of one byte a character, read as Latin-1: Numeric, Printable, T61, Videotex, IA5, Graphic, Visible, General. */
const ONE_BYTE: ReadonlySet<number> = new Set([0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1a, 0x1b]);
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;

/**
 * The attributes of a name in their order, those of one RDN one after the other.
 * @param der Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }.
 * @throws FormatError for a value that is not text, too.
 */
export function readName(der: Uint8Array): NameAttribute[] {
  return readRdns(der).flat();
}

/** As `readName`, by RDN. */
export function readRdns(der: Uint8Array): NameAttribute[][] {
  const name = readDer(der);
  if (name.tag !== TAG.sequence) throw new FormatError('has a name that is not a SEQUENCE');
  return childrenOf(name).map((rdn) => {
    if (rdn.tag !== TAG.set) throw new FormatError('has a name that is not made of SETs');
    return childrenOf(rdn).map((element) => {
      const fields = fieldsOf(element, 'an attribute of a name');
      const type = oidOf(fields.take(TAG.oid, 'type'));
      const value = fields.takeAny();
      fields.end();
      return { type, value: textOf(value, type) };
    });
  });
}

function textOf(element: Element | undefined, type: string): string {
  const text = element === undefined ? undefined : decoded(element);
  if (text === undefined) throw new FormatError(`has a name whose attribute ${type} is not text`);
  return text;
}

function decoded({ tag, content }: Element): string | undefined {
  if (ONE_BYTE.has(tag)) return Buffer.from(content).toString('latin1');
  try {
    if (tag === TAG.utf8String) return utf8.decode(content);
    if (tag === BMP_STRING) return utf16.decode(content);
    if (tag !== UNIVERSAL_STRING || content.length % 4 !== 0) return undefined;
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    return String.fromCodePoint(
      ...Array.from({ length: content.length / 4 }, (_, index) => view.getUint32(4 * index)),
    );
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });
