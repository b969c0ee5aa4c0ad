/** Who a signer must be: subject attributes or the fingerprint of its certificate. */
import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import type { Certificate } from './certificate.ts';
import { readName } from './name.ts';

export type SignerIdentity =
  /** SHA-256 of the certificate in DER, lowercase hex. */
  | { fingerprint: string }
  /** Attributes that the subject must have, by OpenSSL's short name in uppercase or by object identifier. */
  | { attributes: Attribute[] };

type Attribute = readonly [name: string, value: string];

/** An object identifier. */
const NUMBERED = /^\d+(?:\.\d+)*$/;

/** Names that differ between OpenSSL and those who write identities. [RFC 4514, 3; RFC 4519] */
const ALIASES: Readonly<Record<string, string>> = {
  S: 'ST',
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  SURNAME: 'SN',
};

/**
 * Reads `CN=release,O=Example` (RFC 4514 with `\` before a comma in a value, each attribute once; notation's
 * prefix `x509.subject:` may stand before it) or a SHA-256 fingerprint in hex, with or without `sha256:` and
 * colons.
 * @throws VeritySignError with code `usage`.
 */
export function parseSignerIdentity(text: string): SignerIdentity {
  const fingerprint = parseFingerprint(text);
  if (fingerprint !== undefined) return { fingerprint };
  const attributes = subjectAttributes(text.replace(/^x509\.subject:/, ''));
  if (attributes === undefined) {
    throw new VeritySignError(
      'usage',
      `the signer identity ${JSON.stringify(text)} is neither attributes nor a fingerprint`,
      { remedy: 'Give subject attributes such as CN=release,O=Example, or a SHA-256 fingerprint in hex' },
    );
  }
  const names = attributes.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return { attributes };
  throw new VeritySignError('usage', `the signer identity ${JSON.stringify(text)} has ${twice} twice`, {
    remedy: 'Give each attribute once, or a SHA-256 fingerprint; further identities go on lines of their own',
  });
}

/**
 * A whole SHA-256 fingerprint in hex, with or without `sha256:` and colons, in lowercase without them; undefined for
 * any other text, such as a part of a fingerprint.
 */
export function parseFingerprint(text: string): string | undefined {
  const hex = text.replace(/^sha256:/i, '').replaceAll(':', '');
  return /^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : undefined;
}

/**
 * The attributes of `CN=release,O=Example` (RFC 4514 without `+`), in the order of the text, by OpenSSL's short
 * name in uppercase; undefined for any other text.
 */
export function subjectAttributes(text: string): Attribute[] | undefined {
  const parsed = splitUnescaped(text, ',').map(parseAttribute);
  const attributes = parsed.filter((attribute) => attribute !== undefined);
  return attributes.length < parsed.length ? undefined : attributes;
}

/**
 * Whether the certificate is the one, or its subject has every attribute once, with exactly this value. An
 * attribute that a subject has twice never matches: readers differ on which of its values counts.
 */
export function hasIdentity(certificate: Certificate, identity: SignerIdentity): boolean {
  if ('fingerprint' in identity) return certificate.fingerprint === identity.fingerprint;
  const present = [...namedAttributes(certificate), ...numberedAttributes(certificate)];
  return identity.attributes.every(([name, value]) => {
    const [only, ...others] = present.filter((attribute) => attribute.name === name);
    return only?.value === value && others.length === 0;
  });
}

/** An attribute of a subject; without a value for one that is not text. */
interface SubjectAttribute {
  name: string;
  value: string | undefined;
}

/** Those that OpenSSL has a name for. */
function namedAttributes({ x509 }: Certificate): SubjectAttribute[] {
  // Node writes one RDN a line and escapes as RFC 2253: a value cannot pass for another attribute.
  return (x509.subject ?? '')
    .split('\n')
    .flatMap((line) => splitUnescaped(line, ' + '))
    .map(writtenAttribute)
    .filter(({ name }) => !NUMBERED.test(name));
}

/** All by their object identifiers, whether OpenSSL has a name for them or not; none if one of them is not text. */
function numberedAttributes({ raw }: Certificate): SubjectAttribute[] {
  try {
    return readName(raw.subject).map(({ type, value }) => ({ name: type, value }));
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** What a user wrote: blanks around name and value do not count unless they are escaped. */
function parseAttribute(text: string): Attribute | undefined {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  const written = text.slice(at + 1).trimStart();
  const end = written.trimEnd();
  // A backslash that escapes something escapes the blank that follows it.
  const escaped = end !== written && (/\\*$/.exec(end)?.[0].length ?? 0) % 2 === 1;
  const value = unescaped(escaped ? written.slice(0, end.length + 1) : end);
  if (!value || !(/^[A-Za-z][A-Za-z0-9.-]*$/.test(name) || NUMBERED.test(name))) return undefined;
  return [nameOf(name), value];
}

/** `NAME=value` as Node writes it: what is not text is in hex after `#`. */
function writtenAttribute(text: string): SubjectAttribute {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  return {
    name: nameOf(text.slice(0, Math.max(at, 0))),
    value: value.startsWith('#') ? undefined : unescaped(value),
  };
}

function nameOf(written: string): string {
  const upper = written.toUpperCase();
  return ALIASES[upper] ?? upper;
}

/** Resolves escapes; `undefined` for others than those of RFC 4514, and hex that is not UTF-8. */
function unescaped(text: string): string | undefined {
  if (!/^(?:[^\\]|\\[0-9a-fA-F]{2}|\\[ "#+,;<=>\\])*$/s.test(text)) return undefined;
  const bytes = text
    .split(/(\\[0-9a-fA-F]{2}|\\.)/s)
    .map((part) =>
      part.length === 3 && part.startsWith('\\')
        ? Buffer.from(part.slice(1), 'hex')
        : Buffer.from(part.replace(/^\\(?=.)/s, '')),
    );
  try {
    return utf8.decode(Buffer.concat(bytes));
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
  return parts;
}
