import {
  checksumOf,
  extension,
  headerBlock,
  octalField,
  padded,
  paxRecord,
  type RawFields,
} from '../raw-header.ts';
import { randomFields, randomRecords } from './attributes.ts';
import { type Mood, randomPath, Shape } from './names.ts';
import { Random } from './random.ts';
import { farRoot, manyEntries, tiedBlocks } from './rare-layouts.ts';

/** A tar in chunks that belong together, such as an entry with its PAX header. */
export type Pieces = Buffer[];

const SIZES = [0, 0, 1, 10, 100, 511, 512, 513, 2048, 4095, 4096, 4097, 5000, 8192, 12289] as const;
const MOODS = ['sane', 'sane', 'wild', 'wild', 'broken'] as const;

export interface Tar {
  mood: Mood;
  pieces: Pieces;
}

/**
 * The tar number `index` of a run against a class. Class 1.8.6 refuses every tar with a negative number in base 256,
 * which are most of them: three in four have none, so that it gets to see the rest.
 */
export function tarFor(of: string, seed: number, index: number): Tar {
  return generate(seed, index, of === '1.8.6' && index % 4 !== 0);
}

/**
 * The tar number `index` of a run.
 * @param positive no owner or time is a negative number in base 256
 */
export function generate(seed: number, index: number, positive = false): Tar {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77));
  const mood = random.pick(MOODS);
  const pieces: Pieces = [];
  const shape = new Shape();
  for (let count = random.pick([0, 1, 3, 6, 10, 20, 40, 80]); count > 0; count--) {
    pieces.push(piece(random, mood, shape, positive));
  }
  if (random.once(12)) pieces.splice(random.below(pieces.length + 1), 0, ...manyEntries(random));
  if (random.once(30)) pieces.push(...farRoot(random));
  if (random.once(25)) pieces.splice(0, pieces.length, ...tiedBlocks(random));
  finish(random, mood, pieces);
  if (mood === 'broken') damage(random, pieces);
  if (mood === 'broken' && random.once(3)) cut(random, pieces);
  return { mood, pieces };
}

function piece(random: Random, mood: Mood, shape: Shape, positive: boolean): Buffer {
  if (mood !== 'sane') {
    if (random.once(60)) return headerBlock({ name: `volume${random.below(9)}`, typeflag: 'V' });
    if (random.once(80)) return Buffer.alloc(512);
    if (random.once(40)) return extension('g', Buffer.concat(globalRecords(random, mood)));
  } else if (random.once(60)) {
    return extension('g', Buffer.concat([paxRecord('comment', 'a commit'), ...globalRecords(random, mood)]));
  }
  return entry(random, mood, shape, positive);
}

function globalRecords(random: Random, mood: Mood): Buffer[] {
  const records = randomRecords(random, mood);
  if (mood !== 'sane' && random.once(5)) records.push(paxRecord('path', randomPath(random, mood)));
  if (mood !== 'sane' && random.once(5)) records.push(paxRecord('linkpath', randomPath(random, mood)));
  if (mood !== 'sane' && random.once(12)) records.push(paxRecord('size', random.pick(['0', '512', '10'])));
  return records;
}

/** Prefix headers, the header, and the data. */
function entry(random: Random, mood: Mood, shape: Shape, positive: boolean): Buffer {
  const target = shape.target(random);
  const drawn = flagFor(random, mood);
  const path = shape.path(random, mood);
  // Builders refuse a link in place of its target's folder, so that is rare.
  const unfit = target === undefined || (target.startsWith(`${path}/`) && !random.once(50));
  const typeflag = drawn === '1' && unfit ? '0' : drawn;
  const fields: RawFields = { name: path, typeflag, ...randomFields(random, mood) };
  if (positive) removeNegative(fields);
  const before: Buffer[] = [];
  const records = random.once(3) ? randomRecords(random, mood) : [];
  setPath(random, mood, path, fields, before, records);
  if (typeflag === '1' || typeflag === '2')
    setTarget(random, mood, typeflag, target ?? 'a', fields, before, records);
  if (typeflag === '3' || typeflag === '4') setDevice(random, mood, fields);
  shape.add(path, typeflag);
  const data = dataFor(random, mood, typeflag, path);
  setSize(random, data, fields, records, mood);
  if (records.length > 0) before.push(extension('x', Buffer.concat(shuffled(random, records))));
  return Buffer.concat([...before, headerBlock(fields), padded(data)]);
}

