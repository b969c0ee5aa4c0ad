import { FormatError } from '../../../formats/format-error.ts';
import type { Element } from './der.ts';
import { TAG } from './der-rules.ts';

/** Two-digit years from here on belong to the 20th century. [RFC 5280, 4.1.2.5.1] */
const FIRST_OF_1900 = 50;

/**
 * UTCTime or GeneralizedTime in the forms that certificates and revocation lists have: UTC, with seconds
 * and without fractions of them. [RFC 5280, 4.1.2.5]
 * @param name For the message: which time it is.
 * @throws FormatError for any other form, and for a date that the calendar does not have.
 */
export function readTime({ tag, content }: Element, name: string): Date {
  const text = Buffer.from(content).toString('latin1');
  if (tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    const century = Number(text.slice(0, 2)) >= FIRST_OF_1900 ? '19' : '20';
    return calendarDate(`${century}${text}`, name);
  }
  if (tag === TAG.generalizedTime && /^\d{14}Z$/.test(text)) return calendarDate(text, name);
  throw notATime(name);
}

/**
 * GeneralizedTime in UTC that may have fractions of a second, as in timestamps and OCSP responses. What is
 * finer than milliseconds is cut off. [RFC 3161, 2.4.2]
 */
export function readGeneralizedTime({ tag, content }: Element, name: string): Date {
  const text = Buffer.from(content).toString('latin1');
  if (tag !== TAG.generalizedTime || !/^\d{14}(\.\d{1,9})?Z$/.test(text)) throw notATime(name);
  return calendarDate(text, name);
}

/** @param text `YYYYMMDDHHMMSS`, perhaps a fraction, and `Z`. */
function calendarDate(text: string, name: string): Date {
  const milliseconds = text.slice(15, -1).padEnd(3, '0').slice(0, 3);
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, `$1-$2-$3T$4:$5:$6.${milliseconds}Z`);
  const date = new Date(iso);
  // The 31st of June would become the 1st of July.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw notATime(name);
  return date;
}

function notATime(name: string): FormatError {
  return new FormatError(`has ${name} that is not a date and time in UTC`);
}
