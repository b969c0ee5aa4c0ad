import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { cut, textWidth } from '../../../../src/frontend/render/text-width.ts';

test('wide characters take two columns, combining ones none', () => {
  expect(['abc', '画像', '👩‍💻', 'e\u0301', ''].map(textWidth)).toEqual([3, 4, 2, 1, 0]);
});

test('text that is measured without Unicode tables has the width that they say', () => {
  const units = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
  for (const text of [...units, ...units.map((unit) => `a${unit}…`)]) {
    expect([text, textWidth(text)]).toEqual([text, stringWidth(text)]);
  }
});

test('begin and end stay; no character is split', () => {
  expect(cut('abcdefghij', 10)).toBe('abcdefghij');
  expect(cut('abcdefghij', 7)).toBe('abc…hij');
  expect(cut('abcdefghij', 6, 0)).toBe('abcde…');
  expect(cut('画像画像画像', 8)).toBe('画像…像');
  expect(cut('👩‍💻👩‍💻👩‍💻', 4)).toBe('👩‍💻…');
  expect(cut('abc', 1)).toBe('…');
  expect(cut('abc', 0)).toBe('');
});

test('is never wider than asked', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 60 }), (foreign, width) => {
      expect(textWidth(cut(foreign, width))).toBeLessThanOrEqual(width);
    }),
  );
});
