import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type CliResult, cli } from '../helpers/cli.ts';
import { checkedMkfs } from '../helpers/convert.ts';
import { compare } from '../helpers/fuzz-erofs/compare.ts';
import {
  ambiguousXattrs,
  deepPaths,
  emptyFiles,
  hardLinks,
  heavyFolder,
  LARGE_TEXT,
  largeFolder,
  largeHeaders,
  longNames,
  longTargets,
  longWhiteouts,
  manyXattrs,
  numerousXattrs,
  repeatedPaths,
  repeatedTargets,
  repeatedXattrs,
  shortRecords,
} from '../helpers/hostile-layers.ts';
import { testFolder } from '../helpers/temp.ts';
import { watchMemory, watchProcessorTime } from '../helpers/watched-memory.ts';

const folder = testFolder();
/** MB, and seconds of processor time: a machine with other work takes longer. */
const MOST_MEMORY = 300;
const MOST_SECONDS = 10;

interface Cost extends CliResult {
  megabytes: number;
  seconds: number;
}

/** Root hash of a layer by the native builder, for one class of erofs-utils or several. */
async function rootHash(layer: Buffer, classes: string): Promise<Cost> {
  const path = join(folder, 'layer.tar.gz');
  writeFileSync(path, layer);
  let memory: ReturnType<typeof watchMemory> | undefined;
  let time: ReturnType<typeof watchProcessorTime> | undefined;
  const args = ['root-hash', path, '--builder', 'native', '--erofs-utils-version', classes];
  const result = await cli(args, {
    onStart: (pid) => {
      memory = watchMemory(pid);
      time = watchProcessorTime(pid);
    },
  });
  return { ...result, seconds: (await time?.stop()) ?? 0, megabytes: (await memory?.stop()) ?? 0 };
}

const TOO_MANY_XATTRS = /has too many extended attributes, or too large ones/;
const TOO_MANY_FILES = /more than \d+ files, too many for a layer of its size/;
const TOO_MUCH = /extended headers of more than 167772160 bytes/;
const filled = (letters: string): Buffer => Buffer.alloc(LARGE_TEXT, letters);

describe('fault 76: layers that cost a careless builder much', () => {
  test.each<[string, () => Buffer, RegExp | Record<string, RegExp> | undefined]>([
    [
      '9,000 files with 200 distinct attributes each',
      () => manyXattrs(9000, 200),
      /extended attributes of more than 25165824 bytes/,
    ],
    ['5,000 files with 200 distinct attributes each', () => manyXattrs(5000, 200), undefined],
    ['60,000 entries in one folder', () => largeFolder(60_000), undefined],
    ['400 paths of 2,000 folders', () => deepPaths(400, 2000), /more than (?:150|75)\d{3} files/],
    [
      'global attributes that every file repeats',
      () => repeatedXattrs(4000, 200),
      /extended attributes of more than 25165824 bytes/,
    ],
    [
      'links to a global target of megabytes',
      () => repeatedTargets(400),
      /link targets of more than 50331648 bytes/,
    ],
    [
      'a global path of millions of names',
      () => repeatedPaths(2000, 'b/../'),
      /have more than 64000000 names/,
    ],
    ['a global path of millions of slashes', () => repeatedPaths(2000, '/'), /have more than 64000000 names/],
    [
      'attributes of 21 MB of one folder, and 150,000 files',
      () => heavyFolder(21, 149_000),
      { all: TOO_MANY_FILES },
    ],
    ['names of attributes with a long common beginning', () => longNames(3), undefined],
    [
      '700,000 empty files',
      () => emptyFiles(700_000),
      /more than \d+ files, too many for a layer of its size/,
    ],
    [
      'a small attribute in each of 100 large headers',
      () => largeHeaders(100, (at) => ({ [`SCHILY.xattr.user.${at}`]: 'v'.repeat(40) })),
      TOO_MUCH,
    ],
    [
      'the same in 15 global ones',
      () => largeHeaders(15, (at) => ({ [`SCHILY.xattr.user.${at}`]: 'v'.repeat(40) }), 'g'),
      undefined,
    ],
    [
      'names of attributes in per cent',
      () => largeHeaders(15, () => ({ [`LIBARCHIVE.xattr.${filled('%41')}`]: 'QQ' })),
      undefined,
    ],
    [
      'attributes of megabytes in base64',
      () => largeHeaders(15, () => ({ 'LIBARCHIVE.xattr.user.a': filled('A') })),
      undefined,
    ],
    [
      'a small attribute in base64 in each of 19 large headers',
      () => largeHeaders(19, (at) => ({ [`LIBARCHIVE.xattr.user.${at}`]: 'QUJD'.repeat(10) })),
      undefined,
    ],
    ['owners of millions of digits', () => largeHeaders(15, () => ({ uid: filled('9') })), undefined],
    ['millions of short records', () => shortRecords(15), undefined],
    ['global attributes that match parts of one another', () => ambiguousXattrs(2500, 980), TOO_MANY_XATTRS],
    ['hundreds of thousands of attributes', () => numerousXattrs(330_000), TOO_MANY_XATTRS],
    ['a global path of long names', () => longWhiteouts(1900), /have more than 64000000 names/],
    ['11,000 links to long targets', () => longTargets(11_000), undefined],
    ['1,500,000 hard links', () => hardLinks(1_500_000), /more than \d+ names, too many/],
  ])('%s', async (_what, layer, refusals) => {
    const bytes = layer();
    for (const classes of ['C', 'A', 'all']) {
      const refusal = refusals instanceof RegExp ? refusals : refusals?.[classes];
      const { status, stderr, megabytes, seconds } = await rootHash(bytes, classes);
      expect(megabytes).toBeGreaterThan(50);
      expect(megabytes).toBeLessThan(MOST_MEMORY);
      expect(seconds).toBeLessThan(MOST_SECONDS);
      const older = classes !== 'C' && /PAX header of more than 32768 bytes/.test(stderr);
      if (older) expect([3, 4]).toContain(status);
      else if (refusal === undefined) expect(status).toBe(0);
      else expect([status, stderr]).toEqual([4, expect.stringMatching(refusal)]);
    }
  });

  test.each<[string, () => Buffer]>([
    ['many distinct attributes', () => manyXattrs(300, 200)],
    ['one large folder', () => largeFolder(5000)],
    ['deep paths', () => deepPaths(5, 1000)],
    ['global attributes', () => repeatedXattrs(50, 20)],
    ['links to a global target', () => repeatedTargets(3)],
    ['attributes with long names', () => longNames(1)],
    ['a global path', () => repeatedPaths(2, 'b/../')],
    ['attributes with ambiguous names', () => ambiguousXattrs(20, 30)],
    ['a global path of long names', () => longWhiteouts(3, 100)],
    ['links to long targets', () => longTargets(200)],
    ['hard links', () => hardLinks(2000)],
  ])('smaller ones of the kind have the image of mkfs.erofs: %s', async (_what, layer) => {
    const mkfs = await checkedMkfs(folder);
    const tar = gunzipSync(layer());
    for (const profile of ['containerd', 'containerd-tar-index'] as const) {
      await expect(compare(tar, profile, mkfs, folder)).resolves.toEqual({ outcome: 'equal', detail: '' });
    }
  });
});
