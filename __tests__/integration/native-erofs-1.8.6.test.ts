import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import { createMkfsBuilder } from '../../src/convert/erofs/mkfs/known-answer.ts';
import { silentLogger } from '../../src/logger.ts';
import { PROFILE_NAMES } from '../../src/model/profiles.ts';
import { checkedMkfs } from '../helpers/convert.ts';
import { type CheckedMkfs, compare, isDifference } from '../helpers/fuzz-erofs/compare.ts';
import { tarFor } from '../helpers/fuzz-erofs/generate.ts';
import { extension, headerBlock, octalField, padded, paxRecord } from '../helpers/raw-header.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';

const SEED = 20_001;
const folder = testFolder();
const mkfsPath = toolPath('mkfs.erofs-1.8.6');
let mkfs: CheckedMkfs;
beforeAll(async () => {
  mkfs = await checkedMkfs(folder, { mkfsPath });
});

/** Counts outcomes; a difference is told with what makes it again. */
async function compareAll(tars: Iterable<{ name: string; tar: Buffer }>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, tar } of tars) {
    for (const profile of PROFILE_NAMES) {
      const comparison = await compare(tar, profile, mkfs, folder);
      const differs = isDifference(comparison);
      expect({ name, profile, ...comparison, differs }).toMatchObject({ differs: false });
      counts[comparison.outcome] = (counts[comparison.outcome] ?? 0) + 1;
    }
  }
  return counts;
}

test("Debian 13's mkfs.erofs is of class 1.8.6, whatever profile is asked for", async () => {
  expect(mkfs.info).toMatchObject({ version: '1.8.6', class: '1.8.6' });
  for (const profile of PROFILE_NAMES) {
    const options = { mkfsPath, profiles: [profile], tempFolder: folder, log: silentLogger };
    expect((await createMkfsBuilder(options)).info.class).toBe('1.8.6');
    await expect(createMkfsBuilder({ ...options, wanted: 'A' })).rejects.toThrow(/requires class A/);
    expect((await createMkfsBuilder({ ...options, wanted: '1.8.6' })).info.class).toBe('1.8.6');
  }
});

test('the vectors become what it makes of them', async () => {
  const tars = vectors('1.8.6')
    .filter(({ name }) => name.endsWith('-gzip'))
    .map(({ name, path }) => ({ name, tar: gunzipSync(readFileSync(path)) }));
  expect(await compareAll(tars)).toEqual({ equal: PROFILE_NAMES.length * tars.length });
});

test('200 random tars become what it makes of them', async () => {
  function* tars(): Generator<{ name: string; tar: Buffer }> {
    for (let index = 0; index < 200; index++) {
      const name = `--mkfs ${mkfsPath} --seed ${SEED} --first ${index} --count 1`;
      yield { name, tar: Buffer.concat(tarFor('1.8.6', SEED, index).pieces) };
    }
  }
  const counts = await compareAll(tars());
  const profiles = PROFILE_NAMES.length;
  expect(counts.equal).toBeGreaterThan(50 * profiles);
  expect(counts['rejected by both']).toBeGreaterThan(17 * profiles);
  expect(counts['refused by the native builder'] ?? 0).toBeLessThan(6.5 * profiles);
});

test('what random tars rarely have', async () => {
  const data = Buffer.from('some data');
  const file = Buffer.concat([
    headerBlock({ name: 'z/y/file', size: octalField(data.length, 12) }),
    padded(data),
  ]);
  // A directory in place of a link: its original parent, that of the file, comes later.
  const link = headerBlock({ name: 'a/b/name', typeflag: '1', linkname: 'z/y/file' });
  const late = Buffer.concat([
    file,
    link,
    headerBlock({ name: 'a/b/name/', typeflag: '5' }),
    Buffer.alloc(1024),
  ]);
  // A PAX header that is cut ends the tar, without a marker.
  const pax = extension('x', paxRecord('comment', 'c'.repeat(600)));
  const cut = Buffer.concat([file, pax]).subarray(0, -800);
  const tars = Object.entries({ late, cut }).map(([name, tar]) => ({ name, tar }));
  expect(await compareAll(tars)).toEqual({ equal: PROFILE_NAMES.length * tars.length });
});
