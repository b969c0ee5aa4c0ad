import { describe, expect, test } from '@jest/globals';
import { BytesArena } from '../../../../../../src/convert/erofs/native/tree/bytes-arena.ts';
import { MAX_NAME_BYTES } from '../../../../../../src/convert/erofs/native/tree/limits.ts';

test('texts come back as they were added while the memory grows', () => {
  const arena = new BytesArena();
  const texts = Array.from({ length: 3000 }, (_, at) => `${at}\x00\xff`.repeat(at % 13));
  const starts = texts.map((text) => arena.add(text));
  for (const [at, text] of texts.entries()) {
    const start = starts[at] as number;
    expect(arena.text(start, text.length)).toBe(text);
    expect(arena.equals(start, text)).toBe(true);
    const copy = Buffer.alloc(text.length + 2, 'z');
    arena.copy(start, text.length, copy, 1);
    expect(copy.toString('latin1')).toBe(`z${text}z`);
  }
});

test('a part of a text of many pages is found by where it begins', () => {
  const arena = new BytesArena();
  const text = Array.from({ length: 100_000 }, (_, at) => `${at}`).join('/');
  const starts = ['a', text, 'b', text].map((added) => arena.add(added));
  for (const start of [starts[1] as number, starts[3] as number]) {
    expect(arena.text(start, text.length)).toBe(text);
    for (const from of [1, 262_143, 262_144, 300_000, text.length - 3]) {
      const length = Math.min(70, text.length - from);
      const copy = Buffer.alloc(length);
      arena.copy(start + from, length, copy, 0);
      expect(copy.toString('latin1')).toBe(text.slice(from, from + length));
    }
  }
  expect([arena.text(starts[0] as number, 1), arena.text(starts[2] as number, 1)]).toEqual(['a', 'b']);
});

test('compares unsigned bytes, then lengths', () => {
  const arena = new BytesArena();
  const compare = (left: string, right: string): number =>
    Math.sign(arena.compare(arena.add(left), left.length, arena.add(right), right.length));
  for (const left of ['', 'a', 'ab', '\x80', '\x7f', '\x00'])
    for (const right of ['', 'a', 'ab', '\x80', '\x7f', '\x00'])
      expect(compare(left, right)).toBe(
        Buffer.compare(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1')),
      );
});

test('the bytes of all texts are limited', () => {
  const arena = new BytesArena();
  const text = 'x'.repeat(MAX_NAME_BYTES / 4);
  for (let count = 0; count < 4; count++) arena.add(text);
  expect(() => arena.add('y')).toThrow(`names and link targets of more than ${MAX_NAME_BYTES} bytes`);
});

describe('an arena of several releases', () => {
  const around = (inner: string): string => `usr/lib/${inner}/index.js`;
  const texts = [
    '',
    'a',
    'b',
    'a'.repeat(48),
    'a'.repeat(49),
    'k'.repeat(4096),
    ...['x', 'y', 'z'].map(around),
  ];

  test('has each text once if the releases add it after one another', () => {
    const arena = new BytesArena(true);
    for (const text of texts) {
      const start = arena.add(text);
      expect([arena.add(text), arena.add(text)]).toEqual([start, start]);
      expect(arena.text(start, text.length)).toBe(text);
    }
  });

  test('has texts of one length with the same ends once, each', () => {
    const arena = new BytesArena(true);
    const pair = ['x', 'y'].map((middle) => around(`a very long name ${middle} a very long name`));
    const starts = pair.map((text) => arena.add(text));
    expect(pair.map((text) => arena.add(text))).toEqual(starts);
  });

  test('never takes one text for another, also with the same length and ends', () => {
    const arena = new BytesArena(true);
    const added = Array.from({ length: 20_000 }, (_, at) => {
      const text = around(`${(at * 7919) % 97}`.padStart(3, '0') + '\xff'.repeat(at % 61));
      return { text, start: arena.add(text) };
    });
    for (const { text, start } of added) expect(arena.text(start, text.length)).toBe(text);
  });

  test('has longer texts as often as they are added', () => {
    const arena = new BytesArena(true);
    const text = 'k'.repeat(4097);
    expect(arena.add(text)).not.toBe(arena.add(text));
  });
});
