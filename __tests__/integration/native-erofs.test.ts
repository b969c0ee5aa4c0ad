import { beforeAll, expect, test } from '@jest/globals';
import { checkedMkfs } from '../helpers/convert.ts';
import { type CheckedMkfs, compare, isDifference } from '../helpers/fuzz-erofs/compare.ts';
import { generate, mutate } from '../helpers/fuzz-erofs/generate.ts';
import { extension, headerBlock, octalField, paxRecord } from '../helpers/raw-header.ts';
import { testFolder } from '../helpers/temp.ts';

const PROFILES = ['containerd', 'containerd-tar-index'] as const;
const SEED = 20_000;
const folder = testFolder();
let mkfs: CheckedMkfs;
beforeAll(async () => {
  mkfs = await checkedMkfs(folder);
});

/** Counts outcomes; a difference is told with what makes it again. */
async function compareAll(tars: Iterable<{ name: string; tar: Buffer }>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, tar } of tars) {
    for (const profile of PROFILES) {
      const comparison = await compare(tar, profile, mkfs, folder);
      const differs = isDifference(comparison);
      expect({ name, profile, ...comparison, differs }).toMatchObject({ differs: false });
      counts[comparison.outcome] = (counts[comparison.outcome] ?? 0) + 1;
    }
  }
  return counts;
}

test('500 random tars become what mkfs.erofs makes of them', async () => {
  function* tars(): Generator<{ name: string; tar: Buffer }> {
    for (let index = 0; index < 500; index++) {
      const name = `--seed ${SEED} --first ${index} --count 1`;
      yield { name, tar: Buffer.concat(generate(SEED, index).pieces) };
    }
  }
  const counts = await compareAll(tars());
  expect(counts.equal).toBeGreaterThan(500);
  expect(counts['rejected by both']).toBeGreaterThan(50);
  expect(counts['refused by the native builder'] ?? 0).toBeLessThan(20);
});

test('a tar with bytes changed is built alike or rejected by both', async () => {
  const pieces: Buffer[] = [];
  for (let index = 0; pieces.length < 60; index++) {
    const { mood, pieces: own } = generate(SEED, index);
    if (mood === 'sane') pieces.push(...own.slice(0, 20));
  }
  const whole = Buffer.concat([...pieces.filter((piece) => piece.length < 20_000), Buffer.alloc(1024)]);
  function* tars(): Generator<{ name: string; tar: Buffer }> {
    for (let index = 0; index < 100; index++) {
      yield { name: `mutant ${index}`, tar: Buffer.concat(mutate(SEED, index, whole)) };
    }
  }
  const counts = await compareAll(tars());
  expect(counts.equal).toBeGreaterThan(20);
  expect(counts['rejected by both']).toBeGreaterThan(20);
});

/** Directories alone, so that mkfs.erofs, which looks names up one by one, has no more to do. */
function directories(count: number): Buffer {
  const entries = Array.from({ length: count }, (_, number) =>
    headerBlock({ name: `d/${number.toString(36)}/`, typeflag: '5', mtime: '14524770400' }),
  );
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

function links(count: number): Buffer {
  const first = headerBlock({ name: 'first', size: octalField(3, 12) });
  const data = Buffer.alloc(512, 'abc\0'.padEnd(512, '\0'));
  const others = Array.from({ length: count }, (_, number) =>
    headerBlock({ name: `${number % 1000}/${number}`, typeflag: '1', linkname: 'first' }),
  );
  return Buffer.concat([first, data, ...others, Buffer.alloc(1024)]);
}

test('directories and links beyond 65,535', async () => {
  expect(await compareAll([{ name: 'links', tar: links(66_000) }])).toEqual({ equal: 2 });
  expect(await compareAll([{ name: 'directories', tar: directories(12_000) }])).toEqual({ equal: 2 });
});

test('a PAX header as large as mkfs.erofs takes, and beyond what this builder takes', async () => {
  const entry = (length: number): Buffer => {
    const pax = extension('x', paxRecord('comment', Buffer.alloc(length, 'c')));
    return Buffer.concat([pax, headerBlock({ name: 'file' }), Buffer.alloc(1024)]);
  };
  expect(await compareAll([{ name: '1 MiB', tar: entry(1024 * 1024) }])).toEqual({ equal: 2 });
  expect(await compareAll([{ name: '33 MiB', tar: entry(33 * 1024 * 1024) }])).toEqual({
    'refused by the native builder': 2,
  });
});
