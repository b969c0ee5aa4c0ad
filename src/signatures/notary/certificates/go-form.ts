/**
 * Forms of a certificate that OpenSSL reads and Go does not: notation then rejects the signature, whatever else
 * is right. [Go crypto/x509 parser.go: parseASN1String, parseName, parsePublicKey, parseSANExtension, processExtensions]
 */
import { isUtf8 } from 'node:buffer';
import { OID } from '../../x509/algorithms.ts';
import { childrenOf, type Element, readDer } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { type Certificate, certificateName, hasShortPoint, hasUnnamedCurve } from '../../x509/certificate.ts';
import { EXTENSION, type ExtensionList } from '../../x509/extensions.ts';
import { AUTHORITY_INFO_ACCESS } from '../../x509/general-names.ts';
import type { Violation } from './violation.ts';

/** Extensions that must not be critical. [RFC 5280, 4.2] */
const NEVER_CRITICAL = {
  [EXTENSION.authorityKeyId]: 'authorityKeyIdentifier',
  [EXTENSION.subjectKeyId]: 'subjectKeyIdentifier',
  [AUTHORITY_INFO_ACCESS]: 'authorityInfoAccess',
} as const;

/** Tags of the string types that Go reads in names. */
const STRING = { numeric: 0x12, printable: 0x13, teletex: 0x14, ia5: 0x16, bmp: 0x1e } as const;
/** Tags of GeneralNames that are texts, and of an address. */
const URI = 0x86;
const TEXT_NAMES: ReadonlySet<number> = new Set([0x81, 0x82, URI]);
const IP_ADDRESS = 0x87;
const ADDRESS_LENGTHS: readonly number[] = [4, 16];

/** Why Go cannot parse a certificate; undefined if nothing here is the reason. */
export function goViolation(certificate: Certificate): Violation | undefined {
  const { all } = certificate.extensions;
  const found =
    nameForm(certificate) ??
    keyForm(certificate) ??
    criticalForm(all) ??
    alternativeNames(all.get(EXTENSION.subjectAltName)?.value);
  if (found === undefined) return undefined;
  return {
    what: `the ${certificateName(certificate)} has ${found}: notation cannot read it`,
    remedy: 'Have it issued again, as RFC 5280 says',
  };
}

function nameForm({ raw }: Certificate): string | undefined {
  if (!isName(raw.subject)) return 'a subject with a string that Go does not read';
  return isName(raw.issuer) ? undefined : 'an issuer with a string that Go does not read';
}

function criticalForm(all: ExtensionList): string | undefined {
  const found = Object.entries(NEVER_CRITICAL).find(([id]) => all.get(id)?.critical === true);
  return found && `a critical ${found[1]}`;
}

function keyForm({ keyAlgorithm, raw }: Certificate): string | undefined {
  const { oid, parameters } = keyAlgorithm;
  if (oid === OID.rsaEncryption && parameters?.tag !== TAG.null)
    return 'an RSA key without NULL as its parameters';
  if (hasUnnamedCurve(keyAlgorithm)) return 'an EC key with the parameters of its curve, not its name';
  return hasShortPoint(keyAlgorithm, raw.publicKey)
    ? 'an EC key whose point is compressed or hybrid'
    : undefined;
}

function alternativeNames(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  for (const { tag, content } of childrenOf(readDer(value))) {
    if (TEXT_NAMES.has(tag) && !isAscii(content)) return 'a subjectAltName that is not ASCII';
    if (tag === URI && !isUri(Buffer.from(content).toString('latin1'))) {
      return 'a subjectAltName with an invalid URI';
    }
    if (tag === IP_ADDRESS && !ADDRESS_LENGTHS.includes(content.length)) {
      return `a subjectAltName with an IP address of ${content.length} bytes`;
    }
  }
  return undefined;
}

/** Nearly as Go's net/url parses it: control characters and, before a query, wrong escapes; and a host with a port. */
function isUri(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
  if (/[\x00-\x1f\x7f]|^[^?]*%(?![0-9A-Fa-f]{2})|^:/.test(text)) return false;
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || URL.canParse(text);
}

/** Whether Go reads each attribute of a name. */
function isName(der: Uint8Array): boolean {
  const attributes = childrenOf(readDer(der)).flatMap(childrenOf);
  return attributes.every((attribute) => {
    const [, value] = childrenOf(attribute);
    return value !== undefined && isString(value);
  });
}

function isString({ tag, content }: Element): boolean {
  const text = Buffer.from(content).toString('latin1');
  switch (tag) {
    case TAG.utf8String:
      return isUtf8(content);
    case STRING.printable:
      // The last two are not in the type: Go permits them. [isPrintable]
      return /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(text);
    case STRING.ia5:
      return isAscii(content);
    case STRING.numeric:
      return /^[0-9 ]*$/.test(text);
    case STRING.bmp:
      return isBmp(content);
    default:
      return tag === STRING.teletex;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** Two bytes for each character, without surrogates and what Unicode keeps free; a NUL may follow. */
function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length % 2 !== 0) return false;
  for (let at = 0; at < bytes.length; at += 2) {
    const point = ((bytes[at] as number) << 8) + (bytes[at + 1] as number);
    if (point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || (point >= 0xd800 && point <= 0xdfff))
      return false;
  }
  return true;
}
