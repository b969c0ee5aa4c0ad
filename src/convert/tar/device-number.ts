/**
 * Device numbers as the format has them. [erofs-utils, lib/inode.c, erofs_new_encode_dev]
 */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** Up to 1.9.1 the packed number is taken for a `dev_t` and packed again. [lib/tar.c; glibc makedev(3)] */
export function oldDeviceNumber(major: number, minor: number): number {
  const packed = BigInt.asUintN(64, BigInt(deviceNumber(major, minor) | 0));
  const again = (((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn)) & 0xffffffffn;
  const rest = ((packed & 0xffn) | ((packed >> 12n) & ~0xffn)) & 0xffffffffn;
  return deviceNumber(Number(again), Number(rest));
}
