import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { distinctContent } from '../../formats/descriptor.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseDocument } from '../documents.ts';
import { hasDigestTag } from '../layout/digest-tag.ts';
import { OciLayout } from '../layout/oci-layout.ts';
import { documentKind, isImageConfig } from '../media-types.ts';
import { choicesOf, entriesNamed } from './layout-names.ts';
import { referenceName } from './reference.ts';
import type { ImageSource } from './source.ts';

/** The image to find in a layout; without tag and digest, the only one in it. */
export interface LayoutTarget {
  path: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** An image in a folder in OCI image layout. [image-spec image-layout.md] */
export class LayoutSource implements ImageSource {
  readonly name: string;
  readonly #layout: OciLayout;
  readonly #target: LayoutTarget;
  /** Whether the manifest of a digest is an image: many entries may name one manifest. */
  readonly #isImage = new Map<string, boolean>();

  /**
   * @param name for messages; default `oci:PATH`
   * @param signal ends reading between two documents
   */
  constructor(target: LayoutTarget, name?: string, signal?: AbortSignal) {
    this.#target = target;
    this.#layout = new OciLayout(target.path, signal);
    this.name = name ?? referenceName({ kind: 'layout', ...target });
  }

  async resolve(): Promise<Descriptor> {
    await this.#layout.check();
    const entries = await this.#layout.entries();
    const { tag, digest } = this.#target;
    if (digest !== undefined) return this.#byDigest(entries, digest);
    const matching = tag === undefined ? await this.#images(entries) : entriesNamed(entries, tag);
    const distinct = distinctContent(matching);
    const [only] = distinct;
    if (only !== undefined && distinct.length === 1) return only;
    throw await this.#notOne(distinct.length, entries);
  }

  async manifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor);
  }

  async config(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor);
  }

  async blob(descriptor: Descriptor): Promise<Readable> {
    return createReadStream('', { fd: await this.#layout.open(descriptor), highWaterMark: 1024 * 1024 });
  }

  /** Searches index.json and the indexes below it: the digest may be that of one platform's manifest. */
  async #byDigest(entries: readonly Descriptor[], digest: string): Promise<Descriptor> {
    const seen = new Set<string>();
    let level = [...entries];
    while (level.length > 0) {
      const found = level.find((entry) => entry.digest === digest);
      if (found !== undefined) return found;
      const indexes = level.filter((entry) => documentKind(entry.mediaType) === 'index');
      level = [];
      for (const index of indexes) {
        if (seen.has(index.digest)) continue;
        seen.add(index.digest);
        const document = parseDocument(await this.manifest(index), index.mediaType);
        if (document.kind === 'index') level.push(...document.manifests);
      }
    }
    throw new VeritySignError('usage', `the layout does not contain ${digest}`, {
      remedy: await this.#choices(entries),
    });
  }

  /** Entries that are images or indexes. Signatures, lists of them and other artifacts are listed too. */
  async #images(entries: readonly Descriptor[]): Promise<Descriptor[]> {
    const images: Descriptor[] = [];
    for (const entry of entries) {
      if (hasDigestTag(entry)) continue;
      const kind = documentKind(entry.mediaType);
      if (kind === 'index' || kind === 'schema1') images.push(entry);
      if (kind !== 'manifest' || (entry.artifactType !== undefined && !isImageConfig(entry.artifactType)))
        continue;
      if (await this.#namesImage(entry)) images.push(entry);
    }
    return images;
  }

  async #namesImage(entry: Descriptor): Promise<boolean> {
    const key = `${entry.digest} ${entry.size} ${entry.mediaType}`;
    const known = this.#isImage.get(key);
    if (known !== undefined) return known;
    const document = parseDocument(await this.manifest(entry), entry.mediaType);
    const isImage = document.kind === 'manifest' && document.subject === undefined;
    this.#isImage.set(key, isImage);
    return isImage;
  }

  async #notOne(count: number, entries: readonly Descriptor[]): Promise<VeritySignError> {
    const { tag } = this.#target;
    const tagged = tag === undefined ? '' : ` tagged ${JSON.stringify(tag)}`;
    const message =
      count === 0 ? `the layout has no image${tagged}` : `the layout has ${count} images${tagged}`;
    return new VeritySignError('usage', message, { remedy: await this.#choices(entries) });
  }

  async #choices(entries: readonly Descriptor[]): Promise<string> {
    const images = await this.#images(entries);
    if (images.length === 0) return 'Write an image to the layout first';
    return `Choose one of ${choicesOf(images, 20).join(', ')}`;
  }
}
