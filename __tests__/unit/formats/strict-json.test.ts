import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { FormatError } from '../../../src/formats/format-error.ts';
import { MAX_METADATA_SIZE, parseMetadata, parseMetadataAndRaw } from '../../../src/formats/metadata.ts';
import { openObject, parseStrictJson } from '../../../src/formats/strict-json.ts';

const any = z.unknown();
const strict = (text: string, schema: z.ZodType = any) =>
  parseStrictJson(schema, Buffer.from(text), 'a list');
const imageError = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'image',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

test('both readers give what JSON.parse gives', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const expected = JSON.parse(text);
      expect(strict(text)).toEqual(expected);
      expect(parseMetadata(any, Buffer.from(text), 'the list')).toEqual(expected);
    }),
    { numRuns: 500, seed: 20260101 },
  );
});

test.each([
  ['nothing', '', 'has a list that is not valid JSON'],
  ['a text that ends early', '{"a":', 'has a list that is not valid JSON'],
  ['a byte order mark', '\ufeff{}', 'has a list that is not valid JSON'],
  ['a name twice', '{"a":1,"a":1}', 'has a list that has a name that occurs twice'],
  ['a name twice, once escaped', '{"a":1,"\\u0061":1}', 'has a list that has a name that occurs twice'],
  ['a name twice, deep inside', '[{"b":{"a":1,"a":2}}]', 'has a list that has a name that occurs twice'],
])('the strict reader refuses %s', (_what, text, message) => {
  expect(() => strict(text)).toThrow(expect.objectContaining({ constructor: FormatError, message }));
});

test('invalid UTF-8 is refused by both', () => {
  const bytes = Buffer.from([0x22, 0xff, 0x22]);
  expect(() => parseStrictJson(any, bytes, 'a list')).toThrow(FormatError);
  expect(() => parseMetadata(any, bytes, 'the list')).toThrow(imageError('the list is not valid JSON'));
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
  const schema = openObject({ sign: z.number().optional(), kind: z.number().optional() });
  expect(strict('{"sign":1,"other":2}', schema)).toEqual({ sign: 1, other: 2 });
  // The long s and the Kelvin sign fold to s and k in encoding/json.
  for (const name of ['Sign', 'SIGN', '\u017fign', '\u212aind']) {
    expect(() => strict(JSON.stringify({ [name]: 1 }), schema)).toThrow(/upper and lower case/);
  }
});
