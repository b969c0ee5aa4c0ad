/** Who a signer must be: subject attributes or the fingerprint of its certificate. */
import { VeritySignError } from '../../errors.ts';
import type { Certificate } from './certificate.ts';

export type SignerIdentity =
  /** SHA-256 of the certificate in DER, lowercase hex. */
  | { fingerprint: string }
  /** Attributes that the subject must have, by OpenSSL's short name in uppercase. */
  | { attributes: Attribute[] };

type Attribute = readonly [name: string, value: string];

/** Names that differ between OpenSSL and those who write identities. [RFC 4514, 3; RFC 4519] */
const ALIASES: Readonly<Record<string, string>> = {
  S: 'ST',
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  SURNAME: 'SN',
};

/**
 * Reads `CN=release,O=Example` (RFC 4514 with `\` before a comma in a value; notation's prefix
 * `x509.subject:` may stand before it) or a SHA-256 fingerprint in hex, with or without `sha256:` and colons.
 * @throws VeritySignError with code `usage`.
 */
export function parseSignerIdentity(text: string): SignerIdentity {
  const hex = text.replace(/^sha256:/i, '').replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return { fingerprint: hex.toLowerCase() };
  const attributes = splitUnescaped(text.replace(/^x509\.subject:/, ''), ',').map(parseAttribute);
  if (attributes.length === 0 || attributes.includes(undefined)) {
    throw new VeritySignError(
      'usage',
      `the signer identity ${JSON.stringify(text)} is neither attributes nor a fingerprint`,
      { remedy: 'Give subject attributes such as CN=release,O=Example, or a SHA-256 fingerprint in hex' },
    );
  }
  return { attributes: attributes.filter((attribute) => attribute !== undefined) };
}

/** Whether the certificate is the one, or its subject has every attribute with exactly this value. */
export function hasIdentity(certificate: Certificate, identity: SignerIdentity): boolean {
  if ('fingerprint' in identity) return certificate.fingerprint === identity.fingerprint;
  // Node writes one RDN a line and escapes as RFC 2253: a value cannot pass for another attribute.
  const present = (certificate.x509.subject ?? '')
    .split('\n')
    .flatMap((line) => splitUnescaped(line, ' + '))
    .map(attributeOf);
  return identity.attributes.every(([name, value]) =>
    present.some((attribute) => attribute?.[0] === name && attribute[1] === value),
  );
}

/** What a user wrote: blanks around name and value do not count unless they are escaped. */
function parseAttribute(text: string): Attribute | undefined {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=').trimStart();
  const end = value.trimEnd();
  // A backslash that escapes something escapes the blank that follows it.
  const escaped = end !== value && (/\\*$/.exec(end)?.[0].length ?? 0) % 2 === 1;
  return attributeOf(`${name.trim()}=${escaped ? value.slice(0, end.length + 1) : end}`);
}

/** `NAME=value`, escaped; the value is taken as it is. */
function attributeOf(text: string): Attribute | undefined {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at === -1 || value === '' || !/^(?:[A-Za-z][A-Za-z0-9.-]*|\d+(?:\.\d+)*)$/.test(name)) return undefined;
  const upper = name.toUpperCase();
  return [ALIASES[upper] ?? upper, value.replaceAll(/(?:\\[0-9a-fA-F]{2})+|\\(.)/gs, unescaped)];
}

/** Hex digits give bytes of UTF-8. */
function unescaped(whole: string, character: string | undefined): string {
  return character ?? Buffer.from(whole.replaceAll('\\', ''), 'hex').toString('utf8');
}

function splitUnescaped(text: string, separator: ',' | ' + '): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (text.startsWith(separator, at)) {
      parts.push('');
      at += separator.length - 1;
      continue;
    }
    parts[parts.length - 1] += character === '\\' ? character + (text[++at] ?? '') : character;
  }
  return parts.filter((part) => part.trim() !== '');
}
