import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { Descriptor } from '../../src/model/index.ts';
import { architecture } from '../tools/common.ts';
import type { Architecture } from '../tools/pins.ts';
import { Meter } from './meter.ts';

export interface Layer {
  descriptor: Descriptor;
  diffId: string;
  /** The command that made it, for the image's history. */
  createdBy: string;
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** An OCI image layout being written. [image-spec image-layout.md] */
export class LayoutWriter {
  readonly #dir: string;
  #layers = 0;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async create(dir: string): Promise<LayoutWriter> {
    await mkdir(join(dir, 'blobs/sha256'), { recursive: true });
    await writeFile(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    return new LayoutWriter(dir);
  }

  blobPath(digest: string): string {
    return join(this.#dir, 'blobs', digest.replace(':', '/'));
  }

  /** Compresses a tar into a blob. */
  async layer(tar: Readable, compression: 'gzip' | 'zstd', createdBy: string): Promise<Layer> {
    const plain = new Meter();
    const compressed = new Meter();
    // Layers may be written at the same time.
    const temporary = join(this.#dir, `blobs/.new-${this.#layers++}`);
    const compressor = compression === 'gzip' ? createGzip() : createZstdCompress();
    await pipeline(tar, plain, compressor, compressed, createWriteStream(temporary));
    const digest = compressed.digest();
    await rename(temporary, this.blobPath(digest));
    const descriptor = { mediaType: `${LAYER}+${compression}`, digest, size: compressed.size };
    return { descriptor, diffId: plain.digest(), createdBy };
  }

  async json(mediaType: string, value: unknown): Promise<Descriptor> {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    await writeFile(this.blobPath(digest), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /**
   * Writes config, manifest and index: the layers become an image with a tag.
   * @param created RFC 3339
   * @param run entrypoint, environment and so on, as in an image config
   */
  async image(layers: readonly Layer[], created: string, run: object, tag: string): Promise<void> {
    await this.tag(await this.manifest(layers, created, run, architecture()), tag);
  }

  /** As `image`, for Linux on that architecture and without a tag; returns the descriptor of the manifest. */
  async manifest(
    layers: readonly Layer[],
    created: string,
    run: object,
    architecture: Architecture,
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<Descriptor> {
    const config = await this.json('application/vnd.oci.image.config.v1+json', {
      created,
      architecture,
      os: 'linux',
      config: run,
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
      history: layers.map((layer) => ({ created, created_by: layer.createdBy })),
    });
    return this.json('application/vnd.oci.image.manifest.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: layers.map((layer) => layer.descriptor),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    });
  }

  /** Writes the index: the image gets the tag. */
  async tag(manifest: Descriptor, tag: string): Promise<void> {
    const tagged = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': tag } };
    const index = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [tagged],
    };
    await writeFile(join(this.#dir, 'index.json'), JSON.stringify(index));
  }
}
