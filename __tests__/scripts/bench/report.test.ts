import { describe, expect, test } from '@jest/globals';
import { rowFloor } from '../../../scripts/bench/floors/row.ts';
import { type Limit, limitRows } from '../../../scripts/bench/limits.ts';
import { barChart } from '../../../scripts/bench/report/chart.ts';
import { overview } from '../../../scripts/bench/report/overview.ts';
import { markdownTable } from '../../../scripts/bench/report/table.ts';
import { tables } from '../../../scripts/bench/report/tables.ts';
import { between } from '../../../scripts/bench/report/write.ts';
import { inFlight, type Result, Results } from '../../../scripts/bench/results.ts';

const MB = 1e6;

/** A result whose samples differ in the seconds alone. */
function result(name: string, seconds: Record<string, number[]>, ownMemory = 0, disk = 0): Result {
  const samples = Object.entries(seconds).map(([who, values]) => [
    who,
    values.map((value) => ({ seconds: value, longest: value, ownMemory, treeMemory: ownMemory + MB, disk })),
  ]);
  const sizes = [100 * MB, 10 * MB, 50 * MB];
  const layers = sizes.map((tar) => ({ blob: tar / 2, tar }));
  return { name, samples: Object.fromEntries(samples), layers, erofsSizes: sizes };
}

/** Seconds of processor time instead. */
function processor(name: string, times: Record<string, number[]>, treeMemory = 0): Result {
  const samples = Object.entries(times).map(([who, values]) => [
    who,
    values.map((value) => ({ seconds: 0, processor: value, ownMemory: 0, treeMemory, disk: 0 })),
  ]);
  return { name, samples: Object.fromEntries(samples), layers: [], erofsSizes: [] };
}

