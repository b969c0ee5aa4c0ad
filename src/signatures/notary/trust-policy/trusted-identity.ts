import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { readCertificate } from '../../x509/certificate.ts';
import { type NameAttribute, readName } from '../../x509/name.ts';
import {
  checkMandatory,
  type DistinguishedName,
  isSubset,
  parseDistinguishedName,
} from './distinguished-name.ts';

const PREFIX = 'x509.subject';

/**
 * Checks `trustedIdentities` by notation's rules: `*` alone, or `PREFIX:VALUE`, the names of
 * `x509.subject` complete and such that no certificate fits two of them.
 * @throws what `error` makes.
 */
export function checkTrustedIdentities(
  identities: readonly string[],
  error: (what: string) => VeritySignError,
): void {
  if (identities.length > 1 && identities.includes('*'))
    throw error('combines * with other trusted identities');
  const names: [text: string, name: DistinguishedName][] = [];
  for (const identity of identities.filter((one) => one !== '*')) {
    if (identity === '') throw error('has an empty trusted identity');
    if (!identity.includes(':'))
      throw error(`has the trusted identity ${JSON.stringify(identity)} without a prefix`);
    const subject = subjectOf(identity);
    if (subject === undefined) continue;
    if (subject === '') throw error(`has a trusted identity ${PREFIX} without a name`);
    try {
      names.push([identity, parseDistinguishedName(subject)]);
    } catch (cause) {
      if (!(cause instanceof VeritySignError)) throw cause;
      throw error(`has a wrong trusted identity: ${cause.message}`);
    }
  }
  for (const [index, [text, name]] of names.entries()) {
    const other = names.find(([, second], position) => position !== index && isSubset(name, second));
    if (other !== undefined) throw error(`has overlapping trusted identities, "${text}" and "${other[0]}"`);
  }
}

/**
 * Checks that the signer is one of a statement's trusted identities.
 * @param identities checked by `checkTrustedIdentities`
 * @param leaf DER
 * @throws VeritySignError 'key'
 */
export function requireTrustedIdentity(identities: readonly string[], leaf: Uint8Array): void {
  if (identities.includes('*')) return;
  const names = identities.map(subjectOf).filter((subject) => subject !== undefined);
  if (names.length === 0) {
    throw new VeritySignError('key', 'the trust policy names no identity of the kind x509.subject');
  }
  const subject = certificateSubject(leaf);
  if (names.some((name) => isSubset(parseDistinguishedName(name), subject))) return;
  const text = [...subject].map(([key, value]) => `${key}=${value}`).join(', ');
  throw new VeritySignError(
    'key',
    `the signer "${text}" is none of the trusted identities of the trust policy`,
  );
}

function subjectOf(identity: string): string | undefined {
  return identity.startsWith(`${PREFIX}:`) ? identity.slice(PREFIX.length + 1) : undefined;
}

/** Attributes that notation can name. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'POSTALCODE',
};

/**
 * A certificate's subject as notation compares it, which refuses subjects with attributes that Go has
 * no name for (an e-mail address, DC), with an attribute twice, or without C, ST and O. Of several
 * common names or serial numbers notation takes the last; here they are refused like the others, because
 * other programs take the first. [Go crypto/x509/pkix Name.String]
 * @throws VeritySignError 'key'
 */
export function certificateSubject(der: Uint8Array): DistinguishedName {
  const name = new Map<string, string>();
  for (const { type, value } of attributesOf(der)) {
    const key = ATTRIBUTES[type];
    if (key === undefined) throw unfit(`has the attribute ${type}, which no trusted identity can name`);
    if (value.includes('=#')) throw unfit(`has =# in its ${key}`);
    if (name.has(key)) throw unfit(`has ${key} twice`);
    name.set(key, value);
  }
  try {
    checkMandatory(name, [...name].map(([key, value]) => `${key}=${value}`).join(', '));
  } catch (cause) {
    if (!(cause instanceof VeritySignError)) throw cause;
    throw unfit(`cannot be a trusted identity: ${cause.message}`);
  }
  return name;
}

function attributesOf(der: Uint8Array): NameAttribute[] {
  try {
    return readName(readCertificate(der).raw.subject);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      'key',
      `the subject of the signer's certificate cannot be read: it ${cause.message}`,
      { cause },
    );
  }
}

function unfit(what: string): VeritySignError {
  return new VeritySignError('key', `the signer's subject ${what}`, {
    remedy:
      'Sign with a certificate whose subject has C, ST and O, each attribute once, or set trustedIdentities to *',
  });
}
