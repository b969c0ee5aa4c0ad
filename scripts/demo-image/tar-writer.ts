/** Writes tar archives as image builders do: ustar headers, PAX records for extended attributes. */

export interface Entry {
  /** Without a leading slash; a directory ends in one. At most 100 bytes. */
  path: string;
  /** Permission bits. Default: 0644, for a directory 0755. */
  mode?: number;
  /** Content of a regular file. */
  bytes?: Uint8Array;
  /** Path of an earlier entry (hard link), or any text (symbolic link). At most 100 bytes. */
  link?: { type: 'hard' | 'symbolic'; target: string };
  /** The entry is a device with these numbers, or a named pipe. */
  special?: { type: 'character' | 'block'; major: number; minor: number } | { type: 'fifo' };
  /** User and group. Default: root. */
  owner?: { uid: number; gid: number };
  /** Extended attributes, by full name such as `user.origin`. */
  xattrs?: Readonly<Record<string, Uint8Array>>;
  /** Further PAX records; a `path` here replaces the one of the header. */
  pax?: Readonly<Record<string, string>>;
}

const BLOCK = 512;

/** The archive, all entries with the given time (seconds since 1970). */
export function writeTar(entries: readonly Entry[], mtime: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    const records = [
      ...Object.entries(entry.pax ?? {}).map(([name, value]) => paxRecord(name, Buffer.from(value))),
      ...Object.entries(entry.xattrs ?? {}).map(([name, value]) => paxRecord(`SCHILY.xattr.${name}`, value)),
    ];
    if (records.length > 0) {
      const bytes = Buffer.concat(records);
      const path = `PaxHeaders.0/${entry.path.replaceAll('/', '_')}`;
      blocks.push(header({ path }, 'x', bytes.length, mtime), padded(bytes));
    }
    const bytes = entry.bytes ?? new Uint8Array();
    blocks.push(header(entry, typeFlag(entry), bytes.length, mtime), padded(bytes));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(blocks);
}

/** The extended attribute `security.capability`, revision 2: effective and permitted. [linux/capability.h] */
export function fileCapability(capability: number): Uint8Array {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02000001, 0);
  value.writeUInt32LE((1 << capability) >>> 0, 4);
  return value;
}

function typeFlag({ path, link, special }: Entry): string {
  if (link !== undefined) return { hard: '1', symbolic: '2' }[link.type];
  if (special !== undefined) return { character: '3', block: '4', fifo: '6' }[special.type];
  return path.endsWith('/') ? '5' : '0';
}

function header(entry: Entry, type: string, size: number, mtime: number): Uint8Array {
  const { path, owner, special } = entry;
  const link = entry.link?.target ?? '';
  for (const text of [path, link]) {
    if (Buffer.byteLength(text) > 100) throw new RangeError(`too long for a ustar header: ${text}`);
  }
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write(octal(entry.mode ?? (type === '5' ? 0o755 : 0o644), 8), 100);
  block.write(octal(owner?.uid ?? 0, 8), 108);
  block.write(octal(owner?.gid ?? 0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(mtime, 12), 136);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\x0000', 257);
  if (special !== undefined && special.type !== 'fifo') {
    block.write(octal(special.major, 8), 329);
    block.write(octal(special.minor, 8), 337);
  }
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. [POSIX pax] */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}
