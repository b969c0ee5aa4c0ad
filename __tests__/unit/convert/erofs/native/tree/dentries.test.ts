import { expect, test } from '@jest/globals';
import { Dentries, FILE_TYPE } from '../../../../../../src/convert/erofs/native/tree/dentries.ts';

test('finds each of many entries by directory and name', () => {
  const dentries = new Dentries();
  const numbers = new Map<string, number>();
  for (let at = 0; at < 20_000; at++) {
    const [directory, name] = [at % 7, `${Math.floor(at / 7)}`];
    numbers.set(`${directory}/${name}`, dentries.add(directory, name, at, 0));
  }
  for (const [key, number] of numbers) {
    const [directory, name] = key.split('/') as [string, string];
    expect(dentries.find(Number(directory), name)).toBe(number);
    expect([dentries.directory(number), dentries.name(number)]).toEqual([Number(directory), name]);
  }
  expect(dentries.find(7, '1')).toBe(0);
  expect(dentries.find(0, '99999')).toBe(0);
});

test('keeps the fields of an entry apart', () => {
  const dentries = new Dentries();
  const first = dentries.add(1, 'a\xff', 5, 0);
  const second = dentries.add(1, 'n'.repeat(255), 6, first);
  dentries.setType(first, FILE_TYPE.link);
  dentries.setInode(second, 9);
  expect([dentries.inode(first), dentries.type(first), dentries.sibling(first)]).toEqual([5, 7, 0]);
  expect([dentries.inode(second), dentries.type(second), dentries.sibling(second)]).toEqual([9, 0, first]);
  expect([dentries.nameLength(first), dentries.nameLength(second)]).toEqual([2, 255]);
});

test('compares names by their bytes, as memcmp and the length do', () => {
  const dentries = new Dentries();
  const names = ['a', 'ab', 'b', '\xff', 'A', '.', '..', '...', '-', '0', '\x01', 'a\x00'];
  const numbers = names.map((name) => dentries.add(1, name, 0, 0));
  const bytes = names.map((name) => Buffer.from(name, 'latin1'));
  for (const [left, name] of names.entries()) {
    for (const right of names.keys()) {
      const wanted = Buffer.compare(bytes[left] as Buffer, bytes[right] as Buffer);
      const pair = [numbers[left], numbers[right]] as [number, number];
      expect([name, names[right], Math.sign(dentries.compare(...pair))]).toEqual([
        name,
        names[right],
        wanted,
      ]);
      expect(dentries.compareWith(pair[0], names[right] as string)).toBe(wanted);
    }
  }
});

test('names whose usual FNV-1a hashes are equal are as fast to find as others', () => {
  // 2 ^ 13 names of blocks of which two lead to the same state: one bucket for a hash that anybody can compute.
  const prime = 0x01000193;
  const step = (state: number, text: string): number =>
    [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), prime), state);
  let state = step(Math.imul(0x811c9dc5 ^ 1, prime), '');
  let names = [''];
  for (let round = 0; round < 13; round++) {
    const seen = new Map<number, string>();
    for (let number = 0; ; number++) {
      const block = number.toString(36).padStart(5, '0');
      const next = step(state, block);
      const other = seen.get(next);
      seen.set(next, block);
      if (other === undefined) continue;
      names = names.flatMap((name) => [name + other, name + block]);
      state = next;
      break;
    }
  }
  const dentries = new Dentries();
  let compared = 0;
  const { equals } = dentries.arena;
  dentries.arena.equals = (start, text) => {
    compared += 1;
    return equals.call(dentries.arena, start, text);
  };
  for (const name of names) if (dentries.find(1, name) === 0) dentries.add(1, name, 0, 0);
  for (const name of names) expect(dentries.find(1, name)).toBeGreaterThan(0);
  expect(names.length).toBe(8192);
  // Once for each name that is there, and hardly ever for one that is not.
  expect(compared).toBeLessThan(names.length + 10);
});
