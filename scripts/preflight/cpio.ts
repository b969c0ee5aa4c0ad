/** An entry of an initramfs. */
export interface CpioEntry {
  /** Relative path. */
  path: string;
  /** Type and permission bits, such as 0o100755. */
  mode: number;
  content?: Uint8Array;
  /** Major and minor number of a device. */
  device?: readonly [number, number];
}

const TRAILER: CpioEntry = { path: 'TRAILER!!!', mode: 0 };

/**
 * An archive in the format that the kernel unpacks ("newc"). The same entries give the same bytes: owner root,
 * no times, numbers of inodes from 1 on. [kernel driver-api/early-userspace/buffer-format.rst]
 */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  return Buffer.concat([...entries, TRAILER].map((entry, index) => record(entry, index + 1)));
}

function record(
  { path, mode, content = Buffer.alloc(0), device = [0, 0] }: CpioEntry,
  inode: number,
): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, ...device, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)]);
}

/** To a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
