import {
  BUILD_CACHE,
  ENTRIES,
  entriesCase,
  FROM_REGISTRY,
  GATE,
  HELP,
  MKFS_AND_HASHES,
  MKFS_EROFS,
  ROOT_HASH,
  TINY,
  VERIFY,
  VERIFY_REGISTRY,
} from './cases/names.ts';
import { IMAGES, type ImageName, sizeOf } from './data/images.ts';
import { NODE, START } from './floors/parts.ts';
import { rowFloor } from './floors/row.ts';
import { bend, type Spread, spread } from './measure/statistics.ts';
import { EXPORTING, inFlight, MKFS, type Order, OURS, type Results, shellName } from './results.ts';

/** A limit that the project set itself. */
export interface Limit {
  what: string;
  limit: string;
  measured: string;
  /** Undefined if the run did not measure it. */
  met: boolean | undefined;
}

const MB = 1e6;
const FORMS = ['gzip', 'zstd', 'plain'] as const;
const caseOf = (image: ImageName, form: string): string => `${image}/${form}/containerd`;
const gzip = (image: ImageName): string => caseOf(image, 'gzip');

/** Every limit; `cores` is how many layers are in flight. */
export function limitRows(results: Results, cores: number): Limit[] {
  return [
    ...shellLimits(results),
    ...floorLimits(results, cores),
    ...entryLimits(results),
    ...cacheLimits(results),
    ...startLimits(results),
    ...treeLimits(results),
    ...memoryLimits(results),
    ...diskLimits(results, cores),
    linear(results),
  ];
}

/** To the shell pipeline that checks the same digests. */
function shellLimits(results: Results): Limit[] {
  const to = (order: Order, what: string, image: ImageName, form: string, limit: number): Limit => {
    const ratio = results.ratio(caseOf(image, form), OURS, shellName('shell', order));
    const pipeline = image === 'one-224MB' ? 'the shell pipeline' : `the ${order} shell pipeline`;
    return atMost(`${what}, ${form}, relative to ${pipeline}`, limit, ratio, '×', 2);
  };
  return [
    ...FORMS.map((form) => to('sequential', '8 mixed layers', 'mixed-8', form, 0.5)),
    ...FORMS.map((form) => to('parallel', '8 mixed layers', 'mixed-8', form, 0.8)),
    ...FORMS.map((form) => to('parallel', '20 small layers', 'small-20', form, 0.9)),
    ...FORMS.map((form) =>
      to('sequential', 'One layer of 224 MB', 'one-224MB', form, form === 'zstd' ? 0.6 : 0.5),
    ),
  ];
}

function floorLimits(results: Results, cores: number): Limit[] {
  return FORMS.map((form) => {
    const name = caseOf('one-224MB', form);
    const { seconds } = rowFloor(results, name, cores);
    const times = spread(results.values(name, OURS).map((value) => value / seconds));
    return atMost(
      `One layer of 224 MB, ${form}, relative to its floor`,
      form === 'gzip' ? 1.25 : 1.5,
      times,
      '×',
      2,
    );
  });
}

function entryLimits(results: Results): Limit[] {
  const to = (other: string) => results.ratio(entriesCase(200_000), ROOT_HASH, other, 'processor');
  const memory = results.most(entriesCase(1_000_000), ROOT_HASH, 'treeMemory') / MB;
  return [
    atMost(
      `200,000 entries, processor time relative to ${MKFS_AND_HASHES}`,
      1.2,
      to(MKFS_AND_HASHES),
      '×',
      2,
    ),
    atMost('200,000 entries, processor time relative to mkfs.erofs alone', 1.2, to(MKFS_EROFS), '×', 2),
    atMost(`${ENTRIES.at(-1)?.toLocaleString('en')} entries, peak memory`, 250, one(memory), 'MB', 0),
  ];
}

/** What it costs to fill the layer cache: beside containerd, and beside signing alone. */
function cacheLimits(results: Results): Limit[] {
  const faster = results.ratio('cache/mixed-8', BUILD_CACHE, EXPORTING);
  return [
    atLeast('8 mixed layers, signed and exported, speed to ctr images build-erofs-cache', 2, faster),
    ...(['mixed-8', 'one-1GB'] as const).map((image) => {
      const ratio = results.ratio(`export/${image}`, EXPORTING, OURS);
      const what = image === 'mixed-8' ? '8 mixed layers' : `a layer of ${sizeOf(image)}`;
      return atMost(`Signing ${what} with export-dir, relative to signing alone`, 1.15, ratio, '×', 2);
    }),
  ];
}

