import { IMAGES, type ImageName, sizeOf } from './data/images.ts';
import { bend, type Spread, spread } from './measure/statistics.ts';
import { EXPORTING, inFlight, NATIVE, OURS, type Results } from './results.ts';

/** A limit that the project set itself. */
export interface Limit {
  what: string;
  limit: string;
  measured: string;
  /** Undefined if the run did not measure it. */
  met: boolean | undefined;
}

const MB = 1e6;
const gzip = (image: ImageName): string => `${image}/gzip/containerd`;

/** Every limit; `cores` is how many layers are in flight. */
export function limitRows(results: Results, cores: number): Limit[] {
  return [
    ...timeLimits(results),
    ...nativeLimits(results),
    ...exportLimits(results),
    ...treeLimits(results),
    ...memoryLimits(results),
    ...diskLimits(results, cores),
    linear(results),
  ];
}

function timeLimits(results: Results): Limit[] {
  const mixed = gzip('mixed-8');
  const start = results.median('start', 'node');
  const layers = IMAGES['small-20'].length;
  const each = results.values(gzip('small-20'), OURS).map((seconds) => ((seconds - start) * 1000) / layers);
  const help = results.values('start', '--help').map((seconds) => seconds * 1000);
  const sequential = results.ratio(mixed, OURS, 'shell, sequential');
  const parallel = results.ratio(mixed, OURS, 'shell, parallel');
  const oneLayer = gzip('one-224MB');
  const inflate = toInflating(results, oneLayer, OURS);
  return [
    atMost('8 mixed layers, to the sequential shell pipeline', 0.6, sequential, '×', 2),
    atMost('8 mixed layers, to the parallel shell pipeline', 0.9, parallel, '×', 2),
    atMost(
      'One gzip layer of 224 MB, beyond the start of Node, to Node inflating it 64 KiB at a time',
      1.5,
      inflate,
      '×',
      2,
    ),
    atMost('20 small layers: each, beyond the start of Node', 60, spread(each), 'ms', 0),
    atMost('`--help`', 100, spread(help), 'ms', 0),
  ];
}

/** Ratio to inflating alone, without the start of Node, which the floor does not include. */
function toInflating(results: Results, name: string, contestant: string): Spread {
  const start = results.median('start', 'node');
  const floors = results.values(name, 'inflate');
  return spread(
    results
      .values(name, contestant)
      .map((seconds, round) => (seconds - start) / (floors[round] ?? Number.NaN)),
  );
}

/** Limits of the native builder. */
function nativeLimits(results: Results): Limit[] {
  const mixed = results.ratio(gzip('mixed-8'), NATIVE, 'shell, sequential');
  const [full, index] = (['containerd', 'containerd-tar-index'] as const).map((profile) =>
    toInflating(results, `one-224MB/gzip/${profile}`, NATIVE),
  ) as [Spread, Spread];
  const images = ['mixed-8', 'one-224MB', 'one-1GB', 'one-4GB'] as const;
  const peaks = images.map((image) => results.most(gzip(image), NATIVE, 'treeMemory') / MB);
  const most = Math.max(...peaks.filter(Number.isFinite));
  return [
    atMost('Native builder: one gzip layer of 224 MB, to Node inflating it', 1.35, full, '×', 2),
    atMost('Native builder: the same as a tar index, blocks of 512', 1.5, index, '×', 2),
    atMost('Native builder: 8 mixed layers, to the sequential shell pipeline', 0.5, mixed, '×', 2),
    atMost('Native builder: peak memory, largest of all images', 200, one(most), 'MB', 0),
  ];
}

/** What export-dir costs beside signing. */
function exportLimits(results: Results): Limit[] {
  return (['mixed-8', 'one-1GB'] as const).map((image) => {
    const ratio = results.ratio(`export/${image}`, EXPORTING, NATIVE);
    const what = image === 'mixed-8' ? '8 mixed layers' : `a layer of ${sizeOf(image)}`;
    return atMost(`Signing ${what} with export-dir, to signing alone`, 1.15, ratio, '×', 2);
  });
}

function treeLimits(results: Results): Limit[] {
  const limits = [
    [4096, 1.5],
    [512, 1],
  ] as const;
  return limits.flatMap(([blockSize, least]) =>
    (['one-224MB', 'one-1GB'] as const).map((image) => {
      const faster = results.ratio(`tree/${image}/${blockSize}`, 'veritysetup', 'hash tree');
      const what = `Hash tree of ${sizeOf(image)} in blocks of ${blockSize}, throughput to veritysetup's`;
      return {
        ...atMost(what, least, faster, '×', 2),
        limit: `≥ ${least} ×`,
        met: met(faster.median >= least, faster),
      };
    }),
  );
}

function memoryLimits(results: Results): Limit[] {
  const peak = (image: ImageName, field: 'ownMemory' | 'treeMemory' = 'ownMemory'): number =>
    results.most(gzip(image), OURS, field) / MB;
  const rows = (['one-1GB', 'one-4GB'] as const).map((image) => {
    const row = atMost(
      `Peak memory of the process, layer of ${sizeOf(image)}`,
      250,
      one(peak(image)),
      'MB',
      0,
    );
    const tree = peak(image, 'treeMemory').toFixed(0);
    return row.met === undefined
      ? row
      : { ...row, measured: `${row.measured}, with its children ${tree} MB` };
  });
  // A layer of 224 MB ends before V8 has grown to the memory that longer runs use.
  const flat = peak('one-4GB') / peak('one-1GB');
  return [...rows, atMost('The same flat: 4 GB to 1 GB', 1.1, one(flat), '×', 2)];
}

function diskLimits(results: Results, cores: number): Limit[] {
  return (['mixed-8', 'one-1GB', 'one-4GB'] as const).map((image) => {
    const sizes = results.get(gzip(image))?.erofsSizes ?? [];
    const part = results.most(gzip(image), OURS, 'disk') / inFlight(sizes, cores);
    const name = image === 'mixed-8' ? '8 mixed layers' : `layer of ${sizeOf(image)}`;
    return atMost(`Peak disk, ${name}, to the EROFS size of the layers in flight`, 1.1, one(part), '×', 2);
  });
}

/** Whether a byte of the largest layer costs more time than a byte of smaller ones. */
function linear(results: Results): Limit {
  const images: ImageName[] = ['one-1MB', 'one-224MB', 'one-1GB', 'one-4GB'];
  const points = images
    .map((image) => [IMAGES[image][0] ?? 0, results.median(gzip(image), OURS)] as const)
    .filter(([, seconds]) => !Number.isNaN(seconds));
  const last = Number.isNaN(results.median(gzip('one-4GB'), OURS)) ? '1 GB' : '4 GB';
  return atMost(`Linear time: a byte more near ${last}, to one more below`, 1.25, one(bend(points)), '×', 2);
}

const one = (value: number): Spread => ({ median: value, least: value, most: value });

function met(holds: boolean, { median }: Spread): boolean | undefined {
  return Number.isFinite(median) ? holds : undefined;
}

function atMost(what: string, limit: number, spread: Spread, unit: string, fewest: number): Limit {
  const { median, least, most } = spread;
  // A value that misses the limit slightly must not be rounded to the limit.
  const digits = median !== limit && Number(median.toFixed(fewest)) === limit ? fewest + 2 : fewest;
  const range = least === most ? '' : ` (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  return {
    what,
    limit: `≤ ${limit} ${unit}`,
    measured: Number.isFinite(median) ? `${median.toFixed(digits)} ${unit}${range}` : 'not in this run',
    met: met(median <= limit, spread),
  };
}
