import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { childrenOf, readDer } from '../../../../../src/signatures/x509/asn1/der.ts';
import { encode } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { oidOf, smallIntegerOf } from '../../../../../src/signatures/x509/asn1/values.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('readDer', () => {
  test('reads a SEQUENCE and keeps the original bytes', () => {
    const element = readDer(hex('30 06 02 01 05 04 01 aa'));
    const [integer, octets] = childrenOf(element);
    expect(integer === undefined ? undefined : smallIntegerOf(integer)).toBe(5);
    expect(Buffer.from(octets?.bytes ?? []).toString('hex')).toBe('0401aa');
  });

  test.each([
    ['trailing bytes', '05 00 00', /1 trailing byte/],
    ['indefinite length', '30 80 05 00 00 00', /indefinite length/],
    ['length padded to the long form', '04 81 01 aa', /not minimal/],
    ['length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`, /not minimal/],
    ['length of five bytes', '04 85 00 00 00 00 01 aa', /more than four/],
    ['end of input in the header', '30', /ends too early/],
    ['end of input in a long length', '30 82 01', /ends too early/],
    ['end of input in the content', '30 05 02 01', /ends too early/],
    ['child longer than its parent', '30 03 04 05 aa', /ends too early/],
    ['empty input', '', /ends too early/],
    ['high tag number', '1f 81 01 00', /tag number/],
    ['constructed OCTET STRING', '24 03 04 01 aa', /form that DER does not have/],
    ['primitive SEQUENCE', '10 00', /form that DER does not have/],
    ['padded INTEGER', '02 02 00 05', /not minimal/],
    ['padded negative INTEGER', '02 02 ff 85', /not minimal/],
    ['empty INTEGER', '02 00', /not minimal/],
    ['BOOLEAN other than 00 and ff', '01 01 01', /BOOLEAN/],
    ['NULL with content', '05 01 00', /NULL/],
    ['padded object identifier', '06 03 2a 80 01', /not minimal/],
    ['unfinished object identifier', '06 02 2a 86', /invalid object identifier/],
    ['BIT STRING with 8 unused bits', '03 02 08 00', /BIT STRING/],
    ['end-of-contents', '30 02 00 00', /end-of-contents/],
  ])('refuses %s', (_name, input, reason) => {
    expect(() => readDer(hex(input))).toThrow(reason);
    expect(() => readDer(hex(input))).toThrow(FormatError);
  });

  test('refuses deep nesting without exhausting the stack', () => {
    let bytes: Uint8Array = hex('0500');
    for (let depth = 0; depth < 60; depth++) {
      const length = bytes.length;
      const header = length < 128 ? [0x30, length] : [0x30, 0x81, length];
      bytes = Buffer.concat([Buffer.from(header), bytes]);
    }
    expect(() => readDer(bytes)).toThrow(/nested too deeply/);
  });

  test('a list of a thousand elements is read, one of more is refused', () => {
    const list = (count: number) => readDer(encode(0x30, Buffer.alloc(2 * count, hex('0500'))));
    expect(childrenOf(list(1000))).toHaveLength(1000);
    expect(() => childrenOf(list(1001))).toThrow(/more than 1000 elements/);
  });

  test('arbitrary bytes are read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readDer(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

test.each([
  ['06 09 2a 86 48 86 f7 0d 01 07 02', '1.2.840.113549.1.7.2'],
  ['06 03 55 1d 0f', '2.5.29.15'],
  ['06 02 88 37', '2.999'],
  ['06 01 00', '0.0'],
  [
    '06 14 69 83 f0 9d a7 eb cf de e0 c7 a1 a7 b2 c0 94 8c c8 f9 d7 76',
    '2.25.329800735698586629295641978511506172918',
  ],
])('oidOf %s is %s', (bytes, dotted) => {
  expect(oidOf(readDer(hex(bytes)))).toBe(dotted);
});
