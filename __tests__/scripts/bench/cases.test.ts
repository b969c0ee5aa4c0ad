import { describe, expect, test } from '@jest/globals';
import { cases } from '../../../scripts/bench/cases/all.ts';
import { limitRows } from '../../../scripts/bench/limits.ts';
import { overview } from '../../../scripts/bench/report/overview.ts';
import { tables } from '../../../scripts/bench/report/tables.ts';
import { type Result, Results } from '../../../scripts/bench/results.ts';

const names = cases(true).map(({ name }) => name);

/** Notes which cases are looked up. */
class Watched extends Results {
  readonly seen = new Set<string>();

  override get(name: string): Result | undefined {
    this.seen.add(name);
    return super.get(name);
  }
}

describe('the cases', () => {
  test('have names of their own', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test('are all that limits, tables and the chart look up', () => {
    const results = new Watched([]);
    limitRows(results, 2);
    tables(results, [], 2);
    overview(results, [], 2);
    expect(results.seen.size).toBeGreaterThan(15);
    expect([...results.seen].filter((name) => !names.includes(name))).toEqual([]);
  });

  test('without 4 GB differ by that image only', () => {
    const small = cases(false).map(({ name }) => name);
    expect(names.filter((name) => !small.includes(name))).toEqual(['one-4GB/gzip/containerd']);
  });

  test('that other rows are made from run always', () => {
    const always = cases(false).filter((one) => one.always === true);
    expect(always.map(({ name }) => name)).toEqual(['start', 'hashing']);
  });
});
