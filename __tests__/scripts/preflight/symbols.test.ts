import { describe, expect, test } from '@jest/globals';
import { certificateSymbols } from '../../../scripts/preflight/symbols.ts';

const BASE = 0xffffffff81e00000n;
const OFFSET = 0x1200;

/** An ELF file with one segment, which begins at `OFFSET`. */
function kernel(type = 1): Buffer {
  const file = Buffer.alloc(0x10000);
  file.write('\x7fELF', 0, 'latin1');
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(type, 64);
  file.writeBigUInt64LE(BigInt(OFFSET), 64 + 8);
  file.writeBigUInt64LE(BASE, 64 + 16);
  file.writeBigUInt64LE(0x8000n, 64 + 32);
  return file;
}

function map(places: Readonly<Record<string, bigint>>): string {
  return Object.entries(places)
    .map(([name, at]) => `${at.toString(16).padStart(16, '0')} D ${name}\n`)
    .join('');
}

const PLACES = {
  system_certificate_list: BASE,
  system_extra_cert: BASE + 0x11n,
  // Aligned to four bytes, one byte after the room ends.
  system_extra_cert_used: BASE + 0x4014n,
  system_certificate_list_size: BASE + 0x4018n,
};

describe('symbols that certificates are written to', () => {
  test('by their addresses in System.map and the segments of the kernel', () => {
    expect(certificateSymbols(kernel(), map(PLACES))).toEqual({
      system_extra_cert: { offset: OFFSET + 0x11, size: 0x4000 },
      system_extra_cert_used: { offset: OFFSET + 0x4014, size: 4 },
      system_certificate_list_size: { offset: OFFSET + 0x4018, size: 8 },
    });
  });

  test('of an Image of arm64, by their distance from its first byte', () => {
    const image = Buffer.alloc(0x6000);
    image.write('ARM\x64', 56, 'latin1');
    const places = { ...PLACES, _text: BASE - 0x1000n };
    expect(certificateSymbols(image, map(places))).toEqual({
      system_extra_cert: { offset: 0x1011, size: 0x4000 },
      system_extra_cert_used: { offset: 0x5014, size: 4 },
      system_certificate_list_size: { offset: 0x5018, size: 8 },
    });
    expect(() => certificateSymbols(image.subarray(0, 0x501f), map(places))).toThrow(
      'the kernel ends before the address',
    );
    expect(() => certificateSymbols(image, map(PLACES))).toThrow('no symbol _text');
  });

  test('a kernel without room for certificates is refused', () => {
    const { system_extra_cert, ...others } = PLACES;
    expect(() => certificateSymbols(kernel(), map(others))).toThrow('no symbol system_extra_cert');
    expect(system_extra_cert).toBeDefined();
  });

  test('an address outside every segment is refused, and a file that is no ELF file', () => {
    const outside = { ...PLACES, system_certificate_list_size: BASE + 0x8000n };
    expect(() => certificateSymbols(kernel(), map(outside))).toThrow(
      'no segment of the kernel has the address',
    );
    expect(() => certificateSymbols(kernel(4), map(PLACES))).toThrow(
      'no segment of the kernel has the address',
    );
    expect(() => certificateSymbols(Buffer.alloc(100), map(PLACES))).toThrow(
      'neither an ELF file nor an Image',
    );
  });
});
