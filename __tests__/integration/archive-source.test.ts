/** An archive that several runs and other programs write to at the same time. */

import { getEventListeners } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, extract } from 'tar';
import { ownMark } from '../../src/lib/leftovers/process-mark.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { buildArtifact } from '../../src/oci/attach/artifact.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { lockFile } from '../../src/oci/file-lock.ts';
import { ArchiveSource } from '../../src/oci/image/archive-source.ts';
import { attachAndReadBack } from '../helpers/attach.ts';
import { attachedIn } from '../helpers/attached-signatures.ts';
import { ImageWriter, sha256 } from '../helpers/image-writer.ts';
import { expectIntact } from '../helpers/intact-layout.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const signal = new AbortController().signal;
let writer: ImageWriter;
let image: Descriptor;
/** Alone in its folder. */
let file: string;

beforeAll(async () => {
  writer = await ImageWriter.create();
  image = await writer.image({ layers: ['one'] });
  await writer.add(image, 'app');
});
afterAll(() => writer.remove());
beforeEach(async () => {
  file = join(mkdtempSync(join(folder, 'archive-')), 'image.tar');
  await pack(writer.directory, file);
});

const pack = (layout: string, path: string): Promise<void> => create({ cwd: layout, file: path }, ['.']);

async function unpacked(): Promise<string> {
  const cwd = mkdtempSync(join(folder, 'unpacked-'));
  await extract({ file, cwd });
  expect(expectIntact(cwd)).toEqual([]);
  return cwd;
}

/** The digests of the signatures that the archive has, all of them whole. */
const signatures = async (): Promise<string[]> =>
  attachedIn(await unpacked())
    .map(({ digest }) => digest)
    .sort();

/** A run that has resolved the image. */
async function run(): Promise<{
  source: ArchiveSource;
  store: LayoutStore;
  attach(who: string): Promise<string>;
}> {
  const reference = { kind: 'archive', path: file, tag: 'app', digest: undefined } as const;
  const temp = mkdtempSync(join(folder, 'temp-'));
  const source = await ArchiveSource.open(reference, join(temp, 'layout'), signal);
  const subject = await source.resolve();
  const store = new LayoutStore(source.directory);
  const attach = async (who: string): Promise<string> => {
    const entries = [
      { layerDigest: sha256('one'), rootHash: sha256('root').slice(7), pkcs7: Buffer.from(who) },
    ];
    const own = { profile: 'containerd' };
    const created = new Date('2026-01-02T03:04:05Z');
    return (await attachAndReadBack(store, buildArtifact({ subject, entries, own, created }), temp)).digest;
  };
  return { source, store, attach };
}

/** Another program renames an archive of a layout over this one. */
async function replaceBy(layout: string): Promise<Buffer> {
  await pack(layout, `${file}.new`);
  renameSync(`${file}.new`, file);
  return readFileSync(file);
}

/** The layout of another build under the same name. */
async function otherBuild(): Promise<ImageWriter> {
  const other = await ImageWriter.create();
  await other.add(await other.image({ layers: ['two'] }), 'app');
  return other;
}

test('two runs that attach at the same time: both signatures are there', async () => {
  const [first, second] = [await run(), await run()];
  const digests = [await first.attach('one'), await second.attach('two')].sort();
  await Promise.all([first.source.repack(signal), second.source.repack(signal)]);
  expect(await signatures()).toEqual(digests);
  expect(readdirSync(join(file, '..'))).toEqual(['image.tar']);
});

test.each(['removes', 'attaches'])(
  'what one run removes stays removed if the other %s last',
  async (last) => {
    const before = await run();
    const old = await before.attach('old');
    const kept = await before.attach('kept');
    await before.source.repack();
    const [removing, attaching] = [await run(), await run()];
    const [entry] = (
      await removing.store.list(image, 'application/vnd.cncf.notary.signature.dm-verity')
    ).filter(({ digest }) => digest === old);
    await removing.store.remove(image, entry === undefined ? [] : [entry], folder, () => undefined, signal);
    const added = await attaching.attach('new');
    const order = last === 'removes' ? [attaching, removing] : [removing, attaching];
    for (const { source } of order) await source.repack();
    expect(await signatures()).toEqual([kept, added].sort());
  },
);

test('a blob that another run has deleted meanwhile is written again', async () => {
  const before = await run();
  await before.attach('same');
  await before.source.repack();
  const [removing, attaching] = [await run(), await run()];
  const all = await removing.store.list(image, 'application/vnd.cncf.notary.signature.dm-verity');
  await removing.store.remove(image, all, folder, () => undefined, signal);
  await removing.source.repack();
  // Another manifest with the same blobs.
  const subject = await attaching.source.resolve();
  const entries = [
    { layerDigest: sha256('one'), rootHash: sha256('root').slice(7), pkcs7: Buffer.from('same') },
  ];
  const created = new Date('2026-02-02T03:04:05Z');
  const artifact = buildArtifact({ subject, entries, own: { profile: 'containerd' }, created });
  const { digest } = await attachAndReadBack(attaching.store, artifact, folder);
  await attaching.source.repack();
  expect(await signatures()).toEqual([digest]);
});

