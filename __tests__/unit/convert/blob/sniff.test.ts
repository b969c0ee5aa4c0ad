import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { describeBytes, sniffCompression } from '../../../../src/convert/blob/sniff.ts';
import { vectors } from '../../../helpers/vector-image.ts';

describe('sniffCompression', () => {
  test('agrees with the media types of all vectors', () => {
    for (const { path, mediaType } of vectors()) {
      const said = mediaType.endsWith('+gzip') ? 'gzip' : mediaType.endsWith('+zstd') ? 'zstd' : 'none';
      expect(sniffCompression(readFileSync(path).subarray(0, 512))).toBe(said);
    }
  });

  test('a zstd stream may begin with a skippable frame', () => {
    expect(sniffCompression(Buffer.from('542a4d1804000000', 'hex'))).toBe('zstd');
  });

  test('nothing and next to nothing are plain', () => {
    expect(sniffCompression(Buffer.alloc(0))).toBe('none');
    expect(sniffCompression(Buffer.from([0x1f]))).toBe('none');
  });
});

test.each([
  [gzipSync('x'), 'gzip'],
  [zstdCompressSync('x'), 'zstd'],
  [Buffer.from('fd377a585a00', 'hex'), 'xz'],
  [Buffer.from('BZh9'), 'bzip2'],
  [Buffer.from('{"errors":[]}'), 'JSON'],
  [Buffer.from('\n<!DOCTYPE html>'), 'HTML or XML'],
  [Buffer.alloc(512), 'zero bytes'],
  [Buffer.alloc(0), 'nothing (the blob is empty)'],
  [Buffer.from('hello'), 'an unknown format'],
])('describeBytes, case %#', (bytes, what) => {
  expect(describeBytes(bytes)).toBe(what);
});
