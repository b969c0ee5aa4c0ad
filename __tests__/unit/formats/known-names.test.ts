import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { AmbiguityError } from '../../../src/formats/format-error.ts';
import { checkNames } from '../../../src/formats/known-names.ts';

const item = z.object({ size: z.int(), kind: z.string().optional() });
const schema = z.object({
  list: z
    .array(item)
    .nullish()
    .transform((value) => value ?? []),
  map: z.record(z.string(), item).nullish(),
  one: item.nullable(),
  other: z.unknown(),
});

describe('a name that Go takes for a known one', () => {
  test.each([
    [{ List: [] }, 'has the name "List", which Go programs read as "list"'],
    [{ list: [{ size: 1 }, { Size: 1 }] }, 'has the name "Size" at list.1, which Go programs read as "size"'],
    [{ one: { ſize: 1 } }, 'has the name "\\u017fize" at one, which Go programs read as "size"'],
    [
      { map: { a: { '\u212aind': 1 } } },
      'has the name "\\u212aind" at map.a, which Go programs read as "kind"',
    ],
    [{ one: { size: 1, SIZE: 2 } }, 'has the name "SIZE" at one, which Go programs read as "size"'],
  ])('%j', (value, message) => {
    expect(() => checkNames(schema, value)).toThrow(
      expect.objectContaining({ constructor: AmbiguityError, message }),
    );
  });
});

test.each([{ x: 1, X: 2 }, { unknown: [{ b: { y: 1, Y: 2 } }] }, { one: { size: 1, ß: 1, ẞ: 2 } }])(
  '%j has two names that a Go program may take for one',
  (value) => {
    expect(() => checkNames(schema, value)).toThrow(
      /^has the names "\S+" and "\S+".*, which Go programs take/,
    );
  },
);

test('names of a map are data, and what the schema calls unknown is not checked', () => {
  const value = {
    map: { k: { size: 1 }, K: { size: 2 }, size: { size: 3 }, Size: { size: 4 } },
    other: { a: 1, A: 2 },
  };
  expect(() => checkNames(schema, value)).not.toThrow();
  expect(() =>
    checkNames(schema, { list: { Size: 1 }, one: 'x', map: null, constructor: { a: 1 } }),
  ).not.toThrow();
});

test('a schema of a form that is not known to the check is refused rather than passed over', () => {
  expect(() => checkNames(z.union([item, z.string()]), {})).toThrow(TypeError);
});
