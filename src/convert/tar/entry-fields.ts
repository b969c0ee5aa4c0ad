import { malformed } from '../erofs/native/failures.ts';
import { type TarEntry, TYPE } from './entry.ts';
import { field } from './header.ts';
import { number, octal, toInt, toUint } from './numbers.ts';
import type { Overrides } from './pax.ts';
import type { PaxXattr } from './xattr-list.ts';

/** What an entry has besides its header. */
export interface EntryContext {
  flag: string;
  path: string;
  size: bigint;
  dataOffset: bigint;
  overrides: Overrides;
  /** Of the `g` headers so far. */
  global: Overrides;
}

/**
 * The entry of a header with one of the types that mkfs.erofs knows; undefined for a device without
 * a number, where it leaves off and says that all is well. Fields that are overridden are not looked
 * at. Error: `image` for a field that is no number. [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export function readEntry(block: Buffer, context: EntryContext): TarEntry | undefined {
  const { flag, path, size, dataOffset, overrides } = context;
  const permissions = octal(block, 100, 8);
  if (permissions === undefined) throw malformed('a mode that is no number');
  const owner = { uid: overrides.uid ?? fieldUint(block, 108), gid: overrides.gid ?? fieldUint(block, 116) };
  const timed = overrides.mtime !== undefined || overrides.oldMtime !== undefined;
  const seconds = timed ? 0n : number(block, 136, 12);
  if (seconds === undefined) throw malformed('a time that is no number');
  const headerTime = { seconds, nanoseconds: 0 };
  const device = flag === '3' || flag === '4';
  const major = device ? number(block, 329, 8) : 0n;
  const minor = device ? number(block, 337, 8) : 0n;
  if (major === undefined || minor === undefined) return undefined;
  const link = flag === '1' || flag === '2';
  const target = link ? (overrides.link ?? field(block, 157, 100)) : '';
  return {
    path,
    oldPath: overrides.emptyPath && overrides.path === undefined ? '' : path,
    hardLink: flag === '1',
    target,
    oldTarget: overrides.emptyLink && overrides.link === undefined ? '' : target,
    mode: typeOf(flag) | (permissions & 0o7777),
    size: Number(size),
    ...owner,
    mtime: overrides.mtime ?? headerTime,
    oldMtime: overrides.oldMtime ?? headerTime,
    major: toInt(major),
    minor: toInt(minor),
    dataOffset: Number(dataOffset),
    ...xattrsOf(context),
  };
}

function fieldUint(block: Buffer, start: number): number {
  const value = number(block, start, 8);
  if (value === undefined) throw malformed('an owner that is no number');
  return toUint(value);
}

function typeOf(flag: string): number {
  switch (flag) {
    case '2':
      return TYPE.link;
    case '3':
      return TYPE.char;
    case '4':
      return TYPE.block;
    case '5':
      return TYPE.directory;
    case '6':
      return TYPE.fifo;
    default:
      return TYPE.file;
  }
}

function xattrsOf({ flag, overrides, global }: EntryContext): Pick<TarEntry, 'xattrs' | 'reversedXattrs'> {
  const { xattrs, reversedXattrs } = overrides;
  if (flag === '1') return { xattrs: [], reversedXattrs: [] };
  for (const xattr of global.xattrs) xattrs.set(xattr, true);
  for (const xattr of global.reversedXattrs) reversedXattrs.set(xattr, true);
  return { xattrs, reversedXattrs };
}

/** What mkfs.erofs takes without a word, but not as it was meant. */
export function mistreated({ flag, size, overrides }: EntryContext): string[] {
  const found: string[] = [];
  if ('346'.includes(flag) && size > 0n) found.push('device or FIFO with data: its device number is lost');
  if ('07'.includes(flag) && overrides.sparse) {
    found.push('PAX sparse file: stored with its sparse map, not expanded');
  }
  const tooLong = ({ pair, nameLength }: PaxXattr) =>
    nameLength > 255 || pair.length - nameLength - 1 > 65535;
  const cut = [...overrides.xattrs].find(tooLong);
  if (cut !== undefined && flag !== '1') {
    const name = cut.pair.slice(0, Math.min(cut.nameLength, 80));
    found.push(`extended attribute ${name}: too long, damaged`);
  }
  return found;
}
