import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { readBer } from '../../../../../src/signatures/x509/asn1/ber.ts';
import { readDer } from '../../../../../src/signatures/x509/asn1/der.ts';
import { encode } from '../../../../../src/signatures/x509/asn1/encode.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const der = (text: string) => Buffer.from(readBer(hex(text)).bytes).toString('hex');

describe('BER as DER', () => {
  test.each([
    ['an indefinite length', '3080 020105 0000', '3003020105'],
    ['indefinite lengths in each other', 'a080 3080 0500 0000 0000', 'a00430020500'],
    ['a length in the long form', '30 8103 020105', '3003020105'],
    ['a length with leading zeros', '04 840000 0001 aa', '0401aa'],
    ['an OCTET STRING in chunks', '2480 0401aa 0402bbcc 0000', '0403aabbcc'],
    ['chunks in chunks', '2480 2404 0402aabb 0401cc 0000', '0403aabbcc'],
    ['no chunk', '2480 0000', '0400'],
    ['a BIT STRING in chunks', '2380 030200aa 030204b0 0000', '030304aab0'],
    ['a BIT STRING without a chunk', '2380 0000', '030100'],
    ['a UTF8String in chunks', '2c07 0c0141 0c024243', '0c03414243'],
    ['a SET in its order', '31 06 020102 020101', '3106020102020101'],
    ['a primitive element that is no DER', '02020005', '02020005'],
  ])('%s', (_what, ber, expected) => {
    expect(der(ber)).toBe(expected);
  });

  test.each([
    ['nothing', '', /ends too early/],
    ['trailing bytes', '0500 00', /1 trailing byte/],
    ['no end of contents', '3080 020105', /ends too early/],
    ['an end in the middle', '3080 020105 00', /ends too early/],
    ['a child longer than its parent', '3003 0405aa', /ends too early/],
    ['a primitive element of indefinite length', '0480 0000', /primitive element of indefinite length/],
    ['chunks of another type', '2480 020105 0000', /chunks of another type/],
    ['unused bits before the last chunk', '2380 030204b0 030200aa 0000', /BIT STRING/],
    ['a high tag number', '3f8101 00', /tag number/],
    ['a length of 127 bytes', '30ff00', /ends too early/],
  ])('refuses %s', (_what, ber, message) => {
    expect(() => readBer(hex(ber))).toThrow(message);
    expect(() => readBer(hex(ber))).toThrow(FormatError);
  });

  test('refuses deep nesting without exhausting the stack', () => {
    expect(() => readBer(Buffer.alloc(40_000, hex('3080')))).toThrow(/nested too deeply/);
  });

  test('refuses more elements than any token has, at once', () => {
    const many = encode(0x30, Buffer.alloc(1024 * 1024, hex('0500')));
    const started = performance.now();
    expect(() => readBer(many)).toThrow(/more than 10000 elements/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('arbitrary bytes are read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readBer(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

/** Trees of elements, each as DER and as some BER. */
const { tree } = fc.letrec<{ tree: { der: Buffer; ber: Buffer } }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(3)).map(([content, chunks]) => ({
      der: encode(0x04, content),
      ber: chunks === 0 ? encode(0x04, content) : inChunks(content, chunks),
    })),
    fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa3), fc.array(tie('tree'), { maxLength: 4 }), fc.nat(2))
      .map(([tag, children, form]) => ({
        der: encode(tag, ...children.map((child) => child.der)),
        ber: written(tag, Buffer.concat(children.map((child) => child.ber)), form),
      })),
  ),
}));

function inChunks(content: Uint8Array, count: number): Buffer {
  const size = Math.max(1, Math.ceil(content.length / count));
  const chunks = [];
  for (let at = 0; at < content.length; at += size)
    chunks.push(encode(0x04, content.subarray(at, at + size)));
  return written(0x24, Buffer.concat(chunks), count % 2);
}

/** With an indefinite length, one of four bytes, or as DER. */
function written(tag: number, content: Buffer, form: number): Buffer {
  if (form === 0) return Buffer.concat([Buffer.of(tag, 0x80), content, Buffer.alloc(2)]);
  if (form > 1) return encode(tag, content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.of(tag, 0x84), length, content]);
}

test('whatever BER an element is written in, the same DER comes out, and DER stays as it is', () => {
  fc.assert(
    fc.property(tree, ({ der: expected, ber }) => {
      expect(Buffer.from(readBer(ber).bytes).equals(expected)).toBe(true);
      expect(Buffer.from(readBer(expected).bytes).equals(expected)).toBe(true);
      expect(Buffer.from(readDer(expected).bytes).equals(expected)).toBe(true);
    }),
    { seed: 11, numRuns: 500 },
  );
});
