/** Archives that a kernel unpacks into its initramfs. [kernel: Documentation/driver-api/early-userspace/buffer-format.rst] */

export interface CpioEntry {
  /** Path without a leading slash; its folder comes before. */
  path: string;
  /** Undefined for a folder. */
  content: Uint8Array | undefined;
}

const MAGIC = '070701';
const FOLDER = 0o040755;
const FILE = 0o100644;
const TRAILER = 'TRAILER!!!';
/** The kernel looks for the next archive at a multiple of 4; other readers at a whole block. */
const BLOCK = 512;

/** The archive in the format newc, owned by root, with times of zero. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [index, { path, content }] of entries.entries()) {
    parts.push(header(path, index + 1, content === undefined ? FOLDER : FILE, content?.length ?? 0));
    if (content !== undefined) parts.push(content, padding(content.length, 4));
  }
  parts.push(header(TRAILER, 0, 0, 0));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, padding(size, BLOCK)]);
}

function header(path: string, inode: number, mode: number, size: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = mode === FOLDER ? 2 : 1;
  // c_ino, c_mode, c_uid, c_gid, c_nlink, c_mtime, c_filesize, c_maj, c_min, c_rmaj, c_rmin, c_namesize, c_chksum
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, name.length, 0];
  const digits = fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('');
  const head = Buffer.concat([Buffer.from(MAGIC + digits), name]);
  return Buffer.concat([head, padding(head.length, 4)]);
}

function padding(length: number, unit: number): Buffer {
  return Buffer.alloc((unit - (length % unit)) % unit);
}