function removeNegative(fields: RawFields): void {
  for (const name of ['uid', 'gid', 'mtime'] as const) {
    if (fields[name]?.startsWith('\xff')) fields[name] = octalField(1000, 8);
  }
}

function flagFor(random: Random, mood: Mood): string {
  if (mood !== 'sane' && random.once(25)) return random.pick(['\0', 'S', 'D', 'M', 's', 'A', '8', '\xff']);
  return random.pick(['0', '0', '0', '0', '7', '1', '1', '2', '2', '5', '5', '5', '3', '4', '6']);
}

function setPath(
  random: Random,
  mood: Mood,
  path: string,
  fields: RawFields,
  before: Buffer[],
  records: Buffer[],
): void {
  const way = random.below(10);
  if (path.length > 100 || way === 0) {
    fields.name = path.slice(0, 100);
    const end = mood === 'sane' || random.once(2) ? '\0' : random.pick(['', '\0junk', '\0'.repeat(600)]);
    if (random.once(2)) before.push(extension('L', Buffer.from(`${path}${end}`, 'latin1')));
    else records.push(paxRecord('path', path));
    if (mood !== 'sane' && random.once(10)) records.push(paxRecord('path', ''));
  } else if (mood !== 'sane' && random.once(150)) {
    const long = `${'deep/'.repeat(random.pick([700, 815, 900]))}${path}`;
    before.push(extension('L', Buffer.from(long.slice(0, random.pick([4095, 4096, 4097, 5000])), 'latin1')));
  } else if (way === 1) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) {
      fields.prefix = path.slice(0, slash + random.below(2));
      fields.name = path.slice(slash + 1);
    }
  } else if (fields.typeflag === '5' && way < 7) {
    fields.name = `${path}/`;
  }
}

function setTarget(
  random: Random,
  mood: Mood,
  typeflag: string,
  existing: string,
  fields: RawFields,
  before: Buffer[],
  records: Buffer[],
): void {
  let target = typeflag === '1' ? existing : randomPath(random, 'wild');
  if (typeflag === '2' && random.once(6)) {
    target = 't'.repeat(random.pick([99, 100, 101, 400, 479, 480, 481, 3900, 4000, 4032, 4095]));
  }
  if (typeflag === '2' && random.once(40)) target = 'u'.repeat(random.pick([4096, 4097, 8192, 9000]));
  if (mood !== 'sane' && random.once(80))
    target = random.pick(['', '.', '/', '..', 'no/such', '.wh.a', 'a/']);
  fields.linkname = target.slice(0, 100);
  if (target.length <= 100 && !random.once(8)) return;
  if (target.length < 4096 && random.once(2))
    before.push(extension('K', Buffer.from(`${target}\0`, 'latin1')));
  else records.push(paxRecord('linkpath', target));
}

function setDevice(random: Random, mood: Mood, fields: RawFields): void {
  const value = (): string => octalField(random.pick([0, 1, 5, 255, 256, 4095, 4096, 65536, 0o7777777]), 8);
  fields.devmajor = value();
  fields.devminor = value();
  if (mood !== 'sane' && random.once(12))
    fields.devmajor = random.pick(['', 'x', '\x80\0\0\x01\0\0\0\0', '\xff'.repeat(8), '-1']);
  if (mood !== 'sane' && random.once(12))
    fields.devminor = random.pick(['', '9', '\xff'.repeat(8), '     1 ']);
}

function dataFor(random: Random, mood: Mood, typeflag: string, path: string): Buffer {
  const whiteout = path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.');
  const plain = '07'.includes(typeflag) && !whiteout;
  if ('125'.includes(typeflag) && !random.once(20)) return Buffer.alloc(0);
  if (!plain && (mood === 'sane' || !random.once(15))) return Buffer.alloc(0);
  const size = random.once(60) ? random.between(40_000, 300_000) : random.pick(SIZES);
  return Buffer.alloc(size, random.bytes(random.between(1, 16)));
}

