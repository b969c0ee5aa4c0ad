import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Descriptor } from '../../src/model/index.ts';
import type { ContainerdProfile } from '../../src/model/profiles.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/vectors', import.meta.url));

/** The results of mkfs.erofs and veritysetup for one layer; see vectors.json. */
export interface Vector {
  name: string;
  /** Absolute path of the layer blob. */
  path: string;
  /** Bytes of the blob. */
  size: number;
  digest: string;
  mediaType: string;
  diffId: string;
  profiles: Record<ContainerdProfile, VectorProfile>;
}

export type VectorRelease = '1.9.4' | '1.8.10' | '1.8.6';

export interface VectorProfile {
  uuid: string;
  imageSha256: string;
  imageSize: number;
  /** Bytes of the image, padded to whole blocks. */
  dataSize: number;
  blockSize: 512 | 4096;
  rootHash: string;
}

/** All vectors: of mkfs.erofs 1.9.4 (class C), or of 1.8.10 (class A) or 1.8.6 for the same blobs. */
export function vectors(release: VectorRelease = '1.9.4'): Vector[] {
  const file = release === '1.9.4' ? 'vectors.json' : `vectors-${release}.json`;
  const { vectors: entries } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
    vectors: (Omit<Vector, 'path'> & { blob: string })[];
  };
  return entries.map(({ blob, ...vector }) => ({ ...vector, path: join(FOLDER, blob) }));
}

/**
 * Writes an OCI layout at `dir` with one image, tag `vectors`, whose layers are the named vectors in
 * that order (a name may occur twice); by default all of them. `architecture` is OCI's name.
 * Returns the image manifest's descriptor.
 */
export async function writeVectorImage(
  dir: string,
  names?: readonly string[],
  architecture = 'amd64',
): Promise<Descriptor> {
  const all = vectors();
  const layers = names === undefined ? all : names.map((name) => named(all, name));
  const blobs = join(dir, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  for (const layer of layers) await copyFile(layer.path, join(blobs, layer.digest.slice('sha256:'.length)));

  const put = async (mediaType: string, value: unknown): Promise<Descriptor> => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hex = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = await put('application/vnd.oci.image.config.v1+json', {
    architecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
  });
  const manifest = await put('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  const tagged = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'vectors' } };
  await writeFile(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  await writeFile(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return manifest;
}

function named(all: readonly Vector[], name: string): Vector {
  const vector = all.find((candidate) => candidate.name === name);
  if (vector === undefined) throw new TypeError(`no vector is called ${name}`);
  return vector;
}
