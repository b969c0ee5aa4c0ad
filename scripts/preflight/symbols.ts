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

/** Of an ELF program header of 64 bits. [elf(5)] */
const LOAD = 1;

/**
 * Finds the symbols in a stripped kernel.
 * @param map content of System.map
 * @throws VeritySignError 'environment' if the kernel was built without room for certificates
 */
export function certificateSymbols(vmlinux: Buffer, map: string): CertificateSymbols {
  const extra = address(map, 'system_extra_cert');
  const used = address(map, 'system_extra_cert_used');
  // Between both lie the room for certificates and up to three bytes of alignment.
  const room = Number(used - extra) & ~3;
  return {
    system_extra_cert: { offset: fileOffset(vmlinux, extra), size: room },
    system_extra_cert_used: { offset: fileOffset(vmlinux, used), size: USED_BYTES },
    system_certificate_list_size: {
      offset: fileOffset(vmlinux, address(map, 'system_certificate_list_size')),
      size: LIST_SIZE_BYTES,
    },
  };
}

function address(map: string, name: string): bigint {
  const digits = new RegExp(`^([0-9a-f]{16}) \\w ${name}$`, 'm').exec(map)?.[1];
  if (digits === undefined) {
    throw failure(`the kernel has no symbol ${name}`, 'Build it with CONFIG_SYSTEM_EXTRA_CERTIFICATE=y');
  }
  return BigInt(`0x${digits}`);
}

function fileOffset(vmlinux: Buffer, at: bigint): number {
  if (vmlinux.readUInt32BE(0) !== 0x7f454c46) throw failure('the kernel is no ELF file', 'Build it again');
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
