/** Header fields as they are written, in latin1. A missing field has a plain value. */
export interface RawFields {
  name: string;
  prefix?: string;
  typeflag?: string;
  linkname?: string;
  mode?: string;
  uid?: string;
  gid?: string;
  size?: string;
  mtime?: string;
  devmajor?: string;
  devminor?: string;
  magic?: string;
  checksum?: string;
}

/** A header block, with the right checksum unless another is given. */
export function headerBlock(fields: RawFields): Buffer {
  const block = Buffer.alloc(512);
  const put = (value: string, at: number, length: number): void => {
    block.write(value.slice(0, length), at, 'latin1');
  };
  put(fields.name, 0, 100);
  put(fields.mode ?? '0000644', 100, 8);
  put(fields.uid ?? '0000000', 108, 8);
  put(fields.gid ?? '0000000', 116, 8);
  put(fields.size ?? '00000000000', 124, 12);
  put(fields.mtime ?? '00000000000', 136, 12);
  put(fields.typeflag ?? '0', 156, 1);
  put(fields.linkname ?? '', 157, 100);
  put(fields.magic ?? 'ustar\x0000', 257, 8);
  put(fields.devmajor ?? '0000000', 329, 8);
  put(fields.devminor ?? '0000000', 337, 8);
  put(fields.prefix ?? '', 345, 155);
  block.write(fields.checksum ?? checksumOf(block), 148, 8, 'latin1');
  return block;
}

export function checksumOf(block: Buffer): string {
  const copy = Buffer.from(block);
  copy.fill(0x20, 148, 156);
  const sum = copy.subarray(0, 500).reduce((total, byte) => total + byte, 0);
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}

export const octalField = (value: number, width: number): string =>
  value.toString(8).padStart(width - 1, '0');

/** Base 256 in a field of `width` bytes. */
export function base256(value: bigint, width: number): string {
  const first = value < 0n ? '\xff' : '\x80';
  const bits = BigInt.asUintN(8 * (width - 1), value);
  const hex = bits.toString(16).padStart(2 * (width - 1), '0');
  return first + Buffer.from(hex, 'hex').toString('latin1');
}

export function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

/** Header and data of an `x`, `g`, `L` or `K` entry. */
export function extension(typeflag: string, data: Buffer): Buffer {
  const header = headerBlock({ name: '././@Extension', typeflag, size: octalField(data.length, 12) });
  return Buffer.concat([header, padded(data)]);
}

/** A record with the right length. */
export function paxRecord(key: string, value: Buffer | string): Buffer {
  const rest = Buffer.concat([
    Buffer.from(` ${key}=`, 'latin1'),
    typeof value === 'string' ? Buffer.from(value, 'latin1') : value,
    Buffer.from('\n'),
  ]);
  let length = rest.length + 1;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return Buffer.concat([Buffer.from(`${length}`), rest]);
}
