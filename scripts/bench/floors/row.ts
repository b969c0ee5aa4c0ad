import type { LayerSizes, Results } from '../results.ts';
import { DECOMPRESSIONS, hashSeconds, NODE, START } from './parts.ts';

/** Seconds of the parts of the work that every program must do, each on one thread. */
export interface RowFloor {
  start: number;
  /** The fastest of Node's and of the program's; 0 for plain layers. */
  decompression: number;
  blobs: number;
  tars: number;
  images: number;
  /** The longest part of one layer. */
  longest: number;
  /** The lower bound of the whole. */
  seconds: number;
}

/**
 * The lower bound of signing an image: the start of Node, and then the longest part of one layer, which no second
 * core can shorten, or all parts divided by the cores. NaN where a part was not measured.
 */
export function rowFloor(results: Results, name: string, cores: number): RowFloor {
  const { layers = [], erofsSizes = [] } = results.get(name) ?? {};
  const words = name.split('/');
  const block = words.includes('containerd-tar-index') ? 512 : 4096;
  const plain = words.includes('plain');
  const inflate = plain
    ? { seconds: 0, longest: 0 }
    : fastest(results, `${words.slice(0, 2).join('/')}/containerd`);
  const hash = (message: 'stream' | 4096 | 512, bytes: readonly number[]) => ({
    seconds: hashSeconds(results, message, sum(bytes)),
    longest: hashSeconds(results, message, Math.max(0, ...bytes)),
  });
  const of = (part: keyof LayerSizes): number[] => layers.map((layer) => layer[part]);
  // A plain blob is its tar, and one digest is enough.
  const parts = [
    inflate,
    hash('stream', plain ? [] : of('blob')),
    hash('stream', of('tar')),
    hash(block, erofsSizes),
  ];
  const [decompression = 0, blobs = 0, tars = 0, images = 0] = parts.map(({ seconds }) => seconds);
  const longest = layers.length === 0 ? Number.NaN : Math.max(...parts.map((part) => part.longest));
  const start = results.median(START, NODE);
  const shared = (decompression + blobs + tars + images) / cores;
  return { start, decompression, blobs, tars, images, longest, seconds: start + Math.max(longest, shared) };
}

/** Decompression is measured once for an image in each form, whatever the profile. */
function fastest(results: Results, name: string): { seconds: number; longest: number } {
  const measured = DECOMPRESSIONS.map((who) => ({
    seconds: results.median(name, who),
    longest: results.median(name, who, 'longest'),
  })).filter(({ seconds }) => Number.isFinite(seconds));
  const [first = { seconds: Number.NaN, longest: Number.NaN }] = measured.sort(
    (a, b) => a.seconds - b.seconds,
  );
  return first;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
