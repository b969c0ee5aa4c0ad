import { readFile, rm } from 'node:fs/promises';
import type { Build, ErofsBuilder } from '../../../src/convert/erofs/builder.ts';
import type { NativeClass } from '../../../src/convert/erofs/native/releases.ts';
import { PROFILES } from '../../../src/convert/erofs/profile.ts';
import { levelAbove, rootOf } from '../../../src/convert/verity/hash-tree.ts';
import { VeritySignError } from '../../../src/errors.ts';
import { FdSink } from '../../../src/lib/process/fd-sink.ts';
import type { ErofsImage, MkfsInfo, ProfileName } from '../../../src/model/index.ts';
import { type NativeBytes, nativeImage } from './native-image.ts';

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';

/** The results of the two builders for a tar. */
export type Outcome =
  | 'equal'
  | 'rejected by both'
  /** The result of mkfs.erofs is random, or the native builder does not support the layer. */
  | 'refused by the native builder'
  | 'different image'
  | 'different root hash'
  | 'rejected by mkfs.erofs alone'
  | 'rejected by the native builder alone';

export interface Comparison {
  outcome: Outcome;
  detail: string;
}

export const isDifference = ({ outcome }: Comparison): boolean =>
  outcome.startsWith('different') || outcome.endsWith('alone');

/** A mkfs.erofs that has passed its test. */
export interface CheckedMkfs {
  builder: ErofsBuilder;
  info: Pick<MkfsInfo, 'class'>;
}

/** Builds the image of a tar with mkfs.erofs and with the native builder. */
export async function compare(
  tar: Buffer,
  profile: ProfileName,
  mkfs: CheckedMkfs,
  folder: string,
): Promise<Comparison> {
  const expected = await byMkfs(tar, profile, mkfs, folder);
  return compareWith(expected, tar, profile, mkfs.info.class as NativeClass);
}

/** Compares a result of mkfs.erofs with that of the native builder. */
export async function compareWith(
  expected: Buffer | VeritySignError,
  tar: Buffer,
  profile: ProfileName,
  of: NativeClass,
): Promise<Comparison> {
  const actual = await byNative(tar, profile, of);
  if (expected instanceof VeritySignError || actual instanceof VeritySignError) {
    return { outcome: ofErrors(expected, actual), detail: messages(expected, actual) };
  }
  if (!expected.equals(actual.bytes))
    return { outcome: 'different image', detail: firstDifference(expected, actual.bytes) };
  const { blockSize } = PROFILES[profile];
  const rootHash = rootOf(levelAbove(expected, blockSize), blockSize);
  if (rootHash !== actual.rootHash || actual.imageSize !== expected.length) {
    return { outcome: 'different root hash', detail: `${rootHash} ${actual.rootHash}` };
  }
  return { outcome: 'equal', detail: '' };
}

/** The image by mkfs.erofs, or its error. */
export async function byMkfs(
  tar: Buffer,
  profile: ProfileName,
  mkfs: Pick<CheckedMkfs, 'builder'>,
  folder: string,
): Promise<Buffer | VeritySignError> {
  try {
    const build = await mkfs.builder.start({
      ...requestOf(profile),
      folder,
      name: 'image',
      blobSize: tar.length,
      maxTarSize: 2 ** 40,
      timeout: 60_000,
    });
    const { files } = await filled(build, tar);
    const bytes = Buffer.concat(await Promise.all(files.map(({ path }) => readFile(path))));
    await Promise.all(files.map(({ path }) => rm(path)));
    return bytes;
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
}

/** Writes the tar as a run writes a layer, until the build fails. */
async function filled(build: Build, tar: Buffer): Promise<ErofsImage> {
  const sinks = build.sinks.map((fd) => new FdSink(fd));
  const written = Promise.all(
    sinks.map(async (sink) => {
      await sink.write(tar);
      await sink.flush();
    }),
  );
  try {
    await Promise.race([written, build.failure]);
    return await build.finish();
  } catch (error) {
    build.stop();
    await Promise.allSettled(sinks.map((sink) => sink.idle()));
    await build.abort();
    throw error;
  }
}

async function byNative(
  tar: Buffer,
  profile: ProfileName,
  of: NativeClass,
): Promise<NativeBytes | VeritySignError> {
  try {
    return await nativeImage(tar, { ...requestOf(profile), of });
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
}

function requestOf(profile: ProfileName): {
  profile: ProfileName;
  uuid: string;
  mkfsOptions: readonly string[];
} {
  return { profile, uuid: UUID, mkfsOptions: PROFILES[profile].defaultOptions };
}

function ofErrors(expected: Buffer | VeritySignError, actual: unknown): Outcome {
  if (expected instanceof VeritySignError && actual instanceof VeritySignError) return 'rejected by both';
  if (expected instanceof VeritySignError) return 'rejected by mkfs.erofs alone';
  const refused = actual instanceof VeritySignError && /out-of-bounds|does not support/.test(actual.message);
  return refused ? 'refused by the native builder' : 'rejected by the native builder alone';
}

function messages(...results: unknown[]): string {
  return results.map((result) => (result instanceof VeritySignError ? result.message : 'built')).join(' | ');
}

function firstDifference(expected: Buffer, actual: Buffer): string {
  const end = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < end && expected[at] === actual[at]) at += 1;
  return `lengths ${expected.length} and ${actual.length}, first difference at ${at}`;
}
