import { describe, expect, test } from '@jest/globals';
import { FormatError } from '../../../../src/formats/format-error.ts';
import { encode, encodeOid } from '../../../../src/signatures/x509/asn1/encode.ts';
import { readName } from '../../../../src/signatures/x509/name.ts';
import { sequence } from '../../../helpers/der-pki.ts';

const CN = encodeOid('2.5.4.3');
const attribute = (value: Uint8Array) => sequence(CN, value);
const nameOf = (...values: Uint8Array[]) =>
  sequence(...values.map((value) => encode(0x31, attribute(value))));
const text = (tag: number, bytes: string | number[]) => encode(tag, Buffer.from(bytes as string));

test.each<[string, Buffer, string]>([
  ['UTF8String', text(0x0c, 'Łódź'), 'Łódź'],
  ['UTF8String with a mark', text(0x0c, '\u{feff}a'), '\u{feff}a'],
  ['NumericString', text(0x12, '1 2'), '1 2'],
  ['PrintableString', text(0x13, 'a'), 'a'],
  ['T61String', text(0x14, [0xf6]), 'ö'],
  ['IA5String', text(0x16, 'a@b'), 'a@b'],
  ['UniversalString', text(0x1c, [0, 1, 0xf5, 0x0f]), '🔏'],
  ['BMPString', text(0x1e, [1, 0x42]), 'ł'],
  ['an empty string', text(0x0c, ''), ''],
])('%s', (_what, value, expected) => {
  expect(readName(nameOf(value))).toEqual([{ type: '2.5.4.3', value: expected }]);
});

test('attributes of one RDN and of several come in their order', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((one) => attribute(text(0x0c, one)));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no attributes');
  const name = sequence(encode(0x31, a, b), encode(0x31, c));
  expect(readName(name).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  expect(readName(sequence())).toEqual([]);
});

describe('refused', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['a SET', encode(0x31), /name that is not a SEQUENCE/],
    ['an RDN that is a SEQUENCE', sequence(sequence()), /not made of SETs/],
    ['an attribute without a value', sequence(encode(0x31, sequence(CN))), /2\.5\.4\.3 is not text/],
    [
      'an attribute with two',
      sequence(encode(0x31, sequence(CN, text(0x0c, 'a'), text(0x0c, 'b')))),
      /more fields/,
    ],
    ['a number', nameOf(encode(0x02, Uint8Array.of(1))), /is not text/],
    ['no UTF-8', nameOf(text(0x0c, [0xff])), /is not text/],
    ['half a BMP character', nameOf(text(0x1e, [1])), /is not text/],
    ['a character beyond Unicode', nameOf(text(0x1c, [0, 0x11, 0, 0])), /is not text/],
  ])('%s', (_what, der, message) => {
    expect(() => readName(der)).toThrow(message);
    expect(() => readName(der)).toThrow(FormatError);
  });
});
