import type { Compression, Layer } from '../data/layers.ts';
import { type Contestant, floor } from '../peers/contestant.ts';
import type { Results } from '../results.ts';

/** The case that measures hashing, whose rates hold for all others. */
export const HASHING = 'hashing';
/** The case that measures starts. */
export const START = 'start';
export const NODE = 'node -e 0';

const KIB = 1024;
const CHUNKS = [64, 256, 1024];
const byNode = (kib: number): string => `decompression, Node, ${kib} KiB`;
const BY_PROGRAM = 'decompression, gzip or zstd';
/** One call for a whole blob, which must fit memory. */
const AT_ONCE = 'decompression, Node, at once';
const MOST_AT_ONCE = 1024 * KIB;
export const DECOMPRESSIONS: readonly string[] = [...CHUNKS.map(byNode), BY_PROGRAM, AT_ONCE];

/** The salt before each block. */
const SALT = 32;
const STREAM = 1024 * KIB;
/** Contestants of the hashing case, by the bytes of a message: blobs and tars, blocks of images with their salt. */
const messages = { stream: STREAM, 4096: 4096 + SALT, 512: 512 + SALT } as const;
export type Message = keyof typeof messages;
const hashed = (message: Message): string =>
  message === 'stream' ? 'SHA-256 of a stream' : `SHA-256 of salted blocks of ${message}`;

/** Decompression of the layers alone; none of plain ones. */
export function decompressions(layers: readonly Layer[], form: Compression): Contestant[] {
  if (form === 'plain') return [];
  const blobs = layers.map((layer) => layer[form].path);
  const small = layers.every((layer) => layer[form].size <= MOST_AT_ONCE);
  return [
    ...CHUNKS.map((kib) => floor(byNode(kib), () => ['inflate', form, String(kib * KIB), ...blobs])),
    floor(BY_PROGRAM, () => ['inflate', form, 'cli', ...blobs]),
    ...(small ? [floor(AT_ONCE, () => ['inflate', form, 'once', ...blobs])] : []),
  ];
}

export function hashings(): Contestant[] {
  return (['stream', 4096, 512] as const).map((message) =>
    floor(hashed(message), () => ['sha256', String(messages[message])]),
  );
}

/** Seconds of SHA-256 for `bytes`, without those of the salts; NaN if hashing was not measured. */
export function hashSeconds(results: Results, message: Message, bytes: number): number {
  const salts = message === 'stream' ? 1 : (message + SALT) / message;
  return (results.median(HASHING, hashed(message)) / 1e9) * bytes * salts;
}
