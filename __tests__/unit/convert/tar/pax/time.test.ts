import { expect, test } from '@jest/globals';
import { scanOldTime, scanTime } from '../../../../../src/convert/tar/pax/time.ts';

test.each([
  ['17', 17, 0],
  ['17.5', 17, 500_000_000],
  ['17.000000001', 17, 1],
  ['17.0123456789999', 17, 12_345_678],
  ['-17.25', -18, 750_000_000],
  ['-0.25', -1, 750_000_000],
  ['-17.0', -17, 0],
  ['99999999999999999999', 2n ** 63n - 1n, 0],
  ['-9007199254740991.5', -(2n ** 53n), 500_000_000],
])('%j', (text, seconds, nanoseconds) => {
  expect(scanTime(text)).toEqual({ seconds, nanoseconds });
});

test.each([
  [''],
  ['.5'],
  ['17.'],
  ['17.5x'],
  ['17.5 '],
  ['17.-5'],
  ['17,5'],
  ['17x'],
  ['-99999999999999999999.5'],
])('%j is not a time', (text) => {
  expect(scanTime(text)).toBeUndefined();
});

test('up to 1.9.1 the digits of a fraction are a number', () => {
  expect(scanOldTime('17.5')).toEqual({ seconds: 17, nanoseconds: 5 });
  expect(scanOldTime('17.-1')).toEqual({ seconds: 17, nanoseconds: 0xffffffff });
  expect(scanOldTime('17x')).toEqual({ seconds: 17, nanoseconds: 0 });
  expect(scanOldTime('17.x')).toBeUndefined();
});
