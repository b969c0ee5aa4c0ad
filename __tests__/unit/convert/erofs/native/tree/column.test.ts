import { expect, test } from '@jest/globals';
import { Column } from '../../../../../../src/convert/erofs/native/tree/column.ts';

test('keeps 32 bits for each record, and 0 where nothing was set', () => {
  const column = new Column();
  const values = new Map([
    [0, 1],
    [4095, 2],
    [4096, 3],
    [100_000, 0xffffffff],
    [99_999, 0],
    [5, -1],
    [6, 2 ** 40 + 7],
  ]);
  for (const [record, value] of values) column.set(record, value);
  for (const [record, value] of values) expect([record, column.get(record)]).toEqual([record, value >>> 0]);
  for (const record of [1, 4094, 8192, 99_998, 1e6]) expect(column.get(record)).toBe(0);
  column.set(4096, 0);
  expect([column.get(4096), column.get(4095)]).toEqual([0, 2]);
});
