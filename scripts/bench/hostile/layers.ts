import { type Entry, writeTar } from '../../demo-image/tar-writer.ts';

/** 2024-01-01, seconds since 1970. */
const MTIME = Date.UTC(2024, 0, 1) / 1000;
const END_OF_ARCHIVE = 1024;
/** Entries that are written together: an extended header may have 8 MiB. */
const AT_ONCE = 8;
/** Characters that fill an extended header of at most 8 MiB. */
const LARGE = 8 * 1024 * 1024 - 2048;

/** A layer that is small to download and expensive to process. */
export interface HostileLayer {
  name: string;
  entries(): Generator<Entry>;
}

export const HOSTILE_LAYERS: readonly HostileLayer[] = [
  { name: '400 paths of 2,000 components', entries: () => deepPaths(400, 2000) },
  { name: '60,000 entries in one folder', entries: () => oneFolder(60_000) },
  { name: '200,000 entries in one folder', entries: () => oneFolder(200_000) },
  { name: '1,000,000 empty files in one folder', entries: () => oneFolder(1_000_000) },
  { name: '40 links to targets of 7 MiB', entries: () => longTargets(40, 7 * 1024 * 1024) },
  { name: '30 paths of 2,000,000 names', entries: () => longPaths(30, 2_000_000) },
  { name: '9,000 files with 200 distinct xattrs each', entries: () => distinctXattrs(9000, 200) },
  { name: '100 small xattrs in headers of 8 MiB', entries: () => largeHeaders(100, smallXattr) },
  { name: '15 xattrs with names of 8 MiB in per cent', entries: () => largeHeaders(15, nameInPerCent) },
  { name: '15 xattrs with values of 8 MiB in base64', entries: () => largeHeaders(15, valueInBase64) },
  { name: '1,500,000 hard links to one file', entries: () => hardLinks(1_500_000) },
];

/** The tar of a layer, in chunks. */
export function* tarOf({ entries }: HostileLayer): Generator<Uint8Array> {
  let waiting: Entry[] = [];
  for (const entry of entries()) {
    waiting.push(entry);
    if (waiting.length < AT_ONCE) continue;
    yield writeTar(waiting, MTIME).subarray(0, -END_OF_ARCHIVE);
    waiting = [];
  }
  yield writeTar(waiting, MTIME);
}

function* deepPaths(count: number, components: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    yield { path: `${number}`, pax: { path: `${number}${'/a'.repeat(components - 1)}` } };
  }
}

function* oneFolder(count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) yield { path: `folder/${number}` };
}

function* longTargets(count: number, length: number): Generator<Entry> {
  const linkpath = 'l'.repeat(length);
  for (let number = 0; number < count; number++)
    yield { path: `${number}`, link: { type: 'symbolic', target: 'l' }, pax: { linkpath } };
}

/** Paths that go up as often as down. */
function* longPaths(count: number, names: number): Generator<Entry> {
  for (let number = 0; number < count; number++)
    yield { path: `${number}/`, pax: { path: `a/${'b/../'.repeat(names / 2)}${number}` } };
}

function* distinctXattrs(files: number, each: number): Generator<Entry> {
  const value = Buffer.from('v');
  for (let file = 0; file < files; file++) {
    const names = Array.from({ length: each }, (_, at) => `user.a${file * each + at}`);
    yield { path: `file-${file}`, xattrs: Object.fromEntries(names.map((name) => [name, value])) };
  }
}

function* largeHeaders(count: number, paxOf: (number: number) => Record<string, string>): Generator<Entry> {
  for (let number = 0; number < count; number++) yield { path: `${number}`, pax: paxOf(number) };
}

function smallXattr(number: number): Record<string, string> {
  return { [`SCHILY.xattr.user.${number}`]: 'v'.repeat(40), comment: 'c'.repeat(LARGE) };
}

function nameInPerCent(): Record<string, string> {
  return { [`LIBARCHIVE.xattr.${'%41'.repeat(LARGE / 3)}`]: 'QQ' };
}

function valueInBase64(): Record<string, string> {
  return { 'LIBARCHIVE.xattr.user.a': 'A'.repeat(LARGE) };
}

function* hardLinks(count: number): Generator<Entry> {
  yield { path: 'file' };
  for (let number = 0; number < count; number++)
    yield { path: `${number}`, link: { type: 'hard', target: 'file' } };
}
