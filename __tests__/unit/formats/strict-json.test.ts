import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { FormatError } from '../../../src/formats/format-error.ts';
import { MAX_METADATA_SIZE, parseMetadata, parseMetadataAndRaw } from '../../../src/formats/metadata.ts';
import { parseStrictJson } from '../../../src/formats/strict-json.ts';

const any = z.unknown();
const strict = (text: string, schema: z.ZodType = any) =>
  parseStrictJson(schema, Buffer.from(text), 'a list');
const imageError = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'image',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

/** Any JSON without fractions and without the name that is refused. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__'),
      tie('value'),
    ),
  ),
})).value;

test('both readers give what JSON.parse gives', () => {
  fc.assert(
    fc.property(values, fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!text.includes('-0'));
      expect(strict(text)).toEqual(JSON.parse(text));
      expect(parseMetadata(any, Buffer.from(text), 'the list')).toEqual(JSON.parse(text));
    }),
    { numRuns: 500, seed: 20260101 },
  );
});

test.each([
  ['nothing', '', 'has a list that is not valid JSON'],
  ['a text that ends early', '{"a":', 'has a list that is not valid JSON'],
  ['a byte order mark', '\ufeff{}', 'has a list that is not valid JSON: it begins with a byte order mark'],
  ['a second text', '{}{}', 'has a list that is not valid JSON'],
  ['a name twice', '{"a":1,"a":1}', 'has a list that has the name "a" twice'],
])('the strict reader refuses %s', (_what, text, message) => {
  expect(() => strict(text)).toThrow(expect.objectContaining({ constructor: FormatError, message }));
});

test('invalid UTF-8 is refused by both', () => {
  const bytes = Buffer.from([0x22, 0xff, 0x22]);
  expect(() => parseStrictJson(any, bytes, 'a list')).toThrow(FormatError);
  expect(() => parseMetadata(any, bytes, 'the list')).toThrow(
    imageError('the list is not valid JSON: it is not UTF-8'),
  );
});

test('what programs read differently comes with a remedy', () => {
  expect(() => parseMetadata(any, Buffer.from('[{"a":1,"a":2}]'), 'the list')).toThrow(
    expect.objectContaining({
      code: 'image',
      message: 'the list has the name "a" twice at 0',
      remedy: expect.stringMatching(/^Programs understand this document differently/),
    }),
  );
});

test('a violation of the schema is named with its path', () => {
  const schema = z.object({ a: z.array(z.string()) });
  expect(() => strict('{"a":["x",1]}', schema)).toThrow(/^has a list that is malformed at a\.1: /);
  expect(() => parseMetadata(schema, Buffer.from('{"a":["x",1]}'), 'the list')).toThrow(
    imageError(/^the list is malformed at a\.1: /),
  );
  expect(() => parseMetadata(schema, Buffer.from('1'), 'the list')).toThrow(
    imageError(/^the list is malformed: /),
  );
});

test('image documents have a limit, and keep what the schema lacks', () => {
  const big = Buffer.alloc(MAX_METADATA_SIZE + 1, ' ');
  expect(() => parseMetadata(any, big, 'the list')).toThrow(
    imageError('the list has 4194305 bytes, the limit is 4194304'),
  );
  const text = '{"a":"b","z":{"y":null}}';
  expect(parseMetadataAndRaw(z.object({ a: z.string() }), Buffer.from(text), 'the list')).toEqual({
    parsed: { a: 'b' },
    raw: { a: 'b', z: { y: null } },
  });
});

test('an open object keeps unknown names, but none that Go would take for a known one', () => {
  const schema = z.looseObject({ sign: z.number().optional(), kind: z.number().optional() });
  expect(strict('{"sign":1,"other":2}', schema)).toEqual({ sign: 1, other: 2 });
  // The long s and the Kelvin sign fold to s and k in encoding/json.
  for (const name of ['Sign', 'SIGN', '\u017fign', '\u212aind']) {
    expect(() => strict(JSON.stringify({ [name]: 1 }), schema)).toThrow(
      /, which Go programs read as "(sign|kind)"$/,
    );
  }
});
