/** The signed attributes, in the form that both formats share. [Notary signature-specification, Signed Attributes] */

import { FormatError } from '../../../formats/format-error.ts';
import type { NotaryEnvelope, SigningScheme } from './envelope.ts';

export const SIGNING_SCHEME = 'io.cncf.notary.signingScheme';
export const SIGNING_TIME = 'io.cncf.notary.signingTime';
export const AUTHENTIC_SIGNING_TIME = 'io.cncf.notary.authenticSigningTime';
export const EXPIRY = 'io.cncf.notary.expiry';
/** Unsigned, as is the timestamp. */
export const SIGNING_AGENT = 'io.cncf.notary.signingAgent';
export const TIMESTAMP_SIGNATURE = 'io.cncf.notary.timestampSignature';

/** The attribute with the signing time, and those that must be critical, if present, under each scheme. */
const SCHEMES: Readonly<Record<SigningScheme, { time: string; other: string; critical: readonly string[] }>> =
  {
    'notary.x509': {
      time: SIGNING_TIME,
      other: AUTHENTIC_SIGNING_TIME,
      critical: [SIGNING_SCHEME, EXPIRY],
    },
    'notary.x509.signingAuthority': {
      time: AUTHENTIC_SIGNING_TIME,
      other: SIGNING_TIME,
      critical: [SIGNING_SCHEME, AUTHENTIC_SIGNING_TIME, EXPIRY],
    },
  };

type Attributes = Pick<
  NotaryEnvelope,
  'signingScheme' | 'signingTime' | 'authenticSigningTime' | 'expiry' | 'critical'
>;

export type Label = string | number | bigint;

export interface ProtectedHeader {
  all: ReadonlyMap<Label, unknown>;
  /** Labels that the format itself defines; they are understood and never listed as critical. */
  registered: readonly Label[];
  critical: readonly Label[];
  /** @throws FormatError */
  readTime(value: unknown): Date;
}

/**
 * Reads the attributes. Checks that every attribute that must be critical is, and that every critical
 * attribute is present.
 * @throws FormatError
 */
export function readAttributes({ all, registered, critical, readTime }: ProtectedHeader): Attributes {
  if (new Set(critical).size !== critical.length) throw new FormatError('lists a critical attribute twice');
  for (const label of critical) {
    if (!all.has(label)) throw new FormatError(`lacks the critical attribute ${label}`);
    // Labels of the format are never listed [RFC 7515, 4.1.11; RFC 9052, 3.1], nor the signing time [Notary].
    if (registered.includes(label) || label === SIGNING_TIME) {
      throw new FormatError(`lists ${label} as a critical attribute`);
    }
  }
  const signingScheme = schemeOf(all.get(SIGNING_SCHEME));
  const scheme = SCHEMES[signingScheme];
  if (all.has(scheme.other)) throw new FormatError(`has ${scheme.other} under the scheme ${signingScheme}`);
  if (!all.has(scheme.time)) throw new FormatError(`lacks ${scheme.time}`);
  const open = scheme.critical.find((name) => all.has(name) && !critical.includes(name));
  if (open !== undefined) throw new FormatError(`does not list ${open} as a critical attribute`);
  const time = readTime(all.get(scheme.time));
  const expiry = all.has(EXPIRY) ? readTime(all.get(EXPIRY)) : undefined;
  if (expiry !== undefined && expiry <= time) throw new FormatError('expires before it was signed');
  return {
    signingScheme,
    ...(scheme.time === SIGNING_TIME ? { signingTime: time } : { authenticSigningTime: time }),
    ...(expiry === undefined ? {} : { expiry }),
    critical: critical.filter((label) => !scheme.critical.includes(String(label))).map(String),
  };
}

/** Refuses labels that are both signed and unsigned: it would be ambiguous which of the two counts. */
export function checkDisjoint(signed: Iterable<Label>, unsigned: Iterable<Label>): void {
  const labels = new Set(signed);
  for (const label of unsigned) {
    if (labels.has(label)) throw new FormatError(`has ${label} both signed and unsigned`);
  }
}

/** A time in whole seconds, as envelopes carry it. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

function schemeOf(value: unknown): SigningScheme {
  if (value === 'notary.x509' || value === 'notary.x509.signingAuthority') return value;
  throw new FormatError('has a signing scheme other than notary.x509 and notary.x509.signingAuthority');
}
