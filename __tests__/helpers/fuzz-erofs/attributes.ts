import { base256, octalField, paxRecord, type RawFields } from '../raw-header.ts';
import type { Mood } from './names.ts';
import type { Random } from './random.ts';

const XATTRS = [
  'user.a',
  'user.b',
  'user.mime_type',
  'user.',
  'security.capability',
  'security.selinux',
  'trusted.overlay.opaque',
  'trusted.overlay.origin',
  'system.posix_acl_access',
  'system.posix_acl_default',
  'other',
  'trusted.',
  'btrfs.compression',
] as const;

/** Owner, time and mode, as plain fields or in an unusual form. */
export function randomFields(random: Random, mood: Mood): Partial<RawFields> {
  const fields: Partial<RawFields> = {
    mode: octalField(random.pick([0o644, 0o755, 0o4755, 0o1777, 0, 0o7777]), 8),
  };
  const owner = (): string => {
    const value = random.pick([0, 0, 0, 1000, 65535, 65536, 0o7777777]);
    if (random.once(10)) return base256(BigInt(random.pick([0, 65536, 4294967295, 4294967296, -1])), 8);
    return octalField(value, 8);
  };
  fields.uid = owner();
  fields.gid = owner();
  fields.mtime = random.pick([
    '00000000000',
    '00000000000',
    octalField(random.next(), 12),
    base256(BigInt(random.pick([-1, -1000000000, 0, 1 << 30])), 12),
  ]);
  if (mood === 'sane') return fields;
  if (random.once(20))
    fields.mtime = random.pick(['           ', '      123 ', '-0000000001', '777777777777', ' 0', '+5']);
  if (random.once(60))
    fields.mode = random.pick(['  644  ', '100644 ', '0100755', '7777777', ' ', '\t644', '644 x']);
  if (random.once(150)) fields.uid = random.pick(['     0 ', '-1     ', '8', '', 'abc', '\t', '17777777']);
  if (mood === 'broken' && random.once(40)) fields.gid = random.pick(['', '9', '\x00', '0x10', '\x81\x01']);
  if (mood === 'broken' && random.once(60))
    fields.mode = random.pick(['', '9', 'rwx', '\x80\0\0\0\0\0\x01\xa4']);
  if (mood === 'broken' && random.once(60)) fields.mtime = random.pick(['', 'now', '9']);
  return fields;
}

function xattrRecord(random: Random, mood: Mood): Buffer {
  const long = random.once(mood === 'sane' ? 30 : 12);
  const name =
    random.pick(XATTRS) + (random.once(4) ? random.pick(['1', '2', '\xff', 'long'.repeat(20)]) : '');
  const length = long ? random.pick([100, 500, 3900, 4000, 4096, 9000]) : random.between(0, 40);
  const value = random.bytes(length);
  if (mood === 'wild' && random.once(80)) {
    return random.once(2)
      ? paxRecord(`SCHILY.xattr.user.${'n'.repeat(random.pick([249, 250, 251, 256, 300]))}`, value)
      : paxRecord('SCHILY.xattr.user.big', random.bytes(random.pick([65535, 65536, 68000])));
  }
  if (mood === 'wild' && random.once(60)) {
    // Names that are truncated, empty, or equal to another after concatenation.
    const keys = ['', 'user.a\0b', '\0', 'user.a\0'] as const;
    return paxRecord(`SCHILY.xattr.${random.pick(keys)}`, value.subarray(0, 9));
  }
  if (!random.once(mood === 'sane' ? 8 : 4)) return paxRecord(`SCHILY.xattr.${name}`, value);
  let text = value.toString('base64');
  if (random.once(3)) text = text.replace(/=+$/, '');
  if (mood !== 'sane' && random.once(60))
    text = random.pick(['', '=', '==', 'A', 'AB', 'ABC=', 'A===', 'ab*d', 'QQ==', 'QR==']);
  const escaped = name.replace(/[^a-z.]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const odd = mood !== 'sane' && random.once(15) ? random.pick(['%', '%4', '%zz', '%3D', '%3Dx', '']) : '';
  return paxRecord(`LIBARCHIVE.xattr.${random.once(2) ? escaped : name}${odd}`, text);
}

const TIMES = [
  '1',
  '0',
  '-1',
  '1700000000.5',
  '-1.5',
  '0.000000001',
  '-0.25',
  '12.3456789012',
  '-2.0',
  '253402300800',
] as const;
const ODD_TIMES = [
  '',
  ' 5',
  '5 ',
  '5.',
  '.5',
  '-.5',
  '1e9',
  '1.5x',
  '+3.1',
  '5 .5',
  '-0',
  '99999999999999999999',
  'x',
] as const;
const NUMBERS = ['0', '1000', '65536', '4294967295'] as const;
const ODD_NUMBERS = ['', ' 7 ', '-1', '+5', '5x', '4294967296', '99999999999999999999', '0x10', ' '] as const;

/** Records of a PAX header that change anything but path, target and size. */
export function randomRecords(random: Random, mood: Mood): Buffer[] {
  const records: Buffer[] = [];
  for (let count = random.pick([0, 0, 1, 1, 2, 4]); count > 0; count--)
    records.push(xattrRecord(random, mood));
  if (random.once(3)) records.push(paxRecord('mtime', random.pick(TIMES)));
  for (const key of ['uid', 'gid'] as const)
    if (random.once(8)) records.push(paxRecord(key, random.pick(NUMBERS)));
  if (random.once(8))
    records.push(paxRecord(random.pick(['atime', 'comment', 'GNU.sparse.major', 'hdrcharset']), '1'));
  if (mood === 'sane') return records;
  if (random.once(60)) records.push(paxRecord('mtime', random.pick(ODD_TIMES)));
  if (random.once(100)) records.push(paxRecord(random.pick(['uid', 'gid']), random.pick(ODD_NUMBERS)));
  if (random.once(40))
    records.push(
      Buffer.from(
        random.pick(['  12 foo=bar\n', '6 a=b\n7 c=d\n', '+9 ab=cd\n', ' \n11 x=abcd\n']),
        'latin1',
      ),
    );
  if (mood === 'wild' && random.once(200))
    records.push(paxRecord('comment', 'c'.repeat(random.pick([32_000, 33_000, 70_000]))));
  if (mood === 'broken' && random.once(60))
    records.push(paxRecord('path', random.pick(['a\0b', '\0', 'a/\0/'])));
  if (mood === 'broken' && random.once(30)) {
    records.push(
      Buffer.from(
        random.pick(['5 a\n', '99 a=b\n', 'x', '0 a=b\n', '-6 a=b\n', '6 a=b;', '6\0a=b\n', '\n']),
        'latin1',
      ),
    );
  }
  return records;
}
