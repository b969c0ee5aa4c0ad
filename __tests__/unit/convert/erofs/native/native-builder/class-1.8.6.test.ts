import { expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../../../src/errors.ts';
import type { KnownClass, ProfileName } from '../../../../../../src/model/index.ts';
import { nativeImage } from '../../../../../helpers/fuzz-erofs/native-image.ts';
import { base256, extension, headerBlock, paxRecord } from '../../../../../helpers/raw-header.ts';

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const END = Buffer.alloc(1024);

/** The image, or the code and message of the refusal. */
async function image(
  of: KnownClass,
  tar: Buffer,
  profile: ProfileName = 'containerd',
): Promise<Buffer | string> {
  try {
    return (await nativeImage(tar, { profile, uuid: UUID, of })).bytes;
  } catch (error) {
    if (error instanceof VeritySignError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const withXattrs = (...names: string[]): Buffer => {
  const records = names.map((name) => paxRecord(`SCHILY.xattr.${name}`, Buffer.from('value')));
  return Buffer.concat([extension('x', Buffer.concat(records)), headerBlock({ name: 'file' }), END]);
};

test.each([
  ['uid', { uid: base256(-1n, 8) }],
  ['gid', { gid: base256(-1n, 8) }],
  ['mtime', { mtime: base256(-1n, 12) }],
])('a negative %s in base 256 is refused by 1.8.6 alone', async (_name, fields) => {
  const tar = Buffer.concat([headerBlock({ name: 'file', ...fields }), END]);
  expect(await image('1.8.6', tar)).toMatch(/^image: .*an owner or a time that is not a number/);
  expect(await image('A', tar)).toBeInstanceOf(Buffer);
});

test('a field that a PAX record replaces is not read', async () => {
  const records = Buffer.concat([paxRecord('uid', '7'), paxRecord('mtime', '1')]);
  const header = headerBlock({ name: 'file', uid: base256(-1n, 8), mtime: base256(-1n, 12) });
  const tar = Buffer.concat([extension('x', records), header, END]);
  expect(await image('1.8.6', tar)).toEqual(await image('A', tar));
});

test('a size that begins with 0xff is no number for 1.8.6', async () => {
  // The other bytes, 512 as a number, are all that later releases read.
  const size = `\xff${'\0'.repeat(9)}\x02\0`;
  const tar = headerBlock({ name: 'file', size });
  const whole = Buffer.concat([tar, Buffer.alloc(512, 'x'), END]);
  expect(await image('1.8.6', whole)).toMatch(/^image: .*a size that is not a number/);
  expect(await image('C', whole)).toBeInstanceOf(Buffer);
});

test('a negative device number is not supported: 1.8.6 stops there as at the end', async () => {
  const device = headerBlock({ name: 'device', typeflag: '3', devmajor: base256(-1n, 8) });
  const tar = Buffer.concat([device, headerBlock({ name: 'file' }), END]);
  expect(await image('1.8.6', tar)).toMatch(/^environment: the native builder does not support this layer/);
  expect(await image('C', tar)).toBeInstanceOf(Buffer);
});

test.each([
  ['a header', headerBlock({ name: 'file', size: '-0000000001' })],
  ['PAX', Buffer.concat([extension('x', paxRecord('size', '-5')), headerBlock({ name: 'file' })])],
])('a negative size in %s is no error before 1.9.3, but not supported', async (_name, file) => {
  const tar = Buffer.concat([file, END]);
  expect(await image('C', tar)).toMatch(/^image: .*a negative size/);
  for (const older of ['1.8.6', 'A', 'B'] as const) {
    expect(await image(older, tar)).toMatch(/^environment: the native builder does not support this layer/);
  }
});

test('1.8.6 omits attributes of names without an index', async () => {
  const [both, known] = [withXattrs('user.kept', 'btrfs.compression'), withXattrs('user.kept')];
  expect(await image('1.8.6', both)).toEqual(await image('1.8.6', known));
  expect(await image('1.8.6', both)).not.toEqual(await image('A', both));
  expect(await image('1.8.6', known)).toEqual(await image('A', known));
});

test('a tar index of 1.8.6 has no checksum, a whole image has', async () => {
  const tar = withXattrs('user.kept');
  const [whole, old] = [await image('1.8.6', tar), await image('A', tar)];
  expect(whole).toEqual(old);
  const [index, newer] = await Promise.all([
    image('1.8.6', tar, 'containerd-tar-index'),
    image('A', tar, 'containerd-tar-index'),
  ]);
  if (typeof index === 'string' || typeof newer === 'string') throw new TypeError(`${index} ${newer}`);
  expect([index.readUInt32LE(1028), index.readUInt32LE(1032) & 1]).toEqual([0, 0]);
  expect(newer.readUInt32LE(1032) & 1).toBe(1);
  // Nothing else differs.
  newer.writeUInt32LE(0, 1028);
  newer.writeUInt32LE(newer.readUInt32LE(1032) & ~1, 1032);
  expect(index.equals(newer)).toBe(true);
});

test('up to 1.8.10, a hard link in place of .. crashes', async () => {
  const link = headerBlock({ name: 'a/.wh...', typeflag: '1', linkname: 'file' });
  const tar = Buffer.concat([headerBlock({ name: 'file' }), link, END]);
  expect(await image('1.8.6', tar)).toMatch(/^image: the layer triggers an out-of-bounds access/);
  expect(await image('C', tar)).toBeInstanceOf(Buffer);
});

test('incomplete PAX data ends a tar, an incomplete marker does not', async () => {
  const whole = Buffer.concat([
    headerBlock({ name: 'file' }),
    extension('x', paxRecord('comment', 'c'.repeat(600))),
  ]);
  expect(await image('1.8.6', whole.subarray(0, whole.length - 800))).toBeInstanceOf(Buffer);
  expect(await image('1.8.6', whole.subarray(0, 512))).toMatch(/the end-of-archive marker is missing/);
});
