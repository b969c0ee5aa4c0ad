import { childrenOf, type Element, Fields, FormatError, oidOf, readDer, smallIntegerOf, TAG } from './der.ts';

/** The X.509 extensions that decide what a certificate may do. [RFC 5280, 4.2] */
export interface Extensions {
  isCa: boolean;
  /** CA certificates allowed below this one; `undefined` for no limit. */
  pathLength: number | undefined;
  /** `undefined` without the extension: then nothing is forbidden. */
  keyUsage: { digitalSignature: boolean; keyCertSign: boolean } | undefined;
  subjectKeyId: Uint8Array | undefined;
  /** The identifier of the issuer's key, by which the kernel finds it. */
  authorityKeyId: Uint8Array | undefined;
  /** The authorityKeyIdentifier extension is there, in whatever form. */
  namesIssuerKey: boolean;
  /** Object identifiers of critical extensions that nobody here evaluates. */
  unknownCritical: string[];
}

const ID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Tag of `keyIdentifier [0] IMPLICIT` in an AuthorityKeyIdentifier. */
const KEY_IDENTIFIER = 0x80;

/** @throws FormatError for an extension that is not written as it must be, or occurs twice. */
export function readExtensions(wrapper: Element | undefined): Extensions {
  const result: Extensions = {
    isCa: false,
    pathLength: undefined,
    keyUsage: undefined,
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    namesIssuerKey: false,
    unknownCritical: [],
  };
  if (wrapper === undefined) return result;
  const fields = new Fields(wrapper, 'the extensions');
  const list = fields.take(TAG.sequence, 'list');
  fields.end();
  const seen = new Set<string>();
  for (const element of childrenOf(list)) {
    const extension = new Fields(element, 'an extension');
    const id = oidOf(extension.take(TAG.oid, 'identifier'));
    const critical = extension.takeIf(TAG.boolean)?.content[0] === 0xff;
    const value = extension.take(TAG.octetString, 'value').content;
    extension.end();
    if (seen.has(id)) throw new FormatError(`the extension ${id} occurs twice`);
    seen.add(id);
    if (!apply(result, id, value) && critical) result.unknownCritical.push(id);
  }
  return result;
}

/** Returns false for an extension that it does not know. */
function apply(result: Extensions, id: string, value: Uint8Array): boolean {
  switch (id) {
    case ID.basicConstraints: {
      const fields = new Fields(readDer(value), 'basicConstraints');
      result.isCa = fields.takeIf(TAG.boolean)?.content[0] === 0xff;
      const length = fields.takeIf(TAG.integer);
      fields.end();
      if (length !== undefined) {
        result.pathLength = smallIntegerOf(length);
        if (result.pathLength === undefined) throw new FormatError('basicConstraints has a bad path length');
      }
      return true;
    }
    case ID.keyUsage: {
      const bits = readDer(value);
      if (bits.tag !== TAG.bitString) throw new FormatError('keyUsage is not a BIT STRING');
      // Bit 0 is the highest bit of the first byte after the count of unused bits.
      const first = bits.content[1] ?? 0;
      result.keyUsage = { digitalSignature: (first & 0x80) !== 0, keyCertSign: (first & 0x04) !== 0 };
      return true;
    }
    case ID.subjectKeyId:
      result.subjectKeyId = readDer(value).content;
      return true;
    case ID.authorityKeyId:
      result.namesIssuerKey = true;
      result.authorityKeyId = childrenOf(readDer(value)).find(
        (field) => field.tag === KEY_IDENTIFIER,
      )?.content;
      return true;
    // Which purposes are allowed is for the manifest signature's rules; layers need none.
    case ID.extendedKeyUsage:
      return true;
    default:
      return false;
  }
}
