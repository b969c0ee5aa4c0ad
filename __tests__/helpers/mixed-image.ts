import { readFile } from 'node:fs/promises';
import type { Descriptor } from '../../src/model/index.ts';
import { type ImageWriter, OCI } from './image-writer.ts';
import { vectors } from './vector-image.ts';

export const WINDOWS = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2700' };

export interface MixedImage {
  index: Descriptor;
  linux: Descriptor;
  windows: Descriptor;
}

/** A Windows image: its layers have the usual media types but hold no Linux file system. */
export function windowsImage(writer: ImageWriter, content = 'windows'): Promise<Descriptor> {
  const mediaType = `${OCI.layer}+gzip`;
  return writer.image({
    platform: WINDOWS,
    layers: [
      { bytes: Buffer.from('base'), mediaType },
      { bytes: Buffer.from(content), mediaType },
    ],
  });
}

/** An index of a Linux image with one layer twice, a Windows image, and an attestation. */
export async function mixedImage(writer: ImageWriter, layer = 'simple-gzip'): Promise<MixedImage> {
  const vector = vectors().find(({ name }) => name === layer);
  if (vector === undefined) throw new TypeError(`no vector is called ${layer}`);
  const platform = { os: 'linux', architecture: 'amd64' };
  const { mediaType, diffId, path } = vector;
  // The same layer twice: one root hash, one signature.
  const layers = [path, path].map(async (file) => ({ bytes: await readFile(file), mediaType }));
  const linux = await writer.image({
    platform,
    layers: await Promise.all(layers),
    diffIds: [diffId, diffId],
  });
  const windows = await windowsImage(writer);
  const unknown = { os: 'unknown', architecture: 'unknown' };
  const attestation = {
    ...(await writer.image({ platform: unknown, layers: ['attestation'] })),
    platform: unknown,
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const entries = [{ ...linux, platform }, { ...windows, platform: WINDOWS }, attestation];
  return { index: await writer.index(entries), linux, windows };
}
