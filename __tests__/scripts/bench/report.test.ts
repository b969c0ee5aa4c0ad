import { describe, expect, test } from '@jest/globals';
import { type Limit, limitRows } from '../../../scripts/bench/limits.ts';
import { barChart } from '../../../scripts/bench/report/chart.ts';
import { markdownTable } from '../../../scripts/bench/report/table.ts';
import { tables } from '../../../scripts/bench/report/tables.ts';
import { between } from '../../../scripts/bench/report/write.ts';
import { inFlight, type Result, Results } from '../../../scripts/bench/results.ts';

const MB = 1e6;

/** A result whose samples differ in the seconds alone. */
function result(name: string, seconds: Record<string, number[]>, ownMemory = 0, disk = 0): Result {
  const samples = Object.entries(seconds).map(([who, values]) => [
    who,
    values.map((value) => ({ seconds: value, ownMemory, treeMemory: ownMemory + MB, disk })),
  ]);
  return { name, samples: Object.fromEntries(samples), erofsSizes: [100 * MB, 10 * MB, 50 * MB] };
}

function limit(results: Result[], what: string): Limit {
  const found = limitRows(new Results(results), 2).filter((row) => row.what.startsWith(what));
  expect(found).toHaveLength(1);
  return found[0] as Limit;
}

describe('limits', () => {
  test('without a measurement are neither met nor not', () => {
    for (const row of limitRows(new Results([]), 2)) {
      expect(row).toMatchObject({ measured: 'not in this run', met: undefined });
    }
  });

  test('of time compare round by round', () => {
    const run = (ours: number[]) => [
      result('mixed-8/gzip/containerd', { 'verity-sign': ours, 'shell, sequential': [10, 10, 20] }),
    ];
    const what = '8 mixed layers, to the sequential';
    expect(limit(run([6, 5, 12]), what)).toMatchObject({ measured: '0.60 × (0.50–0.60)', met: true });
    expect(limit(run([6.02, 6.02, 12.04]), what)).toMatchObject({ measured: '0.6020 ×', met: false });
    expect(limit(run([7, 5, 14]), what)).toMatchObject({ measured: '0.70 × (0.50–0.70)', met: false });
  });

  test('of small layers leave the start of Node out', () => {
    const run = (seconds: number) => [
      result('start', { node: [0.04] }),
      result('small-20/gzip/containerd', { 'verity-sign': [seconds] }),
    ];
    expect(limit(run(1.24), '20 small layers')).toMatchObject({ measured: '60 ms', met: true });
    expect(limit(run(1.28), '20 small layers')).toMatchObject({ measured: '62 ms', met: false });
  });

  test('of export compare with signing alone', () => {
    const run = (exporting: number) => [
      result('export/mixed-8', { 'verity-sign, native': [2], 'verity-sign, export': [exporting] }),
    ];
    const what = 'Signing 8 mixed layers with export-dir';
    expect(limit(run(2.3), what)).toMatchObject({ limit: '≤ 1.15 ×', measured: '1.15 ×', met: true });
    expect(limit(run(2.5), what).met).toBe(false);
  });

  test('of the hash tree ask for more', () => {
    const run = (ours: number) => [result('tree/one-1GB/4096', { 'hash tree': [ours], veritysetup: [3] })];
    const what = 'Hash tree of 1 GB in blocks of 4096';
    expect(limit(run(2), what)).toMatchObject({ limit: '≥ 1.5 ×', measured: '1.50 ×', met: true });
    expect(limit(run(2.5), what).met).toBe(false);
  });

  test('of memory take the largest layer there is', () => {
    const run = (name: string, memory: number) =>
      result(`one-${name}/gzip/containerd`, { 'verity-sign': [1] }, memory * MB);
    const small = [run('224MB', 200), run('1GB', 220)];
    expect(limit(small, 'The same flat')).toMatchObject({ measured: 'not in this run', met: undefined });
    expect(limit(small, 'Peak memory of the process, layer of 1 GB')).toMatchObject({
      measured: '220 MB, with its children 221 MB',
      met: true,
    });
    const large = [...small, run('4GB', 260)];
    expect(limit(large, 'The same flat: 4 GB')).toMatchObject({ measured: '1.18 ×', met: false });
    expect(limit([...small, run('4GB', 222)], 'The same flat').met).toBe(true);
    expect(limit(large, 'Peak memory of the process, layer of 4 GB').met).toBe(false);
  });

  test('of disk count the largest layers, as many as are in flight', () => {
    expect(inFlight([100, 10, 50], 2)).toBe(150);
    const run = (disk: number) => [result('mixed-8/gzip/containerd', { 'verity-sign': [1] }, 0, disk * MB)];
    expect(limit(run(165), 'Peak disk, 8 mixed')).toMatchObject({ measured: '1.10 ×', met: true });
    expect(limit(run(170), 'Peak disk, 8 mixed').met).toBe(false);
  });

  test('of linear time compare the last stretch with those before', () => {
    const run = (last: number) =>
      (
        [
          ['1MB', 0.1],
          ['224MB', 0.323],
          ['1GB', last],
        ] as const
      ).map(([size, seconds]) => result(`one-${size}/gzip/containerd`, { 'verity-sign': [seconds] }));
    expect(limit(run(1.099), 'Linear time')).toMatchObject({ measured: '1.00 ×', met: true });
    expect(limit(run(2), 'Linear time').met).toBe(false);
  });
});

