import { VeritySignError } from '../../../errors.ts';

/** Attribute values by short name, such as `O`; each name once. */
export type DistinguishedName = ReadonlyMap<string, string>;

/** Attributes without which a name is too vague to identify a signer. [trust-store-trust-policy.md, trusted identities] */
const MANDATORY = ['C', 'ST', 'O'];
/** A backslash before one of these stands for the character itself. [RFC 4514, 2.4] */
const ESCAPED = ' "#+,;<=>\\';

/**
 * Parses a subject as notation does, so that a policy means the same here: RFC 4514 with `;` as a
 * separator too, `S` for `ST`, names in their exact case, no `=#`, no attribute twice, no RDN with
 * several attributes, and C, ST and O present. [notation-go internal/pkix; go-ldap v3 dn.go]
 *
 * @throws VeritySignError 'usage'
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.includes('=#')) throw refused(text, 'has a value in hex (=#)');
  const name = new Map<string, string>();
  for (const { type, value, more } of attributesOf(text)) {
    if (more) throw refused(text, 'has an RDN of several attributes');
    const key = type === 'S' ? 'ST' : type;
    if ((name.get(key) ?? '') !== '') throw refused(text, `has ${key} twice`);
    name.set(key, value);
  }
  checkMandatory(name, text);
  return name;
}

/** @throws VeritySignError 'usage' */
export function checkMandatory(name: DistinguishedName, text: string): void {
  const missing = MANDATORY.filter((key) => (name.get(key) ?? '') === '');
  if (missing.length > 0) throw refused(text, `has no ${missing.join(', no ')}`);
}

/** Whether `name` has every attribute of `part` with the same value. An empty value is as good as none. */
export function isSubset(part: DistinguishedName, name: DistinguishedName): boolean {
  return [...part].every(([key, value]) => (name.get(key) ?? '') === value);
}

interface ParsedAttribute {
  type: string;
  value: string;
  /** Another attribute of the same RDN comes before or after it. */
  more: boolean;
}

function attributesOf(text: string): ParsedAttribute[] {
  const attributes: ParsedAttribute[] = [];
  if (text.trim() === '') return attributes;
  let type = '';
  let start = 0;
  let joined = false;
  const end = (at: number, plus: boolean): void => {
    if (type === '') throw refused(text, 'has an attribute without a name');
    attributes.push({ type, value: unescaped(text.slice(start, at), text), more: joined || plus });
    type = '';
    joined = plus;
    start = at + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '=' && type === '') {
      type = unescaped(text.slice(start, at), text);
      start = at + 1;
    } else if (character === ',' || character === ';' || character === '+') end(at, character === '+');
  }
  end(text.length, false);
  return attributes;
}

/** Blanks around it do not count; a backslash before a blank at the end keeps that one. */
function unescaped(written: string, whole: string): string {
  let trimmed = written.replace(/^ +/, '').replace(/ +$/, '');
  if (trimmed.endsWith('\\') && written.endsWith(' ')) trimmed += ' ';
  const parts: Buffer[] = [];
  const characters = [...trimmed];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const next = characters[at + 1] ?? '';
    if (character !== '\\') parts.push(Buffer.from(character));
    else if (next !== '' && ESCAPED.includes(next)) {
      parts.push(Buffer.from(next));
      at += 1;
    } else {
      const hex = `${next}${characters[at + 2] ?? ''}`;
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw refused(whole, 'has a wrong escape');
      parts.push(Buffer.from(hex, 'hex'));
      at += 2;
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    throw refused(whole, 'has escapes that are not UTF-8');
  }
}

function refused(text: string, what: string): VeritySignError {
  return new VeritySignError('usage', `the name ${JSON.stringify(text.slice(0, 300))} ${what}`, {
    remedy: 'Write it as C=…, ST=…, O=… plus optional attributes, each at most once (RFC 4514)',
  });
}
