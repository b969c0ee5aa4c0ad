import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ErofsBuilder } from '../../src/erofs/builder.ts';
import type { NativeClass } from '../../src/erofs/native/releases.ts';
import { PROFILES } from '../../src/erofs/profile.ts';
import { VeritySignError } from '../../src/errors.ts';
import type { ProfileName } from '../../src/pipeline/stages.ts';
import { HashTree } from '../../src/verity/hash-tree.ts';
import { type NativeBytes, nativeImage } from './native-image.ts';

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';

/** How the two builders treat a tar. */
export type Outcome =
  | 'equal'
  | 'rejected by both'
  /** The result of mkfs.erofs hangs on chance, or the native builder does not support the layer. */
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

/** Builds the image of a tar with mkfs.erofs and with the native builder. */
export async function compare(
  tar: Buffer,
  profile: ProfileName,
  mkfs: ErofsBuilder,
  folder: string,
): Promise<Comparison> {
  const [expected, actual] = [await byMkfs(tar, profile, mkfs, folder), await byNative(tar, profile, mkfs)];
  if (expected instanceof VeritySignError || actual instanceof VeritySignError) {
    return { outcome: ofErrors(expected, actual), detail: messages(expected, actual) };
  }
  if (!expected.equals(actual.bytes))
    return { outcome: 'different image', detail: firstDifference(expected, actual.bytes) };
  const { rootHash } = new HashTree(PROFILES[profile].blockSize).update(expected).digest();
  if (rootHash !== actual.rootHash || actual.imageSize !== expected.length) {
    return { outcome: 'different root hash', detail: `${rootHash} ${actual.rootHash}` };
  }
  return { outcome: 'equal', detail: '' };
}

async function byMkfs(
  tar: Buffer,
  profile: ProfileName,
  mkfs: ErofsBuilder,
  folder: string,
): Promise<Buffer | VeritySignError> {
  try {
    const { path } = await mkfs.build(Readable.from([tar]), {
      ...requestOf(profile),
      folder,
      name: 'image',
      timeout: 60_000,
    });
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
}

async function byNative(
  tar: Buffer,
  profile: ProfileName,
  mkfs: ErofsBuilder,
): Promise<NativeBytes | VeritySignError> {
  try {
    return await nativeImage(tar, { ...requestOf(profile), of: mkfs.info.class as NativeClass });
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
  const refused = actual instanceof VeritySignError && /not its own|does not take/.test(actual.message);
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
