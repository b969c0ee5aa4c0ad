import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TarFactsObserver } from '../../../../src/convert/tar/facts.ts';
import type { DroppedEntries } from '../../../../src/model/index.ts';
import { END, paxHeader, rawEntry, rawTar } from '../../../helpers/raw-tar.ts';
import { vectors } from '../../../helpers/vector-image.ts';

function observe(tar: Buffer, piece = tar.length): DroppedEntries {
  const observer = new TarFactsObserver();
  for (let at = 0; at < tar.length; at += piece) observer.push(tar.subarray(at, at + piece));
  return observer.result().dropped;
}

const file = { name: 'usr/bin/tool', data: Buffer.alloc(1000, 1) };

describe('entries that mkfs.erofs omits or alters', () => {
  test('finds nothing in an ordinary tar or in any vector', () => {
    const fine = rawTar(
      { name: 'usr/', typeflag: '5' },
      file,
      { name: 'dev/null', typeflag: '3', devmajor: '0000001', devminor: '0000003' },
      { name: 'link', typeflag: '1', linkname: 'usr/bin/tool' },
      paxHeader({ path: 'é', 'SCHILY.xattr.user.a': '1' }),
      file,
    );
    expect(observe(fine)).toEqual({ count: 0, examples: [] });
    for (const { path } of vectors().filter(({ name, size }) => name.endsWith('-gzip') && size < 100_000)) {
      expect(observe(gunzipSync(readFileSync(path)))).toEqual({ count: 0, examples: [] });
    }
  });

  test('fault 70: names old regular files, GNU sparse files and unknown kinds', () => {
    const tar = rawTar(
      { ...file, name: 'old', typeflag: '\0' },
      file,
      { ...file, name: 'sparse', typeflag: 'S' },
      {
        name: 'odd',
        typeflag: 'D',
      },
    );
    expect(observe(tar)).toEqual({
      count: 3,
      examples: ['old (typeflag NUL: dropped)', 'sparse (typeflag S: dropped)', 'odd (typeflag D: dropped)'],
    });
  });

  test('an invalid device number takes all that follows with it', () => {
    const tar = rawTar(file, { name: 'dev/x', typeflag: '4', devmajor: '9999999' }, file, file);
    const { count, examples } = observe(tar);
    expect(count).toBe(3);
    expect(examples[0]).toBe('dev/x (invalid device number: dropped with all that follows)');
  });

  test('what follows an invalid device number is named, and its damage ends nothing', () => {
    const tar = rawTar(
      { name: 'x', typeflag: '3', devminor: 'no' },
      paxHeader({ path: 'renamed' }),
      file,
      { name: 'y', typeflag: '4', devmajor: 'no' },
      { ...file, name: 'old', typeflag: '\0' },
      { ...file, mode: 'none' },
      file,
    );
    expect(observe(tar)).toEqual({
      count: 4,
      examples: [
        'x (invalid device number: dropped with all that follows)',
        ...['renamed', 'y', 'old'].map((name) => `${name} (after an invalid device number: dropped)`),
      ],
    });
  });

  test('whiteouts that hide nothing', () => {
    const tar = rawTar(
      { name: 'a/.wh.plain' },
      { name: 'a/.wh..wh..opq' },
      { name: 'a/.wh.data', data: Buffer.from('x') },
      { name: 'a/.wh.link', typeflag: '1', linkname: 'a/plain' },
      { name: 'a/.wh.' },
      { name: 'a/.wh..' },
      { name: 'b/.wh...' },
      { name: '.wh.folder/', typeflag: '5' },
    );
    expect(observe(tar).examples).toEqual([
      'a/.wh.data (whiteout with data: hides nothing)',
      'a/.wh.link (hard link named like a whiteout: hides nothing)',
      'a/.wh. (whiteout without a name: its directory is unreadable)',
      'a/.wh.. (whiteout of . or ..: dropped)',
      'b/.wh... (whiteout of . or ..: dropped)',
    ]);
  });

  test('device numbers that Linux cannot have', () => {
    const device = (name: string, devmajor: string, devminor: string): Buffer =>
      rawEntry({ name, typeflag: '3', devmajor, devminor });
    const tar = rawTar(
      device('largest', '0007777', '3777777'),
      device('major', '0010000', '0000000'),
      device('minor', '0000000', '4000000'),
      device('negative', '-000001', '0000000'),
      device('base 256', '\x80\0\0\x01\0\0\0\0', '0000000'),
    );
    expect(observe(tar).examples).toEqual(
      ['major', 'minor', 'negative', 'base 256'].map(
        (name) => `${name} (device number of more than 12 and 20 bits: altered)`,
      ),
    );
  });

  test('attributes: by name, by value, and in all', () => {
    const named = (length: number): string => `SCHILY.xattr.user.${'n'.repeat(length)}`;
    const value = Buffer.alloc(60_000, 'v');
    const many = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`SCHILY.xattr.user.${number}`, value]));
    const tar = rawTar(
      paxHeader({ [named(250)]: '1' }),
      { name: 'fits' },
      paxHeader({ [named(251)]: '1' }),
      { name: 'long' },
      paxHeader({ 'SCHILY.xattr.': '1' }),
      { name: 'nameless' },
      paxHeader({ 'LIBARCHIVE.xattr.user.b': Buffer.alloc(65_536).toString('base64') }),
      { name: 'base64' },
      paxHeader(many),
      { name: 'many' },
      paxHeader({ [named(251)]: '1', 'GNU.sparse.name': 'real' }),
      { name: 'twice' },
    );
    const long = `extended attribute user.${'n'.repeat(75)}: too long, damaged`;
    expect(observe(tar)).toEqual({
      count: 5,
      examples: [
        `long (${long})`,
        'nameless (extended attribute without a name: dropped)',
        'base64 (extended attribute user.b: too long, damaged)',
        'many (extended attributes of more than 262136 bytes: damaged)',
        `real (PAX sparse file: stored with its sparse map, not expanded; ${long})`,
      ],
    });
  });

  test('global attributes damage all later entries that do not replace them', () => {
    const big = Buffer.alloc(70_000, 'v');
    const tar = rawTar(
      paxHeader({ 'SCHILY.xattr.user.big': big }, 'g'),
      { name: 'a' },
      { name: 'link', typeflag: '1', linkname: 'a' },
      paxHeader({ 'SCHILY.xattr.user.big': 'small' }),
      { name: 'b' },
    );
    expect(observe(tar).examples).toEqual(['a (extended attribute user.big: too long, damaged)']);
  });

  test('goes on behind what only the native builder refuses', () => {
    const old = { name: 'old', typeflag: '\0' };
    expect(observe(rawTar(paxHeader({ comment: Buffer.alloc(9_000_000) }), file, old)).count).toBe(1);
    expect(observe(rawTar(paxHeader({ path: 'a\0b' }), file, old)).count).toBe(2);
  });

  test('attributes with ambiguous names take no quadratic time', () => {
    const records = Array.from({ length: 100_000 }, (_, number) => [`LIBARCHIVE.xattr.u%3D${number}`, 'QQ']);
    const { user: before } = process.cpuUsage();
    observe(rawTar(paxHeader(Object.fromEntries(records)), file));
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(3000);
  });

  test('PAX sparse files carry their real name', () => {
    const tar = rawTar(paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'var/disk' }), {
      ...file,
      name: 'GNUSparseFile.1/disk',
    });
    expect(observe(tar).examples).toEqual([
      'var/disk (PAX sparse file: stored with its sparse map, not expanded)',
    ]);
  });

  test('attributes that EROFS cannot hold, and devices with data', () => {
    const tar = rawTar(
      paxHeader({ 'SCHILY.xattr.user.big': Buffer.alloc(70_000, 0x61) }),
      file,
      { ...file, name: 'fifo', typeflag: '6' },
      file,
    );
    expect(observe(tar).examples).toEqual([
      'usr/bin/tool (extended attribute user.big: too long, damaged)',
      'fifo (FIFO with data: the data is dropped)',
    ]);
  });

  test('long names of both kinds are used, and a size in PAX is followed', () => {
    const long = `${'a/'.repeat(80)}file`;
    const tar = rawTar(
      rawEntry({ name: '././@LongLink', typeflag: 'L', data: Buffer.from(`${long}\0`) }),
      { ...file, typeflag: '\0' },
      paxHeader({ size: '600' }),
      { name: 'sized', data: Buffer.alloc(600, 0x41), size: '00000000000' },
      { name: 'after', typeflag: '\0' },
    );
    expect(observe(tar).examples).toEqual([
      `${long} (typeflag NUL: dropped)`,
      'after (typeflag NUL: dropped)',
    ]);
  });

  test('ends where mkfs.erofs ends: at two zero blocks, not at a lone one', () => {
    const old = rawEntry({ name: 'old', typeflag: '\0' });
    expect(observe(Buffer.concat([Buffer.alloc(512), old, END])).count).toBe(1);
    expect(observe(Buffer.concat([END, old])).count).toBe(0);
    expect(observe(Buffer.concat([old, rawEntry(file).subarray(0, 300)])).count).toBe(2);
  });

  test('names from outside cannot steer a terminal, and examples are few', () => {
    const tar = rawTar(...Array.from({ length: 50 }, () => ({ name: 'x\u001b[2J\n', typeflag: '\0' })));
    const { count, examples } = observe(tar);
    expect(count).toBe(50);
    expect(examples).toHaveLength(10);
    expect(examples.join('')).not.toMatch(/\p{Cc}/u);
  });

  test('property: the pieces do not matter', () => {
    const tar = rawTar({ ...file, name: 'old', typeflag: '\0' }, paxHeader({ path: 'new' }), {
      ...file,
      typeflag: 'S',
    });
    const whole = observe(tar);
    expect(whole.count).toBe(2);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), (piece) => {
        expect(observe(tar, piece)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('property: never throws, whatever comes', () => {
    const tar = rawTar(file, paxHeader({ path: 'p', size: '3' }), file, {
      name: 'L',
      typeflag: 'L',
      data: Buffer.alloc(9, 65),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const mutant = Buffer.from(tar);
        for (const [at, value] of changes) mutant.writeUInt8(value, at);
        // The checksum is made right again, so that the damage is looked at.
        for (let at = 0; at + 512 <= mutant.length; at += 512) {
          if (mutant.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
          mutant.write('        ', at + 148);
          const sum = mutant.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
          mutant.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148);
        }
        expect(observe(mutant).count).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});
