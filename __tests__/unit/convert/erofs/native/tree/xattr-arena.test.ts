import { expect, test } from '@jest/globals';
import type { Xattr } from '../../../../../../src/convert/erofs/native/image/xattrs.ts';
import {
  MAX_XATTR_BYTES,
  XattrArena,
  xattrListSize,
} from '../../../../../../src/convert/erofs/native/tree/xattr-arena.ts';
import { XattrRefs } from '../../../../../../src/convert/erofs/native/tree/xattr-refs.ts';

const MEBIBYTE = 1024 * 1024;

/** The list at an address, as texts. */
function read(arena: XattrArena, address: number | undefined): Xattr[] {
  const refs = new XattrRefs();
  arena.read(address as number, refs);
  return refs.order.map((position) => {
    const page = refs.page(position);
    const text = (start: number, length: number): string => page.toString('latin1', start, start + length);
    return {
      name: text(refs.name(position), refs.nameLength(position)),
      value: text(refs.value(position), refs.valueLength(position)),
    };
  });
}

const xattr = (name: string, value = ''): Xattr => ({ name, value });

test('lists come back as they were added, whatever the lengths', () => {
  const arena = new XattrArena();
  const lengths = [0, 1, 127, 128, 129, 16_383, 16_384, 70_000, MEBIBYTE, 3 * MEBIBYTE];
  const lists = lengths.flatMap((length) => [
    [xattr('user.a', 'v'.repeat(length))],
    [xattr(`${'n'.repeat(length)}\xff`, '\x00\xfe'), xattr('user.b', '=')],
  ]);
  lists.push(Array.from({ length: 200 }, (_, number) => xattr(`user.${number}`, `${number}`)));
  const addresses = lists.map((list) => arena.add(list));
  expect(new Set(addresses).size).toBe(lists.length);
  for (const [at, list] of lists.entries()) expect(read(arena, addresses[at])).toEqual(list);
});

test('lists fill pages without a gap that mixes them', () => {
  const arena = new XattrArena();
  const lists = Array.from({ length: 5000 }, (_, at) => [xattr(`user.${at}`, `${at}`.repeat(200))]);
  const addresses = lists.map((list) => arena.add(list));
  for (const [at, list] of lists.entries()) expect(read(arena, addresses[at])).toEqual(list);
});

test('an empty list has no address', () => {
  expect(new XattrArena().add([])).toBeUndefined();
});

test('a list that equals the one before is stored once, and another one is not', () => {
  const arena = new XattrArena();
  const first = arena.add([xattr('user.a', '1'), xattr('user.b', '2')]);
  expect(arena.add([xattr('user.a', '1'), xattr('user.b', '2')])).toBe(first);
  const others = [
    [xattr('user.a', '1'), xattr('user.b', '3')],
    [xattr('user.b', '2'), xattr('user.a', '1')],
    [xattr('user.a', '1')],
    [xattr('user.a', '1'), xattr('user.b', '2'), xattr('user.b', '2')],
    // The same bytes in a row, cut elsewhere.
    [xattr('user.a1', ''), xattr('user.b', '2')],
  ];
  const seen = new Set([first]);
  for (const list of others) {
    const address = arena.add(list);
    expect(seen.has(address)).toBe(false);
    expect(read(arena, address)).toEqual(list);
    seen.add(address);
  }
});

test('repeats take no memory, and distinct lists are limited', () => {
  const arena = new XattrArena();
  const large = 'v'.repeat(4 * MEBIBYTE);
  const first = arena.add([xattr('user.large', large)]);
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 100; count++) expect(arena.add([xattr('user.large', large)])).toBe(first);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MEBIBYTE);
  const add = (): void => {
    for (let count = 0; count < 20; count++) arena.add([xattr(`user.${count}`, large)]);
  };
  expect(add).toThrow(`extended attributes of more than ${MAX_XATTR_BYTES} bytes`);
});

test('the size of a list counts its texts and their lengths', () => {
  expect(xattrListSize([])).toBe(1);
  expect(xattrListSize([xattr('abc', 'de')])).toBe(1 + 1 + 3 + 1 + 2);
  expect(xattrListSize([xattr('a', 'v'.repeat(128))])).toBe(1 + 1 + 1 + 2 + 128);
});
