/** Archives that a kernel unpacks into its initramfs. [kernel: Documentation/driver-api/early-userspace/buffer-format.rst] */

export interface CpioEntry {
  /** Path without a leading slash; its folder comes before. */
  path: string;
  /** Type and permission bits, such as 0o100644. */
  mode: number;
  content?: Uint8Array;
  /** Major and minor number of a device. */
  device?: readonly [number, number];
}

const MAGIC = '070701';
const TRAILER: CpioEntry = { path: 'TRAILER!!!', mode: 0 };
const TYPE = 0o170000;
const FOLDER = 0o040000;
/** The kernel looks for the next archive at a multiple of 4; other readers at a whole block. */
const BLOCK = 512;

/** The archive in the format newc, owned by root, with times of zero: the same entries give the same bytes. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const records = entries.map((entry, index) => record(entry, index));
  const archive = Buffer.concat([...records, record(TRAILER, 0)]);
  return padded(archive, BLOCK);
}

function record(
  { path, mode, content = Buffer.alloc(0), device = [0, 0] }: CpioEntry,
  inode: number,
): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = (mode & TYPE) === FOLDER ? 2 : 1;
  // c_ino, c_mode, c_uid, c_gid, c_nlink, c_mtime, c_filesize, c_maj, c_min, c_rmaj, c_rmin, c_namesize, c_chksum
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, ...device, name.length, 0];
  const digits = fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('');
  return Buffer.concat([padded(Buffer.concat([Buffer.from(MAGIC + digits), name]), 4), padded(content, 4)]);
}

function padded(bytes: Uint8Array, unit: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((unit - (bytes.length % unit)) % unit)]);
}
