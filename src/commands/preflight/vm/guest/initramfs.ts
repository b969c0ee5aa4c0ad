import { type CpioEntry, writeCpio } from '../../../../formats/cpio.ts';
import type { GuestManifest } from './guest-files.ts';
import { verifiedCopy } from './verified-copy.ts';

export interface InitramfsOptions {
  /** Path of initramfs.cpio.zst. */
  source: string;
  manifest: GuestManifest;
  /** What the kernel unpacks besides; it is not compressed. */
  more: readonly CpioEntry[];
  /** Path of a new file. */
  target: string;
  signal?: AbortSignal | undefined;
}

/**
 * Writes the initramfs for QEMU. What comes besides lies before it: a kernel that has read a compressed archive
 * does not always look for another one behind it.
 * @throws VeritySignError 'environment' if the initramfs is another file than the manifest names
 */
export async function writeInitramfs({
  source,
  manifest,
  more,
  target,
  signal,
}: InitramfsOptions): Promise<void> {
  await verifiedCopy({
    source,
    expected: manifest.files['initramfs.cpio.zst'],
    target,
    signal,
    ...(more.length === 0 ? {} : { before: writeCpio(more) }),
  });
}
