import { type DeviceFields, deviceFields, MAJOR_FIELD, MINOR_FIELD } from './device-number.ts';
import { type TarEntry, TYPE } from './entry.ts';
import { textField } from './header.ts';
import { isNegativeBase256, number, octal, toUint } from './numbers.ts';
import { type Overrides, type Reject, separateXattrs, tooManyXattrs } from './pax/records.ts';
import type { PaxXattr } from './pax/xattr.ts';
import { XattrList, XattrSteps } from './pax/xattr-list.ts';
import { malformed, unsupported } from './refusals.ts';

/** What belongs to an entry besides its header. */
export interface EntryContext {
  /** One of `0` to `7`. */
  flag: string;
  path: string;
  size: number;
  dataOffset: number;
  overrides: Overrides;
  /** From the `g` headers so far. */
  global: Overrides;
}

const UID_FIELD = 108;
const GID_FIELD = 116;
const TIME_FIELD = 136;
const NO_DEVICE: DeviceFields = { major: 0, minor: 0, deviceFits: true };
const NO_XATTRS = new XattrList(new XattrSteps());

/**
 * Reads the header of an entry of a type that mkfs.erofs knows. Fields with an override are not read.
 * Returns undefined for a device without a valid number: mkfs.erofs stops there and exits 0.
 * @throws VeritySignError 'image' for a field that is not a number
 * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export function readEntry(block: Buffer, context: EntryContext, reject: Reject): TarEntry | undefined {
  const { flag, path, size, dataOffset, overrides } = context;
  const permissions = octal(block, 100, 8);
  if (permissions === undefined) throw malformed('a mode that is not a number');
  const uid = overrides.uid ?? ownerField(block, UID_FIELD);
  const gid = overrides.gid ?? ownerField(block, GID_FIELD);
  const timed = overrides.mtime !== undefined || overrides.oldMtime !== undefined;
  const seconds = timed ? 0 : number(block, TIME_FIELD, 12);
  if (seconds === undefined) throw malformed('a time that is not a number');
  const headerTime = { seconds, nanoseconds: 0 };
  rejectNegative(block, overrides, timed, reject);
  const isDevice = flag === '3' || flag === '4';
  const device = isDevice ? deviceFields(block) : NO_DEVICE;
  if (device === undefined) return undefined;
  if (isDevice && (isNegativeBase256(block, MAJOR_FIELD) || isNegativeBase256(block, MINOR_FIELD))) {
    // They stop there as at an invalid number, while the others go on.
    reject(unsupported('it has a negative device number'), ({ noNegativeNumbers }) => noNegativeNumbers);
  }
  const link = flag === '1' || flag === '2';
  const target = link ? (overrides.link ?? textField(block, 157, 100)) : '';
  const { xattrs, reversedXattrs } = xattrsOf(context);
  // Without spread properties, which V8 copies one by one: it is made for each entry.
  return {
    path,
    oldPath: overrides.emptyPath && overrides.path === undefined ? '' : path,
    hardLink: flag === '1',
    target,
    oldTarget: overrides.emptyLink && overrides.link === undefined ? '' : target,
    mode: typeOf(flag) | (permissions & 0o7777),
    size,
    uid,
    gid,
    mtime: overrides.mtime ?? headerTime,
    oldMtime: overrides.oldMtime ?? headerTime,
    major: device.major,
    minor: device.minor,
    deviceFits: device.deviceFits,
    dataOffset,
    xattrs,
    reversedXattrs,
    sparsePath: overrides.sparse ? (overrides.sparsePath ?? path) : undefined,
  };
}

/** Up to 1.8.6, fields for which there is no override must not be negative in base 256. */
function rejectNegative(block: Buffer, { uid, gid }: Overrides, timed: boolean, reject: Reject): void {
  const negative =
    (uid === undefined && isNegativeBase256(block, UID_FIELD)) ||
    (gid === undefined && isNegativeBase256(block, GID_FIELD)) ||
    (!timed && isNegativeBase256(block, TIME_FIELD));
  if (!negative) return;
  reject(malformed('an owner or a time that is not a number'), ({ noNegativeNumbers }) => noNegativeNumbers);
}

function ownerField(block: Buffer, start: number): number {
  const value = number(block, start, 8);
  if (value === undefined) throw malformed('an owner that is not a number');
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
  if (flag === '1') return { xattrs: NO_XATTRS, reversedXattrs: NO_XATTRS };
  if (global.reversedXattrs !== global.xattrs) separateXattrs(overrides);
  return {
    xattrs: withGlobal(overrides.xattrs, global.xattrs),
    reversedXattrs: withGlobal(overrides.reversedXattrs, global.reversedXattrs),
  };
}

/**
 * Joins the lists when they are first used: a handler that only watches needs no copy of global ones. Iteration
 * throws VeritySignError 'environment' for too many.
 */
function withGlobal(own: XattrList, global: XattrList): Iterable<PaxXattr> {
  if (global.size === 0) return own;
  return {
    [Symbol.iterator]: () => {
      for (const xattr of global) if (own.set(xattr, true) === 'too many') throw tooManyXattrs();
      return own[Symbol.iterator]();
    },
  };
}
