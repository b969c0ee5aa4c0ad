import { open } from 'node:fs/promises';
import { VeritySignError } from '../../../../errors.ts';
import type { GuestManifest } from './guest-files.ts';
import { verifiedCopy } from './verified-copy.ts';

export interface VmlinuxOptions {
  /** Path of vmlinux.zst. */
  source: string;
  manifest: GuestManifest;
  /** DER certificates that the kernel is to trust. */
  certificates: readonly Uint8Array[];
  /** Path of a new file. */
  target: string;
  signal?: AbortSignal | undefined;
}

/** `SEQUENCE` with a length of two bytes: the kernel's reader of the list knows no other. [kernel: certs/common.c] */
const HEADER = [0x30, 0x82] as const;

/**
 * Writes the kernel with certificates in the room that `CONFIG_SYSTEM_EXTRA_CERTIFICATE` leaves: what
 * insert-sys-cert of the kernel does, without its symbol table. [kernel: scripts/insert-sys-cert.c]
 * @throws VeritySignError 'usage' if the certificates do not fit, 'environment' if the kernel is another file
 */
export async function writeVmlinux(options: VmlinuxOptions): Promise<void> {
  const { source, manifest, certificates, target, signal } = options;
  const { symbols, ...decompressed } = manifest.vmlinux;
  const room = symbols.system_extra_cert;
  const list = certificateList(certificates, room.size);
  await verifiedCopy({
    source,
    expected: manifest.files['vmlinux.zst'],
    decompressed,
    target,
    signal,
  });
  const file = await open(target, 'r+');
  try {
    const { buffer: used } = await file.read(Buffer.alloc(4), 0, 4, symbols.system_extra_cert_used.offset);
    const total = symbols.system_certificate_list_size;
    const { buffer: size } = await file.read(Buffer.alloc(8), 0, 8, total.offset);
    size.writeBigUInt64LE(size.readBigUInt64LE() + BigInt(list.length) - BigInt(used.readInt32LE()));
    used.writeInt32LE(list.length);
    const content = Buffer.alloc(room.size);
    content.set(list);
    await file.write(content, 0, content.length, room.offset);
    await file.write(used, 0, used.length, symbols.system_extra_cert_used.offset);
    await file.write(size, 0, size.length, total.offset);
  } finally {
    await file.close();
  }
}

function certificateList(certificates: readonly Uint8Array[], room: number): Buffer {
  for (const [index, der] of certificates.entries()) {
    if (
      der[0] !== HEADER[0] ||
      der[1] !== HEADER[1] ||
      der.length !== 4 + (((der[2] ?? 0) << 8) | (der[3] ?? 0))
    ) {
      throw new VeritySignError(
        'usage',
        `trusted certificate ${index + 1} has ${der.length} bytes, and a kernel reads certificates of 260 to 65539 bytes`,
        { remedy: 'Give another certificate of the chain' },
      );
    }
  }
  const list = Buffer.concat(certificates);
  if (list.length <= room) return list;
  throw new VeritySignError(
    'usage',
    `the ${certificates.length} trusted certificates have ${list.length} bytes, and preflight's kernel has room for ${room}`,
    { remedy: 'Give fewer certificates: only those that vouch for the signers of this image' },
  );
}
