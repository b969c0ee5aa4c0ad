import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mutantsOf } from '../../../scripts/mutation/mutants.ts';
import { parseOptions } from '../../../scripts/mutation/options.ts';
import { scoresOf } from '../../../scripts/mutation/outcome.ts';
import { partOf, ROOMS } from '../../../scripts/mutation/rooms.ts';
import { inSeededOrder, Schedule, sampleSizes } from '../../../scripts/mutation/sample.ts';

const root = join(import.meta.dirname, '../../..');
const SOURCE = 'f(a === 1, b && c, d > 2);\ng(e ?? 3);\n';

describe('the sample', () => {
  const lines = (source: string, seed: number): string[] =>
    inSeededOrder(mutantsOf('file.ts', source), seed).map(({ context, after }) => `${context} ${after}`);

  test('is the same for the same seed, and another for another', () => {
    expect(lines(SOURCE, 1)).toEqual(lines(SOURCE, 1));
    expect(lines(SOURCE, 1)).not.toEqual(lines(SOURCE, 2));
    expect(lines(SOURCE, 1).sort()).toEqual(lines(SOURCE, 2).sort());
  });

  test('does not change with other lines of the file', () => {
    const longer = lines(`/** New. */\nconst z = h < 4;\n${SOURCE}`, 1).filter(
      (line) => !line.includes('h < 4'),
    );
    expect(longer).toEqual(lines(SOURCE, 1));
  });

  test.each([
    [[5, 5, 5], 6, [2, 2, 2]],
    [[1, 5, 9], 9, [1, 4, 4]],
    [[3, 0, 2], 100, [3, 0, 2]],
  ])('of rooms with %j mutants %i: %j', (available, total, sizes) => {
    expect(sampleSizes(available, total)).toEqual(sizes);
  });
});

describe('the schedule', () => {
  const mutants = mutantsOf('file.ts', SOURCE);
  const queues = [
    { room: 'a', mutants, wanted: 2 },
    { room: 'b', mutants, wanted: 2 },
  ];

  test('takes the rooms in turn', () => {
    const schedule = new Schedule(queues, 60);
    const rooms = Array.from({ length: 5 }, () => schedule.take()?.room);
    expect(rooms).toEqual(['a', 'b', 'a', 'b', undefined]);
    expect(schedule.total).toBe(4);
  });

  test('replaces a mutant by the next one of its room', () => {
    const schedule = new Schedule(queues, 60);
    const task = schedule.take();
    if (task !== undefined) schedule.replace(task);
    const rooms = Array.from({ length: 5 }, () => schedule.take());
    expect(rooms.map((one) => one?.room)).toEqual(['b', 'a', 'b', 'a', undefined]);
    expect(rooms.filter((one) => one?.room === 'a')).not.toContainEqual(task);
  });

  test('ends when the time is up', () => {
    expect(new Schedule(queues, -1).take()).toBeUndefined();
  });
});

test('scores count what was noticed, in each room and in all', () => {
  const [mutant] = mutantsOf('file.ts', SOURCE);
  if (mutant === undefined) throw new TypeError('no mutant');
  const outcome = (room: string, fate: 'killed' | 'timeout' | 'survived') => ({ room, mutant, fate, by: [] });
  expect(scoresOf([outcome('a', 'killed'), outcome('b', 'survived'), outcome('a', 'timeout')])).toEqual([
    { room: 'a', tested: 2, noticed: 2 },
    { room: 'b', tested: 1, noticed: 0 },
    { room: 'all', tested: 3, noticed: 2 },
  ]);
});

describe('options', () => {
  test.each([
    [['--seed', '0'], /--seed 0 is not/],
    [['--sample', 'many'], /--sample many is not/],
    [['--room', 'none'], /--room none is not a room/],
    [['--colour'], /--colour/],
  ])('%j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});

describe.each(ROOMS)('the room $name', (room) => {
  test('names sources and suites that exist', () => {
    const paths = [...room.unit, ...room.parts.flatMap(({ source, suites }) => [source, ...suites])];
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('a file belongs to the first part that holds it', () => {
    for (const part of room.parts) expect(partOf(room, `${part.source}/file.ts`)).toBe(part);
    expect(partOf(room, 'src/errors.ts')).toBeUndefined();
  });
});
