import { once } from 'node:events';
import { beforeAll, expect, test } from '@jest/globals';
import { Parser, type ReadEntry } from 'tar';
import type { ErofsBuilder } from '../../src/convert/erofs/builder.ts';
import { hasData, type TarEntry } from '../../src/convert/tar/entry.ts';
import { observer } from '../../src/convert/tar/handler.ts';
import { TarReader } from '../../src/convert/tar/reader.ts';
import { VeritySignError } from '../../src/errors.ts';
import { builderIn, buildTar } from '../helpers/convert.ts';
import { generate } from '../helpers/fuzz-erofs/generate.ts';
import { type NativeBytes, nativeImage } from '../helpers/fuzz-erofs/native-image.ts';
import { FT, ImageEntries, type StoredInode } from '../helpers/image-entries.ts';
import { namesIn, type ReplayedNode, replay } from '../helpers/replayed-tar.ts';
import { testFolder } from '../helpers/temp.ts';

/** 3,000 on demand: VERITY_SIGN_SLOW_TESTS=1, some minutes. */
const TARS = process.env.VERITY_SIGN_SLOW_TESTS === '1' ? 3000 : 250;
const SEED = 7;
const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const folder = testFolder();
let builder: ErofsBuilder;
beforeAll(async () => {
  builder = await builderIn(folder);
});

/** What the reader claims of a tar. */
interface Claims {
  /** Entries that are stored, altered or not. */
  stored: TarEntry[];
  /** What is reported of stored entries. */
  reports: Map<TarEntry, string>;
  /** Reported entries that are not stored. */
  missing: number;
}

function claimsOf(tar: Buffer): Claims {
  const claims: Claims = { stored: [], reports: new Map(), missing: 0 };
  let report: string | undefined;
  const settle = (): void => {
    if (report !== undefined) claims.missing += 1;
    report = undefined;
  };
  const reader = new TarReader(
    observer({
      header: settle,
      dropped: (_name, what) => {
        settle();
        report = what;
      },
      entry: (entry) => {
        const stored = { ...entry, xattrs: [...entry.xattrs] };
        claims.stored.push(stored);
        if (report !== undefined) claims.reports.set(stored, report);
        report = undefined;
        return hasData(entry, entry.path);
      },
    }),
  );
  reader.push(tar);
  reader.end();
  settle();
  return claims;
}

/** Whether the inode has all that the entry of the tar says. */
function faithful(stored: StoredInode, { type, whiteout, entry, opaque }: ReplayedNode): boolean {
  const has = new Set(stored.xattrs);
  if (opaque && !has.has('trusted.overlay.opaque=y')) return false;
  if (entry === undefined) return true;
  for (const { pair, nameLength } of entry.xattrs) {
    // A NUL ends a name.
    const name = pair.slice(0, nameLength).split('\0', 1)[0];
    if (nameLength === 0 || nameLength > 255 || !has.has(`${name}${pair.slice(nameLength)}`)) return false;
  }
  const { major, minor, size } = stored;
  if (whiteout) return major === 0 && minor === 0 && size === 0;
  if (type === FT.file) return size === entry.size && entry.sparsePath === undefined;
  if (type === FT.fifo) return size === 0;
  if (type !== FT.char && type !== FT.block) return true;
  return size === 0 && entry.deviceFits && major === entry.major && minor === entry.minor;
}

function refused(error: unknown): VeritySignError {
  if (error instanceof VeritySignError && error.code === 'image') return error;
  throw error;
}

function builtNatively(tar: Buffer): Promise<NativeBytes | VeritySignError> {
  return nativeImage(tar, { profile: 'containerd', uuid: UUID, of: 'C' }).catch(refused);
}

const counts = { built: 0, missing: 0, altered: 0, faithful: 0 };

async function checkImage(name: string, tar: Buffer, path: string): Promise<void> {
  const { stored, reports, missing } = claimsOf(tar);
  const expected = namesIn(replay(stored));
  const image = await ImageEntries.of(path);
  const listed = [...image.types].map(([entry, type]) => `${type} ${entry}`);
  const wanted = [...expected].map(([entry, { type }]) => `${type} ${entry}`);
  expect({ name, listed: listed.sort() }).toEqual({ name, listed: wanted.sort() });
  counts.missing += missing;
  for (const [entry, node] of expected) {
    if (node.type === FT.unreadable) continue;
    const report = node.entry === undefined ? undefined : reports.get(node.entry);
    const is = faithful(image.inode(entry), node);
    const found = { name, entry, report, faithful: is };
    expect(found).toEqual({ ...found, faithful: report === undefined });
    counts[is ? 'faithful' : 'altered'] += 1;
  }
  for (const entry of stored) {
    if (/(^|\/)\.wh\.\.{0,2}$/.test(entry.path)) expect(reports.get(entry)).toMatch(/^whiteout/);
  }
}

test(`${TARS} random tars: both builders report the same, and the image of mkfs.erofs agrees`, async () => {
  for (let index = 0; index < TARS; index++) {
    const name = `seed ${SEED}, tar ${index}`;
    const tar = Buffer.concat(generate(SEED, index).pieces);
    await buildTar(builder, tar, 'containerd', folder, async ({ image, facts }) => {
      counts.built += 1;
      const native = await builtNatively(tar);
      if (!(native instanceof VeritySignError))
        expect({ name, ...facts.dropped }).toEqual({ name, ...native.dropped });
      await checkImage(name, tar, image.files[0]?.path ?? '');
    }).catch(refused);
  }
  expect(counts.built).toBeGreaterThan(TARS / 2);
  expect(counts.missing).toBeGreaterThan(TARS / 5);
  expect(counts.altered).toBeGreaterThan(TARS / 10);
  expect(counts.faithful).toBeGreaterThan(5 * TARS);
  if (TARS > 1000) console.log(counts);
}, 3_600_000);

/** Sizes of the entries as node-tar lists them. */
async function listedByNodeTar(tar: Buffer): Promise<number[]> {
  const sizes: number[] = [];
  const onReadEntry = (entry: ReadEntry): void => {
    sizes.push(entry.size);
    entry.resume();
  };
  // It passes over links without a target, which mkfs.erofs stores.
  const onwarn = (_code: string, message: unknown, data: { header?: { size?: number } } | object): void => {
    if (message === 'linkpath required' && 'header' in data) sizes.push(data.header?.size ?? 0);
  };
  const parser = new Parser({ onReadEntry, onwarn });
  const over = once(parser, 'end');
  parser.end(tar);
  await over;
  return sizes;
}

test('the reader sees every entry that another tar reader sees', async () => {
  let compared = 0;
  for (let index = 0; index < TARS; index++) {
    const { mood, pieces } = generate(SEED, index);
    const tar = Buffer.concat(pieces);
    if (mood !== 'sane' || (await builtNatively(tar)) instanceof VeritySignError) continue;
    const { stored, missing } = claimsOf(tar);
    const sizes = await listedByNodeTar(tar);
    // It gives some entries no size, whatever their headers say: folders and what it takes for one.
    const own = stored.map(({ size }, position) => (sizes[position] === 0 ? 0 : size));
    expect({ index, missing, sizes: own }).toEqual({ index, missing: 0, sizes });
    compared += sizes.length;
  }
  expect(compared).toBeGreaterThan(TARS);
});
