import { expect, test } from '@jest/globals';
import { XattrRefs } from '../../../../../../src/convert/erofs/native/tree/xattr-refs.ts';
import { random as randomFrom } from '../../../../../helpers/random.ts';

/** Names and values, each pair in a buffer of its own, with other bytes around them. */
function refsOf(pairs: readonly (readonly [string, string])[]): XattrRefs {
  const refs = new XattrRefs();
  for (const [name, value] of pairs) {
    const page = Buffer.from(`zz${name}zzz${value}z`, 'latin1');
    refs.add(page, 2, name.length, 2 + name.length + 3, value.length);
  }
  return refs;
}

/** What `memcmp` and the length say about name, NUL and value. [erofs-utils, lib/xattr.c] */
function expected(pairs: readonly (readonly [string, string])[]): number[] {
  const key = (at: number): Buffer => Buffer.from(pairs[at]?.join('\0') ?? '', 'latin1');
  return pairs.map((_, at) => at).sort((left, right) => Buffer.compare(key(left), key(right)));
}

test.each<[string, [string, string][]]>([
  [
    'by name',
    [
      ['user.b', ''],
      ['user.a', ''],
      ['user.\xff', ''],
      ['user.A', ''],
    ],
  ],
  [
    'a shorter name first, whatever its value',
    [
      ['user.ab', '\x00'],
      ['user.a', '\xff'],
      ['user.', 'z'],
    ],
  ],
  [
    'by value for equal names',
    [
      ['a', '\xff'],
      ['a', '\x00'],
      ['a', ''],
      ['a', '\x00\x00'],
      ['a', 'b'],
    ],
  ],
  [
    'equal ones in the order of addition',
    [
      ['b', '1'],
      ['a', '1'],
      ['b', '1'],
      ['a', '1'],
    ],
  ],
  [
    'bytes are unsigned',
    [
      ['a', '\x80'],
      ['a', '\x7f'],
    ],
  ],
])('sorts %s', (_what, pairs) => {
  const refs = refsOf(pairs);
  refs.sort();
  expect(refs.order).toEqual(expected(pairs));
});

test('sorts random pairs as their bytes say', () => {
  const random = randomFrom(76);
  for (let round = 0; round < 200; round++) {
    const text = (): string =>
      Array.from({ length: random(4) }, () => String.fromCharCode(1 + random(3))).join('');
    const pairs = Array.from({ length: 1 + random(20) }, () => [text(), text()] as [string, string]);
    const refs = refsOf(pairs);
    refs.sort();
    expect(refs.order).toEqual(expected(pairs));
  }
});