/** Rates of 1, 0.5 and 0.25 GB per second. */
const HASHED = result('hashing', {
  'SHA-256 of a stream': [1],
  'SHA-256 of salted blocks of 4096': [2],
  'SHA-256 of salted blocks of 512': [4],
});

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
    const what = '8 mixed layers, gzip, relative to the sequential';
    expect(limit(run([5, 4, 10]), what)).toMatchObject({ measured: '0.50 × (0.40–0.50)', met: true });
    expect(limit(run([5.02, 5.02, 10.04]), what)).toMatchObject({ measured: '0.5020 ×', met: false });
    expect(limit(run([7, 5, 14]), what)).toMatchObject({ measured: '0.70 × (0.50–0.70)', met: false });
  });

  test('are those of the pipeline that checks digests, whatever others are faster', () => {
    const run = [
      result('small-20/zstd/containerd', {
        'verity-sign': [0.9],
        'shell, parallel': [1],
        'shell without digests, parallel': [0.5],
      }),
    ];
    expect(limit(run, '20 small layers, zstd')).toMatchObject({ measured: '0.90 ×', met: true });
  });

  test('of the floor need all of its parts', () => {
    const layer = result('one-224MB/gzip/containerd', {
      'verity-sign': [0.5],
      'decompression, Node, 64 KiB': [0.6],
      'decompression, Node, 1024 KiB': [0.4],
    });
    const start = result('start', { 'node -e 0': [0.1] });
    const what = 'One layer of 224 MB, gzip, relative to its floor';
    expect(limit([layer, start], what).met).toBeUndefined();
    expect(limit([layer, start, HASHED], what)).toMatchObject({ limit: '≤ 1.25 ×', measured: '0.86 ×' });
  });

  test('of entries compare processor time', () => {
    const same = 'mkfs.erofs, veritysetup and openssl';
    const run = [
      processor('entries/200000', { 'verity-sign root-hash': [2.4], 'mkfs.erofs': [1.6], [same]: [2] }),
    ];
    const what = '200,000 entries, processor time relative to';
    expect(limit(run, `${what} ${same}`)).toMatchObject({ measured: '1.20 ×', met: true });
    expect(limit(run, `${what} mkfs.erofs alone`)).toMatchObject({ measured: '1.50 ×', met: false });
    const million = [processor('entries/1000000', { 'verity-sign root-hash': [9] }, 251 * MB)];
    expect(limit(million, '1,000,000 entries')).toMatchObject({ measured: '251 MB', met: false });
  });

  test('of the start compare time with Node, and count processor time of a signature', () => {
    const run = [result('start', { 'node -e 0': [0.03], 'verity-sign --help': [0.048] })];
    expect(limit(run, '`--help`')).toMatchObject({ measured: '1.60 ×', met: true });
    const tiny = [processor('start', { 'verity-sign sign, one layer of 1 MB': [0.26] })];
    expect(limit(tiny, 'Signing one layer of 1 MB')).toMatchObject({ measured: '0.26 s', met: false });
  });

  test('of the layer cache ask for twice the speed', () => {
    const run = (theirs: number) => [
      result('cache/mixed-8', {
        'verity-sign, export-dir': [2],
        'ctr images build-erofs-cache': [theirs],
      }),
    ];
    const what = '8 mixed layers, signed and exported';
    expect(limit(run(4), what)).toMatchObject({ limit: '≥ 2 ×', measured: '2.00 ×', met: true });
    expect(limit(run(3.9), what).met).toBe(false);
  });

  test('of export compare with signing alone', () => {
    const run = (exporting: number) => [
      result('export/mixed-8', { 'verity-sign': [2], 'verity-sign, export-dir': [exporting] }),
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

  test('of memory take the largest image there is, with all processes', () => {
    const run = (name: string, memory: number) =>
      result(`one-${name}/gzip/containerd`, { 'verity-sign': [1] }, memory * MB);
    const small = [run('224MB', 200), run('1GB', 220)];
    expect(limit(small, 'The same, 4 GB')).toMatchObject({ measured: 'not in this run', met: undefined });
    expect(limit(small, 'Peak memory of all processes')).toMatchObject({ measured: '221 MB', met: true });
    const large = [...small, run('4GB', 260)];
    expect(limit(large, 'The same, 4 GB')).toMatchObject({ measured: '1.18 ×', met: false });
    expect(limit([...small, run('4GB', 222)], 'The same, 4 GB').met).toBe(true);
    expect(limit(large, 'Peak memory of all processes').met).toBe(false);
  });

  test('of disk: none with the native builder, the layers in flight with mkfs', () => {
    expect(inFlight([100, 10, 50], 2)).toBe(150);
    const run = (who: string, disk: number) => [
      result('mixed-8/gzip/containerd', { [who]: [1] }, 0, disk * MB),
    ];
    const mkfs = 'Peak disk, 8 mixed layers, builder mkfs';
    expect(limit(run('verity-sign, mkfs', 165), mkfs)).toMatchObject({ measured: '1.10 ×', met: true });
    expect(limit(run('verity-sign, mkfs', 170), mkfs).met).toBe(false);
    expect(limit(run('verity-sign', 0), 'Peak disk of signing').met).toBe(true);
    expect(limit(run('verity-sign', 2), 'Peak disk of signing').met).toBe(false);
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

describe('the floor of an image', () => {
  const floorOf = (form: string, decompression: Record<string, number[]>, cores: number, profile = '') => {
    const first = result(`mixed-8/${form}/containerd`, { 'verity-sign': [1], ...decompression });
    for (const samples of Object.values(first.samples))
      for (const sample of samples) sample.longest = sample.seconds / 2;
    const image = result(`mixed-8/${form}/containerd${profile}`, { 'verity-sign': [1] });
    const start = result('start', { 'node -e 0': [0.1] });
    return rowFloor(new Results([first, image, start, HASHED]), image.name, cores);
  };
  const inflated = { 'decompression, Node, 64 KiB': [0.9], 'decompression, gzip or zstd': [0.4] };

  test('is the longest part of one layer where cores are many', () => {
    const floor = floorOf('gzip', inflated, 100);
    // 162 MB: images in salted blocks at 0.5 GB/s; the largest has 100 MB.
    expect(floor).toMatchObject({ start: 0.1, decompression: 0.4, blobs: 0.08, tars: 0.16 });
    expect(floor.images).toBeCloseTo(0.32 * (4128 / 4096));
    expect(floor.longest).toBeCloseTo(0.2 * (4128 / 4096));
    expect(floor.seconds).toBeCloseTo(0.1 + floor.longest);
  });

  test('is the sum of the parts where cores are few', () => {
    const { seconds, decompression, blobs, tars, images } = floorOf('gzip', inflated, 1);
    expect(seconds).toBeCloseTo(0.1 + decompression + blobs + tars + images);
    expect(floorOf('gzip', inflated, 2).seconds).toBeCloseTo(0.1 + (seconds - 0.1) / 2);
  });

  test('of plain layers is one digest and the image, of a tar index smaller blocks', () => {
    expect(floorOf('plain', {}, 2)).toMatchObject({ decompression: 0, blobs: 0, tars: 0.16 });
    expect(floorOf('gzip', inflated, 2, '-tar-index').images).toBeCloseTo(0.64 * (544 / 512));
  });

  test('is unknown without a measured decompression', () => {
    expect(floorOf('zstd', {}, 2).seconds).toBeNaN();
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
      result('mixed-8/zstd/containerd-cache', {
        'verity-sign': [1, 2, 4],
        'shell, sequential': [2, 4, 4],
        'shell without digests, sequential': [2, 2, 2],
        'shell without digests, parallel': [1, 1, 1],
      }),
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
        'shell',
        '4.00',
        '0.50 (0.50–1.00)',
        '–',
        '–',
      ],
      ['', '', '', 'shell without digests', '2.00', '1.00 (0.50–2.00)', '1.00', '2.00 (1.00–4.00)'],
    ]);
  });

  test('of other commands count processes per layer, and compare with signing and the floor', () => {
    const registry = result('registry/mixed-8', { 'sign in a registry': [3] });
    for (const sample of registry.samples['sign in a registry'] ?? []) sample.processes = 12;
    const run = new Results([
      result('start', { 'node -e 0': [0] }),
      HASHED,
      result('small-20/plain/containerd', { 'verity-sign': [2] }),
      result('verify/small-20/plain', { 'verity-sign': [2], verify: [3], 'verify --recompute=false': [1] }),
      registry,
      processor(
        'entries/200000',
        { 'verity-sign root-hash': [3], 'mkfs.erofs': [2], 'mkfs.erofs, veritysetup and openssl': [4] },
        10 * MB,
      ),
    ]);
    const rows = (title: string) =>
      tables(run, [], 100)
        .find((table) => table.title.startsWith(title))
        ?.rows.map((row) => row.join(' | '));
    const once = (value: string): string => `${value} (${value}–${value})`;
    // The longest part: the image of 100 MB at 0.5 GB/s, with a salt before each block.
    expect(rows('Verifying')).toEqual([
      `20 small layers: \`sign\` | ${once('2.00')} | ${once('9.92')} | ${once('1.00')}`,
      `20 small layers: \`verify\` | ${once('3.00')} | ${once('14.88')} | ${once('1.50')}`,
      `20 small layers: \`verify --recompute=false\` | ${once('1.00')} | – | ${once('0.50')}`,
    ]);
    expect(rows('Images in a registry')).toEqual([
      `8 mixed layers: sign in a registry | ${once('3.00')} | 12 | 4.0`,
    ]);
    expect(rows('Many small files')).toEqual([
      `200,000 | ${once('3.00')} | ${once('4.00')} | ${once('0.75')} | ${once('2.00')} | ${once('1.50')} | 10 | 10`,
    ]);
  });

  test('have as many cells in each row as in the head', () => {
    const run = new Results([
      HASHED,
      result('start', { 'node -e 0': [0.03], 'verity-sign --help': [0.05] }),
      result('mixed-8/plain/containerd', { 'verity-sign': [1], 'verity-sign, mkfs': [2] }),
      result('cache/mixed-8', { 'verity-sign, export-dir': [1], 'ctr images build-erofs-cache': [2] }),
      result('verify/mixed-8/gzip', { 'verity-sign': [1], verify: [2] }),
      result('registry/mixed-8', { 'verify in a registry': [1] }),
      processor('entries/10000', { 'verity-sign root-hash': [1] }),
      result('tree/one-1GB/512', { 'hash tree': [1], veritysetup: [2] }),
    ]);
    const made = tables(run, [['Node', 'v24']], 2);
    expect(made).toHaveLength(12);
    for (const { head, rows } of made) for (const row of rows) expect(row).toHaveLength(head.length);
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

  test('of a run shows this project beside the shell and containerd, with the floor', () => {
    const run = new Results([
      result('start', { 'node -e 0': [0.02] }),
      HASHED,
      result('one-224MB/gzip/containerd', {
        'verity-sign': [0.9],
        'shell, sequential': [2],
        'decompression, gzip or zstd': [0.5],
      }),
      result('cache/mixed-8', { 'verity-sign, export-dir': [1], 'ctr images build-erofs-cache': [4] }),
    ]);
    const drawn = overview(run, [['Processor', 'P']], 2) ?? '';
    expect(drawn).toContain('one layer of 224 MB, gzip; floor 0.55 s');
    expect(drawn.match(/class="ours"/g)).toHaveLength(2);
    expect(drawn.match(/class="other"/g)).toHaveLength(2);
    expect(overview(new Results([]), [], 2)).toBeUndefined();
  });
});
