/** Who a signer must be: subject attributes or the fingerprint of its certificate. */
import { VeritySignError } from '../errors.ts';
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
    .flatMap((line) => splitUnescaped(line, '+'))
    .map(parseAttribute);
  return identity.attributes.every(([name, value]) =>
    present.some((attribute) => attribute?.[0] === name && attribute[1] === value),
  );
}

function parseAttribute(text: string): Attribute | undefined {
  const match = /^\s*([A-Za-z][A-Za-z0-9.-]*|\d+(?:\.\d+)*)\s*=\s*(.*?)\s*$/s.exec(text);
  const [, name, value] = match ?? [];
  if (name === undefined || value === undefined || value === '') return undefined;
  const upper = name.toUpperCase();
  return [ALIASES[upper] ?? upper, value.replaceAll(/\\([0-9a-fA-F]{2}|.)/gs, unescaped)];
}

function unescaped(_whole: string, code: string): string {
  return code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : code;
}

function splitUnescaped(text: string, separator: ',' | '+'): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === separator) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character === '\\' ? character + (text[++at] ?? '') : character;
  }
  return parts.filter((part) => part.trim() !== '');
}
