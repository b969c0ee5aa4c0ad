import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkedMkfs } from '../helpers/convert.ts';
import { type CheckedMkfs, compare } from '../helpers/fuzz-erofs/compare.ts';
import { nativeImage } from '../helpers/fuzz-erofs/native-image.ts';
import { END, paxHeader, type RawEntry, rawEntry, rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const PROFILES = ['containerd', 'containerd-tar-index'] as const;
const folder = testFolder();
let mkfs: CheckedMkfs;
beforeAll(async () => {
  mkfs = await checkedMkfs(folder);
});

const file = (name: string, text = 'some data'): RawEntry => ({ name, data: Buffer.from(text) });

describe.each(PROFILES)('the native builder, %s', (profile) => {
  const build = (tar: Buffer) => nativeImage(tar, { profile, uuid: UUID, of: 'C' });

  async function rejects(tar: Buffer, message: RegExp): Promise<void> {
    await expect(build(tar)).rejects.toMatchObject({
      code: 'image',
      message: expect.stringMatching(message),
    });
    await expect(compare(tar, profile, mkfs, folder)).resolves.toMatchObject({ outcome: 'rejected by both' });
  }

  async function builds(tar: Buffer): Promise<{ count: number; examples: string[] }> {
    await expect(compare(tar, profile, mkfs, folder)).resolves.toEqual({ outcome: 'equal', detail: '' });
    return (await build(tar)).dropped;
  }

  test('fault 17: a negative or absurd PAX size', async () => {
    for (const size of ['-1', '99999999999999999999', '8589934592', '12x']) {
      await rejects(
        rawTar(paxHeader({ size }), file('a')),
        /negative size|data of a file is cut|not a number|2 TiB/,
      );
    }
  });

  test('fault 18: a header with a wrong checksum', async () => {
    await rejects(rawTar(file('a'), { ...file('b'), checksum: '000001\0 ' }), /bad checksum$/);
    await rejects(rawTar(file('a'), { ...file('b'), checksum: 'chksum\0 ' }), /bad checksum field$/);
  });

  test('fault 19: a hard link to a missing target', async () => {
    const link = { name: 'b', typeflag: '1', linkname: 'a' };
    await rejects(rawTar(link, file('a')), /target is missing/);
    await expect(builds(rawTar(file('a'), link))).resolves.toMatchObject({ count: 0 });
  });

  test('fault 20: a hard link to the root', async () => {
    for (const linkname of ['/', '.', '']) {
      await rejects(rawTar({ name: 'b', typeflag: '1', linkname }), /hard link to the root/);
    }
  });

  test('faults 26 and 27: an empty tar, an empty file', async () => {
    await builds(END);
    await builds(Buffer.alloc(0));
    await builds(rawTar(file('empty', '')));
  });

  test('fault 37: negative and fractional times', async () => {
    for (const mtime of ['-1', '-1.5', '1.25', '0.000000001', '-0.75']) {
      await builds(rawTar(paxHeader({ mtime }), file('a')));
    }
  });

  test('fault 38: no end-of-archive marker', async () => {
    await builds(rawEntry(file('a')));
  });

  test('fault 41: GNU sparse files', async () => {
    const old = await builds(rawTar({ ...file('old-sparse'), typeflag: 'S' }, file('after')));
    expect(old).toEqual({ count: 1, examples: ['old-sparse (typeflag S: dropped)'] });
    const pax = paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'real' });
    const stub = await builds(rawTar(pax, file('GNUSparseFile.0/real')));
    expect(stub.examples).toEqual([expect.stringMatching(/PAX sparse file/)]);
  });

  test('fault 70: what mkfs.erofs leaves out or alters is named', async () => {
    const dropped = await builds(
      rawTar(
        { ...file('nul'), typeflag: '\0' },
        { name: 'fifo', typeflag: '6', data: Buffer.from('x') },
        paxHeader({ [`SCHILY.xattr.user.${'n'.repeat(300)}`]: 'v' }),
        file('long-xattr'),
        { name: 'device', typeflag: '3', devmajor: 'none' },
        file('never read'),
      ),
    );
    expect(dropped.examples).toEqual([
      'nul (typeflag NUL: dropped)',
      'fifo (FIFO with data: the data is dropped)',
      expect.stringMatching(/^long-xattr \(extended attribute user\.n+: too long, damaged\)$/),
      'device (invalid device number: dropped with all that follows)',
      'never read (after an invalid device number: dropped)',
    ]);
  });

  test.each([
    [
      'a link in place of the directory of its own target',
      rawTar(file('d/a'), { name: 'd', typeflag: '1', linkname: 'd/a' }),
    ],
    [
      'a whiteout of a name that has outlived its directory',
      rawTar(file('d/a'), { name: 'b', typeflag: '1', linkname: 'd/a' }, file('d'), file('.wh.b', '')),
    ],
    ['a path with a NUL inside', rawTar(paxHeader({ path: 'a\0b' }), file('a'))],
  ])('what hangs on freed memory is refused: %s', async (_what, tar) => {
    await expect(compare(tar, profile, mkfs, folder)).resolves.toMatchObject({
      outcome: 'refused by the native builder',
    });
    await expect(build(tar)).rejects.toMatchObject({ code: 'image', remedy: expect.stringMatching(/Build/) });
  });
});
