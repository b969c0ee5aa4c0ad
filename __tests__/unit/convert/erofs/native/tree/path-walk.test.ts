import { describe, expect, test } from '@jest/globals';
import { type Release, RULES } from '../../../../../../src/convert/erofs/native/releases.ts';
import { NOWHERE } from '../../../../../../src/convert/erofs/native/tree/path-walk.ts';
import { LayerTree } from '../../../../../../src/convert/erofs/native/tree/tree.ts';
import { XattrArena } from '../../../../../../src/convert/erofs/native/tree/xattr-arena.ts';
import { observer } from '../../../../../../src/convert/tar/handler.ts';
import { TarReader } from '../../../../../../src/convert/tar/reader.ts';
import { generate } from '../../../../../helpers/fuzz-erofs/generate.ts';
import { type RawEntry, rawTar } from '../../../../../helpers/raw-tar.ts';

const SEED = 52_000;

interface Outcome {
  /** For each entry of each directory: directory, name, inode and type. */
  entries: string[];
  walked: number;
  refusal: string | undefined;
}

/** Reads a tar; `forgets` walks every path from the root. */
function read(tar: Buffer, release: Release, forgets: boolean): Outcome {
  const tree = new LayerTree(RULES[release], { place: () => undefined }, new XattrArena(), 1e6);
  if (forgets) Object.defineProperty(tree, 'last', { get: () => NOWHERE, set: () => undefined });
  let refusal: string | undefined;
  const reader = new TarReader(
    observer({
      alive: () => refusal === undefined,
      reject: (error, applies) => {
        if (applies(tree.rules)) refusal ??= error.message;
      },
      entry: (entry) => tree.apply(entry),
    }),
  );
  reader.push(tar);
  reader.end();
  const { inodes, dentries } = tree;
  const entries: string[] = [];
  for (let inode = 0; inode < inodes.count; inode++) {
    for (let entry = inodes.first(inode); entry !== 0; entry = dentries.sibling(entry))
      entries.push(`${inode}/${dentries.name(entry)}: ${dentries.inode(entry)} ${dentries.type(entry)}`);
  }
  return { entries, walked: tree.walked, refusal };
}

test.each(['1.9.3', '1.8.10'] as const)(
  'a path that continues the last one leads where it does from the root, %s',
  (release) => {
    let stored = 0;
    let refused = 0;
    for (let index = 0; index < 400; index++) {
      const tar = Buffer.concat(generate(SEED, index).pieces);
      const outcome = read(tar, release, false);
      expect({ index, ...outcome }).toEqual({ index, ...read(tar, release, true) });
      stored += outcome.entries.length;
      if (outcome.refusal !== undefined) refused += 1;
    }
    expect(stored).toBeGreaterThan(5000);
    expect(refused).toBeGreaterThan(50);
  },
);

describe('a directory that has become another file', () => {
  const before: RawEntry[] = [{ name: 'f' }, { name: 'd/', typeflag: '5' }, { name: 'd/../a' }];
  test.each<[string, Release, RawEntry]>([
    ['a file', '1.9.3', { name: 'd' }],
    ['a whiteout', '1.9.3', { name: '.wh.d' }],
    ['a whiteout that calls itself a directory', '1.9.3', { name: '.wh.d/', typeflag: '5' }],
    ['a link whose target leads through it', '1.8.10', { name: 'd', typeflag: '1', linkname: 'd/../f' }],
  ])('%s: no path leads through it', (_what, release, replacing) => {
    const outcome = read(rawTar(...before, replacing, { name: 'd/../b' }), release, false);
    expect(outcome.refusal).toMatch(/a path goes through .* not a directory/);
  });
});
