import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type TarTraits, TarTraitsObserver } from '../../../../src/convert/blob/tar-traits.ts';
import { vectors } from '../../../helpers/vector-image.ts';

function tarOf(name: string): Buffer {
  const vector = vectors().find((candidate) => candidate.name === name);
  return gunzipSync(readFileSync(vector?.path ?? ''));
}

function traitsOf(tar: Buffer, piece: number): TarTraits {
  const observer = new TarTraitsObserver();
  for (let at = 0; at < tar.length; at += piece) observer.push(tar.subarray(at, at + piece));
  return observer.result();
}

describe.each([1, 511, 512, 1 << 20])('in pieces of %i bytes', (piece) => {
  test.each<[string, TarTraits]>([
    ['simple-gzip', { xattrs: false, unusualTimes: false }],
    ['dirs-gzip', { xattrs: false, unusualTimes: false }],
    ['xattrs-gzip', { xattrs: true, unusualTimes: false }],
    ['modes-gzip', { xattrs: false, unusualTimes: true }],
  ])('%s', (name, expected) => {
    expect(traitsOf(tarOf(name), piece)).toEqual(expected);
  });
});

test('what is no tar ends it without an error', () => {
  expect(traitsOf(Buffer.alloc(4096, 'x'), 100)).toEqual({ xattrs: false, unusualTimes: false });
  expect(traitsOf(Buffer.alloc(0), 1)).toEqual({ xattrs: false, unusualTimes: false });
});

test('layers whose root hash differs between classes A and C have a trait, and most others have none', () => {
  const old = new Map(vectors('1.8.10').map((vector) => [vector.name, vector.profiles.containerd.rootHash]));
  for (const { name, mediaType, profiles } of vectors()) {
    if (!mediaType.endsWith('gzip')) continue;
    const { xattrs, unusualTimes } = traitsOf(tarOf(name), 1 << 16);
    const differs = old.get(name) !== profiles.containerd.rootHash;
    expect({ name, differs, explained: xattrs || unusualTimes || !differs }).toMatchObject({
      explained: true,
    });
  }
});
