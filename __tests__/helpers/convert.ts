import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ErofsBuilder } from '../../src/erofs/builder.ts';
import { createMkfsBuilder } from '../../src/erofs/known-answer.ts';
import { PROFILES } from '../../src/erofs/profile.ts';
import { layerUuid } from '../../src/erofs/uuid.ts';
import { openLayerTar } from '../../src/layers/layer-tar.ts';
import { sniffCompression } from '../../src/layers/sniff.ts';
import { silentLogger } from '../../src/logger.ts';
import type { LayerFacts, ProfileName, VerityRoot } from '../../src/pipeline/stages.ts';
import { computeRootHash } from '../../src/verity/root-hash.ts';
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

/** A builder with the tested mkfs.erofs of the tools folder, or another. */
export function builderIn(
  tempFolder: string,
  options: { mkfsPath?: string; wanted?: string; signal?: AbortSignal } = {},
): Promise<ErofsBuilder> {
  return createMkfsBuilder({ mkfsPath: toolPath('mkfs.erofs'), tempFolder, log: silentLogger, ...options });
}

/** The whole way of one layer blob, with nothing left in `folder`. */
export async function convertBlob(
  builder: ErofsBuilder,
  blob: BlobFile,
  profile: ProfileName,
  folder: string,
  timeout = 60_000,
  maxTarSize = 1e9,
): Promise<Converted> {
  const compression = sniffCompression(firstBytes(blob.path));
  const { tar, facts } = openLayerTar(createReadStream(blob.path), { ...blob, compression }, { maxTarSize });
  return finish(builder, tar, facts, blob, profile, folder, timeout);
}

/** The same for a tar in memory, as an uncompressed layer. */
export async function convertTar(
  builder: ErofsBuilder,
  tarBytes: Buffer,
  profile: ProfileName,
  folder: string,
  timeout = 60_000,
): Promise<Converted> {
  const expected = expectedOf(tarBytes, tarBytes, 'none');
  const { tar, facts } = openLayerTar(Readable.from([tarBytes]), expected, { maxTarSize: 1e9 });
  return finish(builder, tar, facts, expected, profile, folder, timeout);
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(512);
  const length = readSync(file, head);
  closeSync(file);
  return head.subarray(0, length);
}

async function finish(
  builder: ErofsBuilder,
  tar: Readable,
  facts: Promise<LayerFacts>,
  digests: { digest: string; diffId: string },
  profile: ProfileName,
  folder: string,
  timeout: number,
): Promise<Converted> {
  const { uuidSource, blockSize, defaultOptions } = PROFILES[profile];
  const image = await builder.build(tar, {
    profile,
    uuid: layerUuid(digests[uuidSource]),
    mkfsOptions: defaultOptions,
    folder,
    name: `layer-${profile}`,
    timeout,
  });
  const root = await computeRootHash(image.path, blockSize);
  await rm(image.path);
  return { ...root, uuid: image.uuid, facts: await facts };
}
