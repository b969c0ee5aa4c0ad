import type { VeritySignError } from '../../../errors.ts';
import type { Rules } from '../../erofs/native/releases.ts';
import { type Integer, scanDecimal, toInt, toUint } from '../numbers.ts';
import { malformed, undefinedResult, unsupported } from '../refusals.ts';
import { decodeBase64, decodeBase64Reversed, decodePercent } from './mkfs-base64.ts';
import { joined } from './text-copy.ts';
import { scanOldTime, scanTime, type Time } from './time.ts';
import type { PaxXattr } from './xattr.ts';
import type { XattrList } from './xattr-list.ts';

/** Values of PAX records and GNU long names that replace a header's fields. Texts are latin1. */
export interface Overrides {
  path: string | undefined;
  link: string | undefined;
  /** The path comes from a record with a NUL: mkfs.erofs copies what its memory has behind the text. */
  nulInPath: boolean;
  /** The last such record was empty, which releases up to 1.9.1 use as a value. */
  emptyPath: boolean;
  emptyLink: boolean;
  size: Integer | undefined;
  uid: number | undefined;
  gid: number | undefined;
  mtime: Time | undefined;
  /** The same as releases up to 1.9.1 read it. */
  oldMtime: Time | undefined;
  xattrs: XattrList;
  /** The same as 1.8.10 decodes them; the same list until an attribute is in base64. */
  reversedXattrs: XattrList;
  /** A record of GNU's sparse formats is present: the entry's data is a sparse map and what it maps. */
  sparse: boolean;
  /** Path of the sparse file; the entry's own path is that of a stub. */
  sparsePath: string | undefined;
}
/** Reports that the releases for which `applies` is true refuse the tar, or have no defined result for it. */
export type Reject = (error: VeritySignError, applies: (rules: Rules) => boolean) => void;

export const everyRelease = (): boolean => true;
const old = (rules: Rules): boolean => rules.oldPax;
const modern = (rules: Rules): boolean => !rules.oldPax;

/**
 * Reads the records `LENGTH KEY=VALUE\n` of a PAX header into `into`.
 * @throws VeritySignError 'image' for a header that every release refuses
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
    readRecord(record, equals, into, reject);
    at = end;
  }
}

/** Removes the slashes at the end of a path; 1.8.10 reads before the beginning of one of slashes alone. */
export function strippedPath(text: string, reject: Reject): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  if (end === 0) reject(undefinedResult('a path of slashes only'), ({ earlyDots }) => earlyDots);
  return text.slice(0, end);
}

const SCHILY = 'SCHILY.xattr.';
const LIBARCHIVE = 'LIBARCHIVE.xattr.';

/** @param equals where the `=` is in `KEY=VALUE` */
function readRecord(record: string, equals: number, into: Overrides, reject: Reject): void {
  const key = record.slice(0, equals);
  const value = record.slice(equals + 1);
  // The values of extended attributes are binary, all others are C strings.
  const nul = value.indexOf('\0');
  const text = nul === -1 ? value : value.slice(0, nul);
  if (key === 'path') {
    if (nul > 0) reject(undefinedResult('a path with a NUL inside'), everyRelease);
    into.nulInPath = nul > 0;
    into.emptyPath = text === '';
    into.path = text === '' ? undefined : strippedPath(text, reject);
  } else if (key === 'linkpath') {
    into.emptyLink = text === '';
    into.link = text === '' ? undefined : text;
  } else if (key === 'mtime') {
    readMtime(text, into, reject);
  } else if (key === 'size') {
    into.size = readNumber(text, reject);
    if ((into.size ?? 0) < 0) {
      reject(unsupported('it has a negative size in a PAX header'), ({ negativeSizes }) => negativeSizes);
      throw malformed('a negative size in a PAX header');
    }
  } else if (key === 'uid' || key === 'gid') {
    const id = readNumber(text, reject);
    into[key] = id === undefined ? undefined : toUint(id);
  } else if (key.startsWith(SCHILY)) {
    const xattr = pair(key.slice(SCHILY.length), value);
    setXattr(into.xattrs, xattr, reject);
    if (into.reversedXattrs !== into.xattrs) setXattr(into.reversedXattrs, xattr, reject);
  } else if (key.startsWith(LIBARCHIVE)) {
    readBase64Xattr(decodePercent(key.slice(LIBARCHIVE.length)), value, into, reject);
  } else if (key.startsWith('GNU.sparse.')) {
    into.sparse = true;
    if (key === 'GNU.sparse.name' && text !== '') into.sparsePath = text;
  }
}

/** An entry can have attributes of many headers: none may keep its header in memory. */
function pair(name: string, value: string): PaxXattr {
  return { pair: joined(name, '=', value), nameLength: name.length };
}

function readBase64Xattr(name: string, value: string, into: Overrides, reject: Reject): void {
  const refuse = (applies: (rules: Rules) => boolean): void =>
    reject(malformed('an extended attribute that is not base64'), applies);
  separateXattrs(into);
  const decoded = decodeBase64(value);
  if (decoded === undefined) refuse(({ reversedBase64 }) => !reversedBase64);
  else setXattr(into.xattrs, pair(name, decoded), reject);
  const reversed = decodeBase64Reversed(value);
  if (reversed === undefined) refuse(({ reversedBase64 }) => reversedBase64);
  else setXattr(into.reversedXattrs, pair(name, reversed), reject);
}

/** Gives 1.8.10 a list of its own. Most layers need none, and a list takes much memory. */
export function separateXattrs(of: Overrides): void {
  if (of.reversedXattrs === of.xattrs) of.reversedXattrs = of.xattrs.copy();
}

function setXattr(list: XattrList, xattr: PaxXattr, reject: Reject): void {
  const outcome = list.set(xattr);
  if (outcome === 'undefined result') {
    reject(undefinedResult('an extended attribute whose name contains another name'), everyRelease);
  } else if (outcome === 'too many') {
    throw tooManyXattrs();
  }
}

/** The refusal of a layer whose attributes reach a limit of `XattrList`. */
export function tooManyXattrs(): VeritySignError {
  return unsupported('it has too many extended attributes, or too large ones');
}

function readNumber(text: string, reject: Reject): Integer | undefined {
  const scanned = scanDecimal(text, 0);
  if (scanned !== undefined && scanned.end === text.length) return scanned.value;
  const error = malformed('a PAX record with a value that is not a number');
  if (text !== '') throw error;
  reject(error, old);
  return undefined;
}

function readMtime(text: string, into: Overrides, reject: Reject): void {
  into.mtime = text === '' ? undefined : scanTime(text);
  into.oldMtime = scanOldTime(text);
  if (text !== '' && into.mtime === undefined) reject(notATime(), modern);
  if (into.oldMtime === undefined) reject(notATime(), old);
}

function notATime(): VeritySignError {
  return malformed('a PAX mtime that is not a time');
}
