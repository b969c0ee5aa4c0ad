import { closeSync, createReadStream, openSync, readdirSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ExpectedLayer } from '../../src/convert/blob/layer-tar.ts';
import { sniffCompression } from '../../src/convert/blob/sniff.ts';
import { buildImages, removeImage } from '../../src/convert/builders/mkfs-layer-builder.ts';
import type { ErofsBuilder } from '../../src/convert/erofs/builder.ts';
import { createMkfsBuilder } from '../../src/convert/erofs/mkfs/known-answer.ts';
import type { MkfsBuilder } from '../../src/convert/erofs/mkfs/mkfs-builder.ts';
import { PROFILES } from '../../src/convert/erofs/profile.ts';
import { computeRootHash } from '../../src/convert/verity/root-hash.ts';
import { silentLogger } from '../../src/logger.ts';
import type { ErofsImage, LayerFacts, ProfileName, VerityRoot } from '../../src/model/index.ts';
import { PROFILE_NAMES } from '../../src/model/profiles.ts';
import { expectedOf } from './raw-tar.ts';
import { toolPath } from './tools.ts';

export interface Converted extends VerityRoot {
  uuid: string;
  facts: LayerFacts;
}

/** A blob on disk and what the image says about it. */
export interface BlobFile {
  path: string;
  size: number;
  digest: string;
  diffId: string;
}

/** The tested mkfs.erofs of the tools folder, or another. */
export function builderIn(
  tempFolder: string,
  options: { mkfsPath?: string; wanted?: string; signal?: AbortSignal } = {},
): Promise<MkfsBuilder> {
  return checkedMkfs(tempFolder, options).then(({ builder }) => builder);
}

/** The same builder with its version and class. */
export function checkedMkfs(
  tempFolder: string,
  options: { mkfsPath?: string; wanted?: string; signal?: AbortSignal } = {},
): ReturnType<typeof createMkfsBuilder> {
  const mkfsPath = toolPath('mkfs.erofs');
  return createMkfsBuilder({ mkfsPath, profiles: PROFILE_NAMES, tempFolder, log: silentLogger, ...options });
}

/** Converts one layer blob, and leaves nothing in `folder`. */
export function convertBlob(
  builder: ErofsBuilder,
  blob: BlobFile,
  profile: ProfileName,
  folder: string,
  timeout = 300_000,
  maxTarSize = 1e9,
): Promise<Converted> {
  const compression = sniffCompression(firstBytes(blob.path));
  const open = (): Promise<Readable> => Promise.resolve(createReadStream(blob.path));
  return convert(builder, { ...blob, compression, open }, profile, folder, timeout, maxTarSize);
}

/** The same for a tar in memory, as an uncompressed layer. */
export function convertTar(
  builder: ErofsBuilder,
  tarBytes: Buffer,
  profile: ProfileName,
  folder: string,
  timeout = 300_000,
): Promise<Converted> {
  // A copy: a blob's chunks may be moved to another thread.
  const open = (): Promise<Readable> => Promise.resolve(Readable.from([Buffer.from(tarBytes)]));
  return convert(builder, { ...expectedOf(tarBytes, tarBytes, 'none'), open }, profile, folder, timeout);
}

/** Files in a builder's folder, except the pipes that it keeps. */
export function leftIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('pipe-'));
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(512);
  const length = readSync(file, head);
  closeSync(file);
  return head.subarray(0, length);
}

export interface Blob extends ExpectedLayer {
  open(): Promise<Readable>;
}

/** Converts one layer as a run does, with the image's own digest. */
export async function convert(
  builder: ErofsBuilder,
  blob: Blob,
  profile: ProfileName,
  folder: string,
  timeout = 300_000,
  maxTarSize = 1e9,
  signal = new AbortController().signal,
): Promise<Converted> {
  const request = { builder, folder, timeout, maxTarSize, signal };
  return withImage(request, blob, profile, async ({ image, facts }) => {
    const { blockSize } = PROFILES[profile];
    const root = await computeRootHash(image.files, blockSize, { imageDigest: true });
    return { ...root, uuid: image.uuid, facts };
  });
}

interface BuiltTar {
  image: ErofsImage;
  facts: LayerFacts;
}

/** Builds the image of a tar in memory, an uncompressed layer, and removes it after `use`. */
export function buildTar<T>(
  builder: ErofsBuilder,
  tar: Buffer,
  profile: ProfileName,
  folder: string,
  use: (built: BuiltTar) => Promise<T>,
): Promise<T> {
  const { signal } = new AbortController();
  const request = { builder, folder, timeout: 300_000, maxTarSize: 1e9, signal };
  const open = (): Promise<Readable> => Promise.resolve(Readable.from([Buffer.from(tar)]));
  return withImage(request, { ...expectedOf(tar, tar, 'none'), open }, profile, use);
}

async function withImage<T>(
  request: Pick<
    Parameters<typeof buildImages>[0],
    'builder' | 'folder' | 'timeout' | 'maxTarSize' | 'signal'
  >,
  { digest, size, diffId, compression, open }: Blob,
  profile: ProfileName,
  use: (built: BuiltTar) => Promise<T>,
): Promise<T> {
  const { uuidSource, defaultOptions } = PROFILES[profile];
  const layer = {
    index: 0,
    descriptor: { mediaType: 'application/test', digest, size },
    format: 'tar' as const,
    compression,
    diffId,
  };
  const recipe = { profile, uuidSource, mkfsOptions: defaultOptions };
  const onProgress = (): void => undefined;
  const { images, facts } = await buildImages({ ...request, layer, open, recipes: [recipe], onProgress });
  const image = images[0]?.image;
  if (image === undefined) throw new TypeError('no image');
  try {
    return await use({ image, facts });
  } finally {
    await removeImage(image);
  }
}