function startLimits(results: Results): Limit[] {
  const tiny = spread(results.values(START, TINY, 'processor'));
  return [
    atMost('`--help`, relative to `node -e 0`', 1.6, results.ratio(START, HELP, NODE), '×', 2),
    atMost('Signing one layer of 1 MB, processor time of all processes', 0.25, tiny, 's', 2),
  ];
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
      return atLeast(what, least, faster);
    }),
  );
}

function memoryLimits(results: Results): Limit[] {
  const peak = (name: string): number => results.most(name, OURS, 'treeMemory') / MB;
  const own = mostOf(results, COMMANDS, 'ownMemory');
  const all = mostOf(results, [OURS, EXPORTING], 'treeMemory');
  // A layer of 224 MB ends before V8 has grown to the memory that longer runs use.
  const flat = peak(gzip('one-4GB')) / peak(gzip('one-1GB'));
  return [
    atMost('Peak memory of the largest process, all commands and images', 250, one(own), 'MB', 0),
    atMost('Peak memory of all processes, images in a layout', 250, one(all), 'MB', 0),
    atMost('The same, 4 GB relative to 1 GB', 1.1, one(flat), '×', 2),
  ];
}

/** The native builder writes no image; the builder mkfs has those of the layers in flight on the disk. */
function diskLimits(results: Results, cores: number): Limit[] {
  const most = mostOf(results, [OURS], 'disk');
  const sizes = results.get(gzip('mixed-8'))?.erofsSizes ?? [];
  const part = results.most(gzip('mixed-8'), MKFS, 'disk') / inFlight(sizes, cores);
  return [
    atMost('Peak disk of signing in a layout, largest of all images', 1, one(most), 'MB', 1),
    atMost(
      'Peak disk, 8 mixed layers, builder mkfs, relative to the EROFS size of the layers in flight',
      1.1,
      one(part),
      '×',
      2,
    ),
  ];
}

/** Whether a byte of the largest layer costs more time than a byte of smaller ones. */
function linear(results: Results): Limit {
  const images: ImageName[] = ['one-1MB', 'one-224MB', 'one-1GB', 'one-4GB'];
  const points = images
    .map((image) => [IMAGES[image][0] ?? 0, results.median(gzip(image), OURS)] as const)
    .filter(([, seconds]) => !Number.isNaN(seconds));
  const last = Number.isNaN(results.median(gzip('one-4GB'), OURS)) ? '1 GB' : '4 GB';
  return atMost(
    `Linear time: cost of a byte up to ${last}, relative to smaller layers`,
    1.25,
    one(bend(points)),
    '×',
    2,
  );
}

/** This project's commands. */
const COMMANDS = [OURS, EXPORTING, VERIFY, FROM_REGISTRY, GATE, VERIFY_REGISTRY, ROOT_HASH];

/** MB: the most that any of the contestants had in any case. */
function mostOf(
  results: Results,
  contestants: readonly string[],
  field: 'ownMemory' | 'treeMemory' | 'disk',
): number {
  const peaks = results.all.flatMap(({ name }) => contestants.map((who) => results.most(name, who, field)));
  const found = peaks.filter(Number.isFinite);
  return found.length === 0 ? Number.NaN : Math.max(...found) / MB;
}

const one = (value: number): Spread => ({ median: value, least: value, most: value });

function met(holds: boolean, { median }: Spread): boolean | undefined {
  return Number.isFinite(median) ? holds : undefined;
}

function atMost(what: string, limit: number, spread: Spread, unit: string, fewest: number): Limit {
  return {
    what,
    limit: `≤ ${limit} ${unit}`,
    measured: measured(limit, spread, unit, fewest),
    met: met(spread.median <= limit, spread),
  };
}

function atLeast(what: string, limit: number, spread: Spread): Limit {
  return {
    what,
    limit: `≥ ${limit} ×`,
    measured: measured(limit, spread, '×', 2),
    met: met(spread.median >= limit, spread),
  };
}

function measured(limit: number, { median, least, most }: Spread, unit: string, fewest: number): string {
  if (!Number.isFinite(median)) return 'not in this run';
  // A value that misses the limit slightly must not be rounded to the limit.
  const digits = median !== limit && Number(median.toFixed(fewest)) === limit ? fewest + 2 : fewest;
  const range = least === most ? '' : ` (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  return `${median.toFixed(digits)} ${unit}${range}`;
}
