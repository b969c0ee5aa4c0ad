import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor, Platform } from '../../src/model/index.ts';
import { toolEnvironment, toolPath } from './tools.ts';

export const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

export const DOCKER = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

export interface LayerContent {
  mediaType?: string;
  bytes: Buffer;
}

export interface ImageContent {
  /** A text is the content of an uncompressed layer; it need not be a tar. */
  layers?: (string | LayerContent)[];
  platform?: Platform | undefined;
  types?: typeof OCI | typeof DOCKER;
  /** Default: one per layer. */
  diffIds?: string[];
  /** Further properties of the manifest. */
  manifest?: Record<string, unknown>;
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Writes images, also invalid ones, into an OCI layout in a temporary folder. */
export class ImageWriter {
  readonly directory: string;
  #entries: Descriptor[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<ImageWriter> {
    const directory = await mkdtemp(join(tmpdir(), 'test-layout-'));
    const writer = new ImageWriter(directory);
    await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
    await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await writer.#save();
    return writer;
  }

  async blob(bytes: Uint8Array, mediaType: string): Promise<Descriptor> {
    const digest = sha256(bytes);
    await writeFile(this.path(digest), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  json(value: unknown, mediaType: string): Promise<Descriptor> {
    return this.blob(Buffer.from(JSON.stringify(value)), mediaType);
  }

  async image(content: ImageContent = {}): Promise<Descriptor> {
    const { layers = ['a', 'b'], types = OCI } = content;
    const platform = 'platform' in content ? content.platform : { os: 'linux', architecture: 'amd64' };
    const full = layers.map((layer) => (typeof layer === 'string' ? { bytes: Buffer.from(layer) } : layer));
    const descriptors: Descriptor[] = [];
    for (const layer of full) {
      descriptors.push(
        await this.blob(layer.bytes, ('mediaType' in layer && layer.mediaType) || types.layer),
      );
    }
    const diff_ids = content.diffIds ?? full.map(({ bytes }) => sha256(bytes));
    const config = await this.json({ ...platform, rootfs: { type: 'layers', diff_ids } }, types.config);
    const manifest = { schemaVersion: 2, mediaType: types.manifest, config, layers: descriptors };
    return this.json({ ...manifest, ...content.manifest }, types.manifest);
  }

  index(manifests: readonly Descriptor[], types: typeof OCI | typeof DOCKER = OCI): Promise<Descriptor> {
    return this.json({ schemaVersion: 2, mediaType: types.index, manifests }, types.index);
  }

  /** Lists a manifest in index.json, with a tag if one is given. */
  async add(descriptor: Descriptor, tag?: string): Promise<Descriptor> {
    const annotations = tag === undefined ? {} : { 'org.opencontainers.image.ref.name': tag };
    this.#entries.push({ ...descriptor, annotations: { ...descriptor.annotations, ...annotations } });
    await this.#save();
    return descriptor;
  }

  path(digest: string): string {
    return join(this.directory, 'blobs', ...digest.split(':'));
  }

  async read(digest: string): Promise<Buffer> {
    return readFile(this.path(digest));
  }

  /** Copies a tag of this layout into a registry. */
  async copyTo(tag: string, reference: string): Promise<void> {
    const argv = ['cp', '-r', '--from-oci-layout', `${this.directory}:${tag}`, '--to-plain-http', reference];
    await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: this.directory }) });
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  async #save(): Promise<void> {
    const index = { schemaVersion: 2, mediaType: OCI.index, manifests: this.#entries };
    await writeFile(join(this.directory, 'index.json'), JSON.stringify(index));
  }
}