function setSize(random: Random, data: Buffer, fields: RawFields, records: Buffer[], mood: Mood): void {
  fields.size = octalField(data.length, 12);
  if (random.once(15)) {
    records.push(paxRecord('size', `${data.length}`));
    if (mood !== 'sane') fields.size = random.pick(['00000000000', '77777777777', '00000000001']);
  }
  // Links, directories and ignored entries that claim to have data.
  if (mood !== 'sane' && random.once(120))
    fields.size = random.pick(['00000000001', '00000001000', '00000001001', '-0000000001', '', ' ']);
  if (mood === 'broken' && random.once(25)) {
    const absurd = ['-5', '99999999999999999999', '8589934593', '1', ' 3 ', '5x', ''] as const;
    records.push(paxRecord('size', random.pick(absurd)));
  }
}

function shuffled(random: Random, records: Buffer[]): Buffer[] {
  return records
    .map((record) => ({ record, key: random.next() }))
    .sort((left, right) => left.key - right.key)
    .map(({ record }) => record);
}

/** Adds the end-of-archive marker, or an ending that some writers leave instead. */
function finish(random: Random, mood: Mood, pieces: Pieces): void {
  const way = random.below(12);
  if (mood === 'sane' || way < 7) pieces.push(Buffer.alloc(1024 + 512 * random.below(4)));
  else if (way === 7) pieces.push(Buffer.alloc(512));
  else if (way === 8) pieces.push(Buffer.alloc(1024), random.bytes(random.between(1, 3000)));
  else if (way === 9) pieces.push(random.bytes(random.between(1, 511)));
  else if (way === 10) pieces.push(Buffer.alloc(random.between(1, 700)));
}

/** Drops the second half of the tar and truncates the last entry at a random byte. */
function cut(random: Random, pieces: Pieces): void {
  pieces.length = Math.ceil(pieces.length / 2);
  const last = pieces.pop();
  if (last !== undefined) pieces.push(last.subarray(0, random.below(last.length + 1)));
}

/** A real tar with a few changed bytes, mostly in headers with corrected checksums. */
export function mutate(seed: number, index: number, tar: Buffer): Pieces {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0xc2b2ae35));
  const copy = Buffer.from(tar);
  const headers: number[] = [];
  for (let at = 0; at + 512 <= copy.length; at += 512) {
    if (copy.toString('latin1', at + 257, at + 262) === 'ustar') headers.push(at);
  }
  for (let times = random.between(1, 4); times > 0; times--) {
    const at = random.once(6)
      ? 512 * random.below(copy.length / 512)
      : (headers[random.below(headers.length || 1)] ?? 0);
    const offset =
      at +
      random.pick([
        random.below(512),
        random.below(100),
        124 + random.below(12),
        156,
        100 + random.below(48),
      ]);
    copy[offset] = random.pick([
      0,
      0x20,
      0x2f,
      0x30 + random.below(8),
      0x30 + random.below(8),
      0xff,
      random.below(256),
    ]);
    const header = copy.subarray(at, at + 512);
    if (header.length === 512 && !random.once(5)) header.write(checksumOf(header), 148, 8, 'latin1');
  }
  const end = random.once(8) ? random.below(copy.length) : copy.length;
  const pieces: Pieces = [];
  for (let at = 0; at < end; at += 512) pieces.push(copy.subarray(at, Math.min(at + 512, end)));
  return pieces;
}

/** Changes bytes, truncates, repeats or drops chunks; corrects some of the checksums. */
function damage(random: Random, pieces: Pieces): void {
  for (let times = random.between(1, 3); times > 0 && pieces.length > 0; times--) {
    const at = random.below(pieces.length);
    const old = Buffer.from(pieces[at] ?? Buffer.alloc(0));
    const way = random.below(6);
    if (way === 0) pieces[at] = old.subarray(0, random.below(old.length + 1));
    else if (way === 1) pieces.splice(at, 0, old);
    else if (way === 2) pieces.length = at + 1;
    else if (old.length > 0) {
      old[random.below(Math.min(old.length, way === 3 ? 512 : old.length))] = random.pick([
        0,
        0x20,
        0x2f,
        0x31,
        0xff,
        random.below(256),
      ]);
      if (old.length >= 512 && !random.once(4)) old.write(checksumOf(old), 148, 8, 'latin1');
      pieces[at] = old;
    }
  }
}
