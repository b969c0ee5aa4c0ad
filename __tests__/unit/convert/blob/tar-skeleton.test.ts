import { expect, test } from '@jest/globals';
import {
  type SkeletonEntry,
  SkeletonReader,
  skeletonTar,
} from '../../../../src/convert/blob/tar-skeleton.ts';
import { TarFactsObserver } from '../../../../src/convert/tar/facts.ts';
import { generate } from '../../../helpers/fuzz-erofs/generate.ts';
import { END, paxHeader, rawEntry, rawTar } from '../../../helpers/raw-tar.ts';

function skeletonOf(tar: Buffer, chunk = tar.length): SkeletonEntry[] {
  const reader = new SkeletonReader();
  for (let at = 0; at < tar.length; at += chunk) reader.push(tar.subarray(at, at + chunk));
  return reader.result();
}

const joined = (entries: readonly SkeletonEntry[]): Buffer => Buffer.concat([...skeletonTar(entries)]);
const data = Buffer.from('secret');

test.each([1, 511, 513, 1 << 20])('headers stay, contents are zeros, in chunks of %i bytes', (chunk) => {
  const tar = rawTar(
    { name: 'plain', data },
    paxHeader({ path: 'renamed', comment: 'c'.repeat(600) }),
    { name: 'short', data: Buffer.alloc(513, 's') },
    { name: 'ignored', typeflag: 'S', data },
    { name: 'folder/', typeflag: '5' },
  );
  const entries = skeletonOf(tar, chunk);
  expect(entries.map(({ name, dataSize }) => [name, dataSize])).toEqual([
    ['plain', 512],
    ['renamed', 1024],
    ['ignored', 512],
    ['folder', 0],
    ['', 0],
  ]);
  const empty = (length: number): Buffer => Buffer.alloc(length);
  expect(joined(entries)).toEqual(
    rawTar(
      { name: 'plain', data: empty(6) },
      paxHeader({ path: 'renamed', comment: 'c'.repeat(600) }),
      { name: 'short', data: empty(513) },
      { name: 'ignored', typeflag: 'S', data: empty(6) },
      { name: 'folder/', typeflag: '5' },
    ),
  );
});

test('what is cut stays cut, and what is no header ends it', () => {
  const cut = Buffer.concat([rawEntry({ name: 'a' }), rawEntry({ name: 'b', data, size: '77777777777' })]);
  expect(joined(skeletonOf(cut)).length).toBe(cut.length);
  const broken = Buffer.concat([
    rawEntry({ name: 'a' }),
    Buffer.alloc(512, 'x'),
    rawEntry({ name: 'b' }),
    END,
  ]);
  expect(joined(skeletonOf(broken))).toEqual(broken.subarray(0, 1024));
});

test('random tars: the facts of the skeleton are the same', () => {
  const factsOf = (tar: Buffer): unknown => {
    const observer = new TarFactsObserver();
    observer.push(tar);
    return observer.result();
  };
  for (let index = 0; index < 200; index++) {
    const { mood, pieces } = generate(7, index);
    if (mood === 'broken') continue;
    const tar = Buffer.concat(pieces);
    const facts = factsOf(tar);
    // No builder reads what follows an invalid device number, or a header that is cut.
    if (/invalid device number|\(the last/.test(JSON.stringify(facts))) continue;
    expect({ index, facts: factsOf(joined(skeletonOf(tar))) }).toEqual({ index, facts });
  }
});
