import { expect, test } from '@jest/globals';
import * as types from '../../../src/formats/go-types.ts';

test.each([
  ['2026-01-01T00:00:00Z', true],
  ['2024-02-29T23:59:59.123456789+14:00', true],
  ['0001-01-01T00:00:00Z', true],
  ['2026-02-29T00:00:00Z', false],
  ['2026-13-01T00:00:00Z', false],
  ['2026-01-01T24:00:00Z', false],
  ['2026-01-01T00:00:60Z', false],
  ['2026-01-01T00:00:00', false],
  ['2026-01-01 00:00:00Z', false],
  ['2026-01-01T00:00:00,5Z', false],
  ['2026-1-1T0:0:0Z', false],
  ['', false],
])('time %j: %s', (text, valid) => {
  expect(types.time.safeParse(text).success).toBe(valid);
});

test.each([
  ['', true],
  ['YQ==', true],
  ['YWI=', true],
  ['YWJj', true],
  ['YQ', false],
  ['YQ=', false],
  ['=', false],
  ['YWJj\n', false],
  ['YW_j', false],
])('base64 %j: %s', (text, valid) => {
  expect(types.bytes.safeParse(text).success).toBe(valid);
});

test('null and the empty text are absent, as in Go', () => {
  for (const value of [null, '', undefined]) expect(types.optionalText.parse(value)).toBeUndefined();
  expect(types.optionalText.parse('x')).toBe('x');
  for (const type of [types.text, types.texts, types.integer, types.flag, types.textMap, types.nameSet]) {
    expect(type.safeParse(null).success).toBe(true);
    expect(type.safeParse(undefined).success).toBe(true);
  }
});
