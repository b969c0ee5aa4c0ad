import { describe, expect, test } from '@jest/globals';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { readDer } from '../../../../../src/signatures/x509/asn1/der.ts';
import { encode } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { readGeneralizedTime, readTime } from '../../../../../src/signatures/x509/asn1/time.ts';

const utc = (text: string) => readDer(encode(0x17, Buffer.from(text)));
const generalized = (text: string) => readDer(encode(0x18, Buffer.from(text)));

describe('times of certificates', () => {
  test.each([
    [utc('491231235959Z'), '2049-12-31T23:59:59.000Z'],
    [utc('500101000000Z'), '1950-01-01T00:00:00.000Z'],
    [utc('000229120000Z'), '2000-02-29T12:00:00.000Z'],
    [generalized('20500101000000Z'), '2050-01-01T00:00:00.000Z'],
    [generalized('99991231235959Z'), '9999-12-31T23:59:59.000Z'],
    [generalized('00010101000000Z'), '0001-01-01T00:00:00.000Z'],
  ])('%j is %s', (element, expected) => {
    expect(readTime(element, 'a time').toISOString()).toBe(expected);
  });

  test.each([
    ['no seconds', utc('2501010000Z')],
    ['another zone', utc('250101000000+0000')],
    ['no zone', utc('250101000000')],
    ['the 30th of February', utc('250230000000Z')],
    ['the 29th of February 2100', generalized('21000229000000Z')],
    ['hour 24', utc('250101240000Z')],
    ['a leap second', utc('161231235960Z')],
    ['a fraction', generalized('20250101000000.5Z')],
    ['four digits of the year in a UTCTime', utc('20250101000000Z')],
    ['two in a GeneralizedTime', generalized('250101000000Z')],
    ['another type', readDer(encode(0x04, Buffer.from('250101000000Z')))],
    ['letters', utc('25010100000xZ')],
  ])('%s: refused', (_what, element) => {
    expect(() => readTime(element, 'a notBefore')).toThrow(
      /has a notBefore that is not a date and time in UTC/,
    );
    expect(() => readTime(element, 'a notBefore')).toThrow(FormatError);
  });
});

describe('times of timestamps', () => {
  test.each([
    ['20250101000000Z', 0],
    ['20250101000000.5Z', 500],
    ['20250101000000.123456789Z', 123],
    ['20250101000000.999999999Z', 999],
  ])('%s', (text, milliseconds) => {
    expect(+readGeneralizedTime(generalized(text), 'a time') - Date.UTC(2025, 0, 1)).toBe(milliseconds);
  });

  test.each(['20250101000000.Z', '20250101000000.1234567890Z', '20250101000000,5Z', '2025010100Z'])(
    '%s: refused',
    (text) => {
      expect(() => readGeneralizedTime(generalized(text), 'a time')).toThrow(FormatError);
    },
  );

  test('UTCTime is refused', () => {
    expect(() => readGeneralizedTime(utc('250101000000Z'), 'a time')).toThrow(FormatError);
  });
});