describe('tables', () => {
  test('are aligned in the source', () => {
    const text = markdownTable({
      title: 'T',
      head: ['What', 'n'],
      rows: [
        ['× longer', '10'],
        ['b', '2.00'],
      ],
    });
    expect(text).toBe(
      '### T\n\n| What     |    n |\n| -------- | ---: |\n| × longer |   10 |\n| b        | 2.00 |',
    );
  });

  test('show what was measured and leave out what was not', () => {
    const run = new Results([
      result('mixed-8/zstd/containerd-cache', { 'verity-sign': [1, 2, 4], 'shell, sequential': [2, 4, 4] }),
    ]);
    const made = tables(run, [['Node', 'v24']], 2);
    expect(made.map(({ title }) => title.split(/[:,]/)[0])).toEqual([
      'Limits',
      'Signing images',
      'Peak memory and disk of signing',
      'Machine and versions',
    ]);
    expect(made[1]?.rows).toEqual([
      [
        '8 mixed layers, zstd, containerd-cache',
        '2.00 (1.00–4.00)',
        '–',
        '–',
        '4.00 (2.00–4.00)',
        '0.50 (0.50–1.00)',
        '–',
        '–',
      ],
    ]);
  });
});

describe('the page', () => {
  const page = 'above\n<!-- bench:begin: made by npm run bench -->\nold\n<!-- bench:end -->\nbelow\n';

  test('changes between the markers alone, again and again', () => {
    const once = between(page, 'new');
    expect(once).toBe(
      'above\n<!-- bench:begin: made by npm run bench -->\n\nnew\n\n<!-- bench:end -->\nbelow\n',
    );
    expect(between(once, 'new')).toBe(once);
  });

  test('without markers is not written to', () => {
    expect(() => between('above\nbelow\n', 'new')).toThrow('bench:begin');
  });
});

describe('the chart', () => {
  const bar = { label: 'a<b', value: 1, least: 0.5, most: 2, text: '1 s', ours: true };
  const svg = barChart('T & U', 'note', [{ title: 'G', bars: [bar, { ...bar, value: 2, ours: false }] }]);

  test('draws lengths in proportion', () => {
    const widths = [...svg.matchAll(/width="([\d.]+)" height="22"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(widths[1]).toBeCloseTo(2 * (widths[0] ?? 0));
  });

  test('escapes text', () => {
    expect(svg).toContain('T &amp; U');
    expect(svg).toContain('a&lt;b');
  });
});
