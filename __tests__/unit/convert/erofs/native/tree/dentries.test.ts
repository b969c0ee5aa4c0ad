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

test('sorts the entries of a directory by the bytes of their names', () => {
  const dentries = new Dentries();
  const names = ['module-2', 'module-10', 'b', '\xff', 'A', '...', '-', 'a', 'ab'];
  for (const [directory, order] of [names, names.toSorted(), names.toSorted().reverse()].entries()) {
    let first = 0;
    for (const name of order) first = dentries.add(directory, name, 0, first);
    const sorted: string[] = [];
    for (let entry = dentries.sort(first); entry !== 0; entry = dentries.sibling(entry))
      sorted.push(dentries.name(entry));
    expect(sorted).toEqual(names.toSorted());
  }
  expect(dentries.sort(0)).toBe(0);
});

test('does not find a name that is longer than any, whatever follows in memory', () => {
  const dentries = new Dentries();
  const parts = ['a'.repeat(5), ...Array.from({ length: 300 }, () => 'a'.repeat(250))];
  for (const [at, part] of parts.entries()) dentries.add(at, part, 0, 0);
  for (const length of [256, 261, 65_541]) expect(dentries.find(0, 'a'.repeat(length))).toBe(0);
});

// The global object of a test is slow to reach.
const { imul } = Math;

const SHIFTS = [28, 24, 20, 16, 12, 8, 4, 0];

/** The state of FNV-1a after the eight letters of a block, '@' (64) and those after it. */
function step(state: number, block: number): number {
  let hash = state;
  for (let shift = 28; shift >= 0; shift -= 4)
    hash = imul(hash ^ (64 + ((block >>> shift) & 15)), 0x01000193);
  return hash;
}

const letters = (block: number): string =>
  String.fromCharCode(...SHIFTS.map((shift) => 64 + ((block >>> shift) & 15)));

/** Two blocks that lead from one state to the same next one. */
function collision(state: number, slots: Uint32Array): [number, number] {
  slots.fill(0);
  for (let number = 1; ; number++) {
    const block = imul(number, 0x9e3779b1); // another block for each number, and all letters of it
    const next = step(state, block);
    for (let at = next & (slots.length - 1); ; at = (at + 1) & (slots.length - 1)) {
      const other = slots[at] as number;
      if (other === 0) slots[at] = block;
      else if (step(state, other) === next) return [other, block];
      else continue;
      break;
    }
  }
}

/** 2 ^ 6 names of 6 blocks, which all have one hash by FNV-1a from this start. */
function namesOfOneHash(start: number, slots: Uint32Array): string[] {
  let state = imul(start ^ 1, 0x01000193);
  let names = [''];
  for (let round = 0; round < 6; round++) {
    const blocks = collision(state, slots);
    names = names.flatMap((name) => blocks.map((block) => name + letters(block)));
    state = step(state, blocks[0]);
  }
  return names;
}

test('names whose FNV-1a hashes are equal are as fast to find as others, from whatever start', () => {
  // What is equal from one start is equal from each with the same 8 low bits: a start that is secret is
  // guessed by one layer in 256, so all 256 are tried.
  const slots = new Uint32Array(1 << 20);
  for (let low = 0; low < 256; low++) {
    const names = namesOfOneHash((0x811c9d00 | low) >>> 0, slots);
    const dentries = new Dentries();
    let compared = 0;
    const { equals } = dentries.arena;
    dentries.arena.equals = (start, text) => {
      compared += 1;
      return equals.call(dentries.arena, start, text);
    };
    for (const name of names) if (dentries.find(1, name) === 0) dentries.add(1, name, 0, 0);
    expect(names.filter((name) => dentries.find(1, name) === 0)).toEqual([]);
    expect(names.length).toBe(64);
    // Once for each name that is there, and hardly ever for one that is not.
    expect(compared).toBeLessThan(names.length + 10);
  }
});