test('an archive with another image under the name: it stays, and the run fails', async () => {
  const { source, attach } = await run();
  await attach('one');
  const other = await otherBuild();
  const bytes = await replaceBy(other.directory);
  await other.remove();
  await expect(source.repack()).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringMatching(/has changed the archive .* during this run \(the image there is sha256:/),
  });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(readdirSync(join(file, '..'))).toEqual(['image.tar']);
});

test.each([
  ['gone', () => rmSync(file), /\(the archive .* does not exist\)/],
  ['no archive any more', () => writeFileSync(file, 'x'.repeat(2048)), /\(the archive is damaged/],
])('an archive that is %s: nothing is written', async (_, change, message) => {
  const { source, attach } = await run();
  await attach('one');
  change();
  const before = readdirSync(join(file, '..'));
  await expect(source.repack()).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringMatching(message),
  });
  expect(readdirSync(join(file, '..'))).toEqual(before);
});

test('an archive to which another program has added an image keeps it', async () => {
  const { source, attach } = await run();
  const digest = await attach('one');
  const more = mkdtempSync(join(folder, 'more-'));
  cpSync(writer.directory, more, { recursive: true });
  const other = await otherBuild();
  cpSync(join(other.directory, 'blobs'), join(more, 'blobs'), { recursive: true });
  const [ours, theirs] = [more, other.directory].map((path) =>
    JSON.parse(
      readFileSync(join(path, 'index.json'), 'utf8').replaceAll('"app"', path === more ? '"app"' : '"web"'),
    ),
  );
  const manifests = [...ours.manifests, ...theirs.manifests];
  writeFileSync(join(more, 'index.json'), JSON.stringify({ ...ours, manifests }));
  await other.remove();
  await replaceBy(more);
  await source.repack();
  expect(await signatures()).toEqual([digest]);
  const index = JSON.parse(readFileSync(join(await unpacked(), 'index.json'), 'utf8'));
  expect(index.manifests.slice(0, 2)).toEqual(manifests);
});

test('an archive that is replaced while the new one is written: it stays, and the run fails', async () => {
  const { source, attach } = await run();
  await attach('one');
  const large = join(source.directory, 'blobs/sha256', '0'.repeat(64));
  writeFileSync(large, Buffer.alloc(64 * 1024 * 1024));
  const other = await otherBuild();
  await pack(other.directory, `${file}.new`);
  const bytes = readFileSync(`${file}.new`);
  await other.remove();
  const repacked = source.repack().then(
    () => undefined,
    (error: unknown) => error,
  );
  while (!readdirSync(join(file, '..')).some((name) => name.endsWith('.partial'))) await setImmediate();
  renameSync(`${file}.new`, file);
  expect(await repacked).toMatchObject({ code: 'registry' });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(readdirSync(join(file, '..'))).toEqual(['image.tar']);
});

test('a run waits for another one that writes the archive, and reads what it wrote', async () => {
  const [first, second] = [await run(), await run()];
  const digests = [await first.attach('one'), await second.attach('two')].sort();
  const lock = await lockFile(`${file}.lock`);
  const waiting = second.source.repack();
  await sleep(300);
  expect(await signatures()).toEqual([]);
  await lock.release();
  await first.source.repack();
  await waiting;
  expect(await signatures()).toEqual(digests);
});

test('an archive with the longest name that a file may have', async () => {
  const long = join(file, '..', `${'a'.repeat(251)}.tar`);
  renameSync(file, long);
  file = long;
  const { source, attach } = await run();
  const digest = await attach('one');
  await source.repack();
  expect(await signatures()).toEqual([digest]);
});

test('a run that only reads takes no lock, and removes that of a killed run only when it writes', async () => {
  const [boot, namespace] = ownMark().split('-');
  writeFileSync(`${file}.lock`, `${boot}-${namespace}-${process.pid}-1 1`);
  const { source } = await run();
  expect(readdirSync(join(file, '..'))).toEqual(['image.tar', 'image.tar.lock']);
  await source.removeLeftovers();
  expect(readdirSync(join(file, '..'))).toEqual(['image.tar']);
  mkdirSync(`${file}.lock`);
  await expect(source.repack()).rejects.toMatchObject({ code: 'environment' });
  rmSync(`${file}.lock`, { recursive: true });
});

describe('a signal of the run', () => {
  const open = (path: string, own: AbortSignal): Promise<ArchiveSource> =>
    ArchiveSource.open({ kind: 'archive', path, tag: 'app' }, mkdtempSync(join(folder, 'opened-')), own);

  test.each([0, 1, 2, 3, 4, 5, 6, 8, 10])(
    'stops unpacking, whenever it comes: after %d turns',
    async (turns) => {
      const controller = new AbortController();
      const opened = open(file, controller.signal);
      opened.catch(() => undefined);
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      controller.abort();
      // The archive is small: it may be unpacked by then.
      const error = await opened.then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (turns < 2) expect(error).toMatchObject({ code: 'cancelled' });
      else expect([undefined, 'cancelled']).toContain((error as { code?: string } | undefined)?.code);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    },
  );

  test('has no listener after a failure', async () => {
    writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 700), Buffer.alloc(4096, 1)]));
    const { signal: own } = new AbortController();
    await expect(open(file, own)).rejects.toMatchObject({ code: 'image' });
    expect(getEventListeners(own, 'abort')).toEqual([]);
  });
});
