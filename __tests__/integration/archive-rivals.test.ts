/** Runs that write to one archive while another run is between reading and writing it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type CliResult, cli } from '../helpers/cli.ts';
import { expectIntact } from '../helpers/intact-layout.ts';
import { Rotation, type RotationSigner } from '../helpers/rotation.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let rotation: Rotation;
let archive: { reference: string; folder: string; file: string };
let made = 0;

beforeAll(async () => {
  rotation = await Rotation.create(folder);
});
afterAll(() => rotation.stop());
beforeEach(() => {
  archive = rotation.inArchive();
});

/** Starts `sign`, and resolves when it has read the archive and waits for its key. */
async function started(signer: RotationSigner): Promise<{ finish(): Promise<CliResult> }> {
  const fifo = join(folder, `key-${made++}`);
  execFileSync('mkfifo', [fifo]);
  const key = ['--key', fifo, '--certificate', signer.fullChainPath, '--temp-dir', folder];
  const run = cli(['sign', archive.reference, ...key, '--manifest-signature', 'jws']);
  // Resolves when the run has opened the other end, or has failed.
  const end = await Promise.race([open(fifo, 'w'), run.then(({ stderr }) => stderr)]);
  if (typeof end === 'string') throw new Error(end);
  return { finish: () => finished(end, signer, run) };
}

async function finished(
  end: FileHandle,
  { keyPath }: RotationSigner,
  run: Promise<CliResult>,
): Promise<CliResult> {
  await end.writeFile(readFileSync(keyPath));
  await end.close();
  return run;
}

/** The signers of all signatures in the archive, which are whole. */
async function signers(): Promise<string[]> {
  expectIntact(rotation.unpack(archive.file));
  expect(readdirSync(archive.folder)).toEqual(['image.tar']);
  const lines = await rotation.inspect(archive.reference);
  return [...new Set(lines.map((line) => line.split(' ')[1] ?? ''))].sort();
}

test('two signers at the same moment: the signatures of both are there', async () => {
  const runs = [await started(rotation.old), await started(rotation.next)];
  for (const { status, stderr } of await Promise.all(runs.map((run) => run.finish())))
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('verity-sign:')]);
  expect(await signers()).toEqual([rotation.old.fingerprint, rotation.next.fingerprint].sort());
  for (const one of [rotation.old, rotation.next])
    expect(await rotation.verify(archive.reference, one)).toBe(0);
});

test('signatures that another run has removed meanwhile do not come back', async () => {
  await rotation.sign(archive.reference, rotation.old);
  const signing = await started(rotation.next);
  const removed = await rotation.remove(archive.reference, rotation.old.fingerprint, ['--yes', '--force']);
  expect(removed.status).toBe(0);
  expect((await signing.finish()).status).toBe(0);
  expect(await signers()).toEqual([rotation.next.fingerprint]);
});

test('another build that is renamed over the archive stays as it is, and the run says so', async () => {
  const other = join(folder, 'other');
  await writeVectorImage(other, ['modes-gzip']);
  const signing = await started(rotation.next);
  const fresh = join(folder, 'fresh.tar');
  execFileSync('tar', ['-cf', fresh, '-C', other, '.']);
  const bytes = readFileSync(fresh);
  renameSync(fresh, archive.file);
  const { status, stderr } = await signing.finish();
  expect(status).toBe(6);
  expect(stderr).toMatch(
    /another program has changed the archive .*image\.tar during this run \(.*\): nothing was written to it/,
  );
  expect(readFileSync(archive.file).equals(bytes)).toBe(true);
  expect(readdirSync(archive.folder)).toEqual(['image.tar']);
});
