import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  highWaterBytes,
  parentOf,
  processorSeconds,
  residentBytes,
} from '../../../scripts/bench/measure/proc.ts';
import { measure, partsOf, timesOf } from '../../../scripts/bench/measure/run.ts';
import { bend, median, ratios, spread } from '../../../scripts/bench/measure/statistics.ts';
import { isChosen, parseOptions } from '../../../scripts/bench/options.ts';
import { checkRootHashes } from '../../../scripts/bench/rounds.ts';
import { testFolder } from '../../helpers/temp.ts';

describe('statistics', () => {
  test('the median is the middle, or between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('the spread has the ends', () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 });
  });

  test('ratios go round by round', () => {
    expect(ratios([1, 6], [2, 3])).toEqual([0.5, 2]);
  });

  test('the bend is 1 for a line, whatever its start, and more for what grows faster', () => {
    const at = (time: (size: number) => number) =>
      bend([1, 10, 100].map((size) => [size, time(size)] as const));
    expect(at((size) => 7 + 3 * size)).toBeCloseTo(1);
    expect(at((size) => size * size)).toBeGreaterThan(5);
    expect(bend([[1, 1]])).toBeNaN();
  });
});

describe('what /proc says', () => {
  test('the parent, behind a name with blanks and parentheses', () => {
    expect(parentOf('42 (a) b (c) S 17 42 42 0 -1')).toBe(17);
  });

  test('processor time is that of user and system, in hundredths of a second', () => {
    expect(processorSeconds('42 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 31 0 0')).toBe(2.81);
    expect(processorSeconds(') ? 0')).toBe(0);
  });

  test('resident memory is the second number, in pages', () => {
    expect(residentBytes('1000 3 2 1 0 5 0\n')).toBe(3 * 4096);
  });

  test('the high-water mark, which a kernel thread has not', () => {
    expect(highWaterBytes('Name:\tnode\nVmPeak:\t9 kB\nVmHWM:\t     2 kB\nVmRSS:\t1 kB\n')).toBe(2048);
    expect(highWaterBytes('Name:\tkthreadd\n')).toBe(0);
  });
});

const folder = testFolder();

describe('a measured command', () => {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  const node = (script: string) => [process.execPath, '--eval', script] as const;
  const busy = 'while (process.cpuUsage().user < 200000);';

  test('that times itself prints its parts, which add up', () => {
    expect(partsOf('0.5 1.25 0.25')).toEqual({ seconds: 2, longest: 1.25 });
  });

  test('has the time that bash prints last, after its own messages', () => {
    expect(timesOf('a message\n1.500 0.250 0.125\n')).toEqual({ seconds: 1.5, processor: 0.375 });
  });

  test('counts the processor time of its children too', async () => {
    const child = `require('child_process').spawnSync(process.execPath, ['--eval', '${busy}'])`;
    const { processor } = await measure({ argv: [...node(child)], env, processorTime: true });
    expect(processor).toBeGreaterThan(0.2);
  });

  test('has the memory of its largest process, which may be a child', async () => {
    const large = `const b = Buffer.alloc(150e6, 1); ${busy}`;
    const child = `require('child_process').spawnSync(process.execPath, ['--eval', '${large}'])`;
    const { ownMemory, treeMemory } = await measure({ argv: [...node(child)], env });
    expect(ownMemory).toBeGreaterThan(150e6);
    expect(treeMemory).toBeGreaterThan(ownMemory);
  });

  test('has the lines that a program wrote for each process', async () => {
    const countFile = join(folder, 'count');
    const script = `require('fs').writeFileSync(${JSON.stringify(countFile)}, '\\n\\n\\n')`;
    expect(await measure({ argv: [...node(script)], env, countFile })).toMatchObject({ processes: 3 });
  });

  test('that fails is an error with the end of its messages', async () => {
    const failing = measure({ argv: [...node('throw new Error("no luck")')], env, processorTime: true });
    await expect(failing).rejects.toThrow('no luck');
  });
});

describe('root hashes of contestants', () => {
  const compare = (shell: Record<string, string>) => () =>
    checkRootHashes(
      'x',
      new Map([
        ['ours', { rootHashes: { a: '1', b: '2' } as Record<string, string> }],
        ['shell', { rootHashes: shell }],
      ]),
    );

  test('may stand in any order but must be the same', () => {
    expect(compare({ b: '2', a: '1' })).not.toThrow();
    expect(compare({ a: '1', b: '3' })).toThrow('x: shell and ours have different root hashes');
    expect(compare({ a: '1' })).toThrow('different');
  });
});

describe('options', () => {
  test('have defaults', () => {
    expect(parseOptions([])).toMatchObject({ only: [], rounds: 5, large: false, out: undefined, seed: 1 });
    expect(parseOptions(['--only', 'a', '--only', 'b', '--rounds', '7', '--large'])).toMatchObject({
      only: ['a', 'b'],
      rounds: 7,
      large: true,
    });
  });

  test.each(['--rounds=0', '--rounds=many', '--fast'])('%s is refused', (argument) => {
    expect(() => parseOptions([argument])).toThrow(argument.slice(0, 6));
  });

  test('choose cases by whole parts of their names', () => {
    const chosen = (part: string) =>
      ['mixed-8/zstd/containerd', 'mixed-8/zstd/containerd-cache', 'start'].map((name) =>
        isChosen(name, [part]),
      );
    expect(chosen('mixed-8')).toEqual([true, true, false]);
    expect(chosen('zstd/containerd')).toEqual([true, false, false]);
    expect(chosen('mixed')).toEqual([false, false, false]);
    expect(isChosen('start', [])).toBe(true);
  });
});
