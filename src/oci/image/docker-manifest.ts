/**
 * manifest.json and repositories, which `docker save` adds to a layout. `docker load` and other programs read
 * manifest.json instead of index.json, so both must name the same images.
 * [moby image/tarexport; containerd core/images/archive]
 */
import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { descriptorFields, embedding } from '../../formats/descriptor.ts';
import { splitDigest } from '../../formats/digest.ts';
import { text, texts } from '../../formats/go-types.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseConfig, parseDocument } from '../documents.ts';
import type { OciLayout } from '../layout/oci-layout.ts';
import { documentKind } from '../media-types.ts';
import { unlessDamaged } from '../work-limit.ts';

const itemsSchema = z
  .array(
    z.object({
      Config: z.string(),
      RepoTags: texts,
      Layers: z.array(z.string()).nullable(),
      Parent: text,
      LayerSources: z.record(z.string(), embedding(descriptorFields.partial())).nullish(),
    }),
  )
  .nullable();

/** Tags of each repository, with the ID of the last layer. */
const repositoriesSchema = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * Checks both files, if the layout has them.
 *
 * @throws VeritySignError 'image' if one is malformed, or if manifest.json names an image that index.json
 *   does not lead to
 */
export async function checkDockerFiles(layout: OciLayout): Promise<void> {
  const repositories = await layout.dockerFile('repositories');
  if (repositories !== undefined) parseMetadata(repositoriesSchema, repositories, 'the file repositories');
  const bytes = await layout.dockerFile('manifest.json');
  if (bytes === undefined) return;
  const items = parseDockerManifest(bytes);
  if (items.length === 0) return;
  const images = await imagesOf(layout);
  for (const item of items) {
    const image = images.get(item.Config);
    if (image !== undefined && (await hasLayers(layout, image, item.Layers ?? []))) continue;
    throw new VeritySignError(
      'image',
      `manifest.json names an image that index.json does not (Config ${JSON.stringify(item.Config.slice(0, 100))})`,
      { remedy: 'Save the image again: docker load would load another image' },
    );
  }
}

/** The images of manifest.json. @throws VeritySignError 'image' */
export function parseDockerManifest(bytes: Uint8Array) {
  return parseMetadata(itemsSchema, bytes, 'manifest.json') ?? [];
}

/** The manifests with one config. */
interface ConfiguredImage {
  config: Descriptor;
  /** Paths of the layers of each manifest. */
  layers: string[][];
  /** Paths of the uncompressed layers, once they are known. */
  diffs?: string[];
}

/** The images that index.json leads to, by the path of their config. Those that cannot be read are skipped. */
async function imagesOf(layout: OciLayout): Promise<Map<string, ConfiguredImage>> {
  const images = new Map<string, ConfiguredImage>();
  const seen = new Set<string>();
  const next = await layout.entries();
  for (let entry = next.pop(); entry !== undefined; entry = next.pop()) {
    if (seen.has(entry.digest) || documentKind(entry.mediaType) === 'other') continue;
    seen.add(entry.digest);
    const document = await readDocument(layout, entry);
    if (document?.kind === 'index') next.push(...document.manifests);
    if (document?.kind !== 'manifest') continue;
    const { config, layers } = document;
    const path = blobPath(config);
    const image = images.get(path) ?? { config, layers: [] };
    image.layers.push(layers.map(blobPath));
    images.set(path, image);
  }
  return images;
}

/** Whether a manifest has these layers: by their digests, or by the diffIDs, which docker's classic store writes. */
async function hasLayers(layout: OciLayout, image: ConfiguredImage, paths: string[]): Promise<boolean> {
  image.diffs ??= await diffPaths(layout, image.config);
  const { layers, diffs } = image;
  return layers.some(
    (own) =>
      own.length === paths.length &&
      paths.every((path, index) => path === own[index] || path === diffs[index]),
  );
}

/** Undefined for a document that is missing or malformed: index.json may list what belongs to no image. */
function readDocument(layout: OciLayout, entry: Descriptor) {
  return unlessDamaged(async () => parseDocument(await layout.read(entry), entry.mediaType));
}

async function diffPaths(layout: OciLayout, config: Descriptor): Promise<string[]> {
  const found = await unlessDamaged(async () => parseConfig(await layout.read(config)));
  return (found?.diffIds ?? []).map((digest) => blobPath({ digest }));
}

function blobPath({ digest }: { digest: string }): string {
  const { algorithm, hex } = splitDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}
