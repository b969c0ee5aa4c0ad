import { describe, expect, test } from '@jest/globals';
import { number, Offset, octal, scanDecimal, toInt, toUint } from '../../../../src/convert/tar/numbers.ts';

const field = (text: string): Buffer => Buffer.from(text.padEnd(12, '\0'), 'latin1');

describe('octal', () => {
  test.each([
    ['00000644\0', 0o644],
    ['644 ', 0o644],
    ['\t\n  17\0', 0o17],
    ['-17\0', -0o17],
    ['+17\0', 0o17],
    ['777777777777', 0o777777777777],
    [' '.repeat(12), 0],
    ['            '.slice(1), 0],
    [' x', 0],
  ])('%j is %d', (text, value) => {
    expect(octal(field(text), 0, 12)).toBe(value);
  });

  test.each([[''], ['x'], ['-'], ['8'], ['17x'], ['17-'], ['\t']])('%j is not a number', (text) => {
    expect(octal(field(text), 0, 12)).toBeUndefined();
  });

  test('no byte behind the field is read', () => {
    expect(octal(Buffer.from('0000017777'), 0, 7)).toBe(0o17);
    expect(octal(Buffer.from('       7'), 0, 7)).toBe(0);
  });
});

describe('base 256', () => {
  const bytes = (...last: number[]): Buffer =>
    Buffer.from([0x80, ...new Array<number>(11 - last.length).fill(0), ...last]);

  test('a safe integer is a number, any other a bigint', () => {
    expect(number(bytes(1, 0), 0, 12)).toBe(256);
    expect(number(bytes(0x1f, 255, 255, 255, 255, 255, 255), 0, 12)).toBe(Number.MAX_SAFE_INTEGER);
    expect(number(bytes(0x20, 0, 0, 0, 0, 0, 1), 0, 12)).toBe(2n ** 53n + 1n);
    expect(number(Buffer.alloc(12, 0xff), 0, 12)).toBe(-1);
  });
});

describe('decimal', () => {
  test.each([
    [' 17 x', 17, 4],
    ['-17', -17, 3],
    ['-0', 0, 2],
    ['+5\n', 5, 3],
    ['000000000000000000000012', 12, 24],
    ['9007199254740991', Number.MAX_SAFE_INTEGER, 16],
    ['9007199254740993', 9007199254740993n, 16],
    ['99999999999999999999', 2n ** 63n - 1n, 20],
    ['-99999999999999999999', -(2n ** 63n), 21],
    ['9223372036854775807', 2n ** 63n - 1n, 19],
    ['-9223372036854775809', -(2n ** 63n), 20],
    [`-${'0'.repeat(30)}`, 0, 31],
    [`${'0'.repeat(30)}9223372036854775808`, 2n ** 63n - 1n, 49],
  ])('%j is %p', (text, value, end) => {
    expect(scanDecimal(text, 0)).toEqual({ value, end });
  });

  test.each([[''], ['x'], ['+'], ['- 1'], ['--1']])('%j is not a number', (text) => {
    expect(scanDecimal(text, 0)).toBeUndefined();
  });
});

test('the low 32 bits are the same of a number and of a bigint', () => {
  for (const value of [0, -1, 2 ** 31, 2 ** 32 + 5, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER]) {
    expect(toInt(value)).toBe(Number(BigInt.asIntN(32, BigInt(value))));
    expect(toUint(value)).toBe(Number(BigInt.asUintN(32, BigInt(value))));
    expect(toInt(BigInt(value))).toBe(toInt(value));
    expect(toUint(BigInt(value))).toBe(toUint(value));
  }
});

describe('an offset', () => {
  test('is exact for any sequence of sizes', () => {
    const sizes = [512, 1, 511, Number.MAX_SAFE_INTEGER, 3, 2n ** 63n - 1n, 700, 2n ** 63n - 1n, 2 ** 52, 1];
    const offset = new Offset(512);
    let sum = 0n;
    for (const size of sizes) {
      offset.add(size);
      sum += BigInt(size);
      expect(offset.value).toBe(sum);
      expect(offset.nearest).toBe(Number(sum));
      expect(offset.padding).toBe(Number((512n - (sum % 512n)) % 512n));
    }
  });
});
