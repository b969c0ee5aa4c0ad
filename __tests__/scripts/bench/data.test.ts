import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { entriesTar } from '../../../scripts/bench/data/entries-tar.ts';
import { IMAGES, layerNumbers, sizeOf } from '../../../scripts/bench/data/images.ts';
import { layerTar } from '../../../scripts/bench/data/layer-tar.ts';
import { maxInodes } from '../../../src/convert/erofs/native/tree/limits.ts';
import { hasData } from '../../../src/convert/tar/entry.ts';
import { observer } from '../../../src/convert/tar/handler.ts';
import { TarReader } from '../../../src/convert/tar/reader.ts';

const SIZE = 1_000_000;
const tar = (size: number, seed: number): Buffer => Buffer.concat([...layerTar(size, seed)]);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a made-up layer', () => {
  test('has the size that was asked for', () => {
    for (const size of [50_000, SIZE, 3_000_000]) {
      const { length } = tar(size, 1);
      expect(length % 512).toBe(0);
      expect(Math.abs(length - size)).toBeLessThan(4096);
    }
  });

  // Whoever changes these bytes must raise VERSION in layers.ts: kept data would be others than new ones.
  test('is always the same for a seed, and another for another', () => {
    expect(sha256(tar(SIZE, 1))).toBe('35716a5504147b08c59fa9b3fb0094f820030ca3f7160d73da929dbac8978e6f');
    expect(sha256(tar(SIZE, 2))).not.toBe(sha256(tar(SIZE, 1)));
  });

  test('compresses like a layer of programs and text', () => {
    const bytes = tar(5 * SIZE, 3);
    const part = gzipSync(bytes).length / bytes.length;
    expect(part).toBeGreaterThan(0.25);
    expect(part).toBeLessThan(0.5);
  });
});

describe('a layer of many entries', () => {
  const chunks = (entries: number, seed: number): Buffer => Buffer.concat([...entriesTar(entries, seed)]);

  function pathsOf(bytes: Buffer): string[] {
    const paths: string[] = [];
    const reader = new TarReader(
      observer({
        entry: (entry) => {
          paths.push(entry.path);
          return hasData(entry, entry.path);
        },
      }),
    );
    reader.push(bytes);
    reader.end();
    return paths;
  }

  test('has so many, each after its folder', () => {
    for (const entries of [1, 500, 3000]) {
      const paths = pathsOf(chunks(entries, 1));
      const seen = new Set(['usr']);
      for (const path of paths) {
        const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 3));
        expect({ path, parentSeen: seen.has(parent) }).toEqual({ path, parentSeen: true });
        seen.add(path);
      }
      expect([paths.length, seen.size]).toEqual([entries, entries]);
    }
  });

  test('is the same for a seed, and another for another', () => {
    expect(sha256(chunks(500, 1))).toBe(sha256(chunks(500, 1)));
    expect(sha256(chunks(500, 2))).not.toBe(sha256(chunks(500, 1)));
  });

  test('is large enough, compressed, for the native builder to take a million', () => {
    const part = gzipSync(chunks(20_000, 1)).length / 20_000;
    expect(maxInodes(part * 1e6)).toBeGreaterThan(1e6);
  });
});

describe('the layers of an image', () => {
  test.each(Object.entries(IMAGES))('%s has none twice', (_name, sizes) => {
    const names = layerNumbers(sizes).map(({ size, number }) => `${size}-${number}`);
    expect(new Set(names).size).toBe(sizes.length);
  });

  test('are those of other images where they can be: less to make', () => {
    expect(layerNumbers([25, 7, 25])).toEqual([
      { size: 25, number: 0 },
      { size: 7, number: 0 },
      { size: 25, number: 1 },
    ]);
  });

  test('are named by their size', () => {
    expect([sizeOf('one-224MB'), sizeOf('one-1GB')]).toEqual(['224 MB', '1 GB']);
  });
});
