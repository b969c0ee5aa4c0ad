import type { VeritySignError } from '../../errors.ts';
import { malformed, undefinedResult } from '../erofs/native/failures.ts';
import type { Rules } from '../erofs/native/releases.ts';
import { decodeBase64, decodeBase64Reversed, decodePercent } from './mkfs-base64.ts';
import { scanDecimal, toInt, toUint } from './numbers.ts';
import { type PaxXattr, XattrList } from './xattr-list.ts';

/** Seconds since 1970 (64 bits, signed) and nanoseconds (32 bits). */
export interface Time {
  seconds: bigint;
  nanoseconds: number;
}

/** What PAX records and GNU long names say in place of a header's fields. Texts are latin1. */
export interface Overrides {
  path: string | undefined;
  link: string | undefined;
  /** The last such record was empty: for the old releases that is a value. */
  emptyPath: boolean;
  emptyLink: boolean;
  size: bigint | undefined;
  uid: number | undefined;
  gid: number | undefined;
  mtime: Time | undefined;
  /** As releases up to 1.9.1 read it. */
  oldMtime: Time | undefined;
  xattrs: XattrList;
  /** As 1.8.10 decodes them. */
  reversedXattrs: XattrList;
  /** A record of GNU's sparse formats was there: the data is a stub. */
  sparse: boolean;
}

export function noOverrides(): Overrides {
  return {
    path: undefined,
    link: undefined,
    emptyPath: false,
    emptyLink: false,
    size: undefined,
    uid: undefined,
    gid: undefined,
    mtime: undefined,
    oldMtime: undefined,
    xattrs: new XattrList(),
    reversedXattrs: new XattrList(),
    sparse: false,
  };
}

/** Tells that the releases to which `applies` says yes refuse the tar. */
export type Reject = (error: VeritySignError, applies: (rules: Rules) => boolean) => void;

const old = (rules: Rules): boolean => rules.oldPax;
const modern = (rules: Rules): boolean => !rules.oldPax;

/**
 * Reads the records `LENGTH KEY=VALUE\n` of a PAX header into `into`. Error: `image`, for what every
 * release refuses.
 * [erofs-utils, lib/tar.c, tarerofs_parse_pax_header; POSIX pax, extended header]
 */
export function readPax(data: Buffer, into: Overrides, reject: Reject): void {
  const text = data.toString('latin1');
  for (let at = 0; at < text.length; ) {
    const length = scanDecimal(text, at);
    if (length === undefined) throw malformed('a PAX record without a length');
    const end = at + toInt(length.value);
    if (end <= length.end || end > text.length || text[end - 1] !== '\n') {
      throw malformed('a PAX record with a wrong length');
    }
    const record = text.slice(length.end, end - 1);
    const equals = record.indexOf('=');
    if (equals === -1) throw malformed('a PAX record without a value');
    readRecord(record.slice(0, equals), record.slice(equals + 1), into, reject);
    at = end;
  }
}

/** Without the slashes at its end; where nothing else is there, 1.8.10 runs over the beginning. */
export function strippedPath(text: string, reject: Reject): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  if (end === 0) reject(undefinedResult('a path of slashes alone'), ({ earlyDots }) => earlyDots);
  return text.slice(0, end);
}

const SCHILY = 'SCHILY.xattr.';
const LIBARCHIVE = 'LIBARCHIVE.xattr.';

function readRecord(key: string, value: string, into: Overrides, reject: Reject): void {
  // All values but those of extended attributes are C strings.
  const nul = value.indexOf('\0');
  const text = nul === -1 ? value : value.slice(0, nul);
  if (key === 'path') {
    if (nul > 0) throw undefinedResult('a path with a NUL inside');
    into.emptyPath = text === '';
    into.path = text === '' ? undefined : strippedPath(text, reject);
  } else if (key === 'linkpath') {
    into.emptyLink = text === '';
    into.link = text === '' ? undefined : text;
  } else if (key === 'mtime') {
    readMtime(text, into, reject);
  } else if (key === 'size') {
    into.size = readNumber(text, reject);
    if ((into.size ?? 0n) < 0n) throw malformed('a negative size in a PAX header');
  } else if (key === 'uid' || key === 'gid') {
    const value = readNumber(text, reject);
    into[key] = value === undefined ? undefined : toUint(value);
  } else if (key.startsWith(SCHILY)) {
    const xattr = pair(key.slice(SCHILY.length), value);
    into.xattrs.set(xattr);
    into.reversedXattrs.set(xattr);
  } else if (key.startsWith(LIBARCHIVE)) {
    const name = decodePercent(key.slice(LIBARCHIVE.length));
    const decoded = decodeBase64(value);
    const reversed = decodeBase64Reversed(value);
    const bad = malformed('an extended attribute that is not base64');
    if (decoded === undefined) reject(bad, ({ reversedBase64 }) => !reversedBase64);
    else into.xattrs.set(pair(name, decoded));
    if (reversed === undefined) reject(bad, ({ reversedBase64 }) => reversedBase64);
    else into.reversedXattrs.set(pair(name, reversed));
  } else if (key.startsWith('GNU.sparse.')) {
    into.sparse = true;
  }
}

function pair(name: string, value: string): PaxXattr {
  return { pair: `${name}=${value}`, nameLength: name.length };
}

function readNumber(text: string, reject: Reject): bigint | undefined {
  const scanned = scanDecimal(text, 0);
  if (scanned !== undefined && scanned.end === text.length) return scanned.value;
  const bad = malformed('a PAX record that is no number');
  if (text !== '') throw bad;
  reject(bad, old);
  return undefined;
}

function readMtime(text: string, into: Overrides, reject: Reject): void {
  const bad = malformed('a PAX mtime that is no time');
  into.mtime = text === '' ? undefined : scanTime(text);
  if (text !== '' && into.mtime === undefined) reject(bad, modern);
  into.oldMtime = scanOldTime(text);
  if (into.oldMtime === undefined) reject(bad, old);
}

function scanTime(text: string): Time | undefined {
  const whole = scanDecimal(text, 0);
  if (whole === undefined) return undefined;
  const { value: seconds, end } = whole;
  if (end === text.length) return { seconds, nanoseconds: 0 };
  const fraction = /^\.([0-9]+)$/.exec(text.slice(end))?.[1];
  if (fraction === undefined) return undefined;
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (nanoseconds === 0 || !text.startsWith('-')) return { seconds, nanoseconds };
  if (seconds === -(1n << 63n)) return undefined;
  return { seconds: seconds - 1n, nanoseconds: 1_000_000_000 - nanoseconds };
}

function scanOldTime(text: string): Time | undefined {
  const whole = scanDecimal(text, 0);
  if (whole === undefined) return undefined;
  const { value: seconds, end } = whole;
  if (text[end] !== '.') return { seconds, nanoseconds: 0 };
  const fraction = scanDecimal(text, end + 1);
  if (fraction === undefined) return undefined;
  return { seconds, nanoseconds: toUint(fraction.value) };
}
