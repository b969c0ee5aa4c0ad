import { failure } from '../tools/common.ts';

/** Where a symbol lies in the file of the kernel, bytes. */
export interface SymbolPlace {
  offset: number;
  size: number;
}

/** What a certificate is written to after the build. [kernel scripts/insert-sys-cert.c] */
export interface CertificateSymbols {
  system_extra_cert: SymbolPlace;
  system_extra_cert_used: SymbolPlace;
  system_certificate_list_size: SymbolPlace;
}

/** `.int` and `.quad` of certs/system_certificates.S. */
const USED_BYTES = 4;
const LIST_SIZE_BYTES = 8;

const ELF_MAGIC = '\x7fELF';
/** Of an ELF program header of 64 bits. [elf(5)] */
const LOAD = 1;
/** In the header of an Image. [kernel: Documentation/arch/arm64/booting.rst] */
const IMAGE_MAGIC = { offset: 56, text: 'ARM\x64' };

/**
 * Finds the symbols in a stripped kernel.
 * @param kernel an ELF file, or an Image of arm64, which is the kernel as it lies in memory from `_text` on
 * @param map content of System.map
 * @throws VeritySignError 'environment' if the kernel was built without room for certificates
 */
export function certificateSymbols(kernel: Buffer, map: string): CertificateSymbols {
  const extra = address(map, 'system_extra_cert');
  const used = address(map, 'system_extra_cert_used');
  // Between both lie the room for certificates and up to three bytes of alignment.
  const room = Number(used - extra) & ~3;
  const size = address(map, 'system_certificate_list_size');
  const offset = offsets(kernel, map);
  return {
    system_extra_cert: { offset: offset(extra, room), size: room },
    system_extra_cert_used: { offset: offset(used, USED_BYTES), size: USED_BYTES },
    system_certificate_list_size: { offset: offset(size, LIST_SIZE_BYTES), size: LIST_SIZE_BYTES },
  };
}

/** From address and length to the place in the file. */
type Offset = (at: bigint, length: number) => number;

function offsets(kernel: Buffer, map: string): Offset {
  if (kernel.toString('latin1', 0, ELF_MAGIC.length) === ELF_MAGIC) return (at) => inSegment(kernel, at);
  const { offset, text } = IMAGE_MAGIC;
  if (kernel.toString('latin1', offset, offset + text.length) !== text) {
    throw failure('the kernel is neither an ELF file nor an Image of arm64', 'Build it again');
  }
  const begin = address(map, '_text');
  return (at, length) => {
    const place = Number(at - begin);
    if (place >= 0 && place + length <= kernel.length) return place;
    throw failure(`the kernel ends before the address ${at.toString(16)}`, 'Build it again');
  };
}

function address(map: string, name: string): bigint {
  const digits = new RegExp(`^([0-9a-f]{16}) \\w ${name}$`, 'm').exec(map)?.[1];
  if (digits === undefined) {
    throw failure(`the kernel has no symbol ${name}`, 'Build it with CONFIG_SYSTEM_EXTRA_CERTIFICATE=y');
  }
  return BigInt(`0x${digits}`);
}

function inSegment(vmlinux: Buffer, at: bigint): number {
  const table = Number(vmlinux.readBigUInt64LE(32));
  const entrySize = vmlinux.readUInt16LE(54);
  const count = vmlinux.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const header = vmlinux.subarray(table + index * entrySize, table + (index + 1) * entrySize);
    const begin = header.readBigUInt64LE(16);
    const size = header.readBigUInt64LE(32);
    if (header.readUInt32LE(0) === LOAD && at >= begin && at < begin + size) {
      return Number(header.readBigUInt64LE(8) + at - begin);
    }
  }
  throw failure(`no segment of the kernel has the address ${at.toString(16)}`, 'Build it again');
}
