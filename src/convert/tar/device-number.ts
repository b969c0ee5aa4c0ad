import { number, toInt } from './numbers.ts';

/** The device number of a header: 32 bits each, signed. */
export interface DeviceFields {
  major: number;
  minor: number;
  /** The numbers fit the 12 and 20 bits that Linux has for them. */
  deviceFits: boolean;
}

/** Offsets in a header. */
export const MAJOR_FIELD = 329;
export const MINOR_FIELD = 337;
const MAX_MAJOR = 0xfff;
const MAX_MINOR = 0xfffff;

/** The fields `devmajor` and `devminor`; undefined if one of them is not a number. */
export function deviceFields(block: Buffer): DeviceFields | undefined {
  const major = number(block, MAJOR_FIELD, 8);
  const minor = number(block, MINOR_FIELD, 8);
  if (major === undefined || minor === undefined) return undefined;
  const deviceFits = major >= 0 && major <= MAX_MAJOR && minor >= 0 && minor <= MAX_MINOR;
  return { major: toInt(major), minor: toInt(minor), deviceFits };
}

/**
 * Device numbers as the format has them, 32 bits. [erofs-utils, lib/inode.c, erofs_new_encode_dev]
 */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** Up to 1.9.1 the packed number is used as a `dev_t` and packed again. [lib/tar.c; glibc makedev(3)] */
export function oldDeviceNumber(major: number, minor: number): number {
  const packed = BigInt.asUintN(64, BigInt(deviceNumber(major, minor) | 0));
  const again = (((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn)) & 0xffffffffn;
  const rest = ((packed & 0xffn) | ((packed >> 12n) & ~0xffn)) & 0xffffffffn;
  return deviceNumber(Number(again), Number(rest));
}
