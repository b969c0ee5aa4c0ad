import { plainDescriptor } from '../../formats/descriptor.ts';
import { MAX_METADATA_SIZE } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';
import { MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import { OciLayout } from '../layout/oci-layout.ts';
import { unlessDamaged } from '../work-limit.ts';
import type { EncodedArtifact } from './artifact.ts';
import { inBatches } from './batches.ts';
import { entriesAndReferrers, shortened } from './lists/layout-lists.ts';
import { mayHaveType } from './read/listed-type.ts';
import { parseSignatureManifest } from './signature-manifest.ts';
import { type Fate, MAX_SIGNATURE_SIZE, type ReferrerStore } from './store.ts';

/** What a list of referrers needs of a manifest. */
interface Reference {
  artifactType: string;
  /** Digest of the subject. */
  subject: string;
}

/**
 * Referrers in an OCI image layout: manifests in index.json whose subject is the image manifest. oras
 * writes and finds them the same way. Those in a list of regctl are found too.
 *
 * This class does not use oras: for a manifest that is only in an index, `oras attach --oci-layout` (1.2
 * and 1.3) records the subject as `application/octet-stream`, and oras rewrites index.json in place, in
 * another order: a kill at that moment loses the image.
 */
export class LayoutStore implements ReferrerStore {
  readonly name: string;
  readonly #layout: OciLayout;
  /** What the manifest of a digest refers to: many entries may name it, and each list asks for all. */
  readonly #references = new Map<string, Reference | undefined>();

  /**
   * @param name for messages; default `oci:DIRECTORY`
   * @param signal ends reading between two manifests
   * @param additions see {@link OciLayout}
   */
  constructor(directory: string, name = `oci:${directory}`, signal?: AbortSignal, additions?: string) {
    this.#layout = new OciLayout(directory, signal, additions);
    this.name = name;
  }

  async list(subject: Descriptor, artifactType: string): Promise<Descriptor[]> {
    const found = new Map<string, Descriptor>();
    const missing = new Set<string>();
    for (const entry of await entriesAndReferrers(this.#layout, subject)) {
      if (entry.mediaType !== MANIFEST_MEDIA_TYPE || entry.size > MAX_METADATA_SIZE) continue;
      // oras writes the artifact type into the entry, other tools may not.
      if (entry.artifactType !== artifactType && !mayHaveType(entry)) continue;
      const key = `${entry.digest} ${entry.size}`;
      if (found.has(key) || missing.has(key)) continue;
      const reference = await this.#referenceOf(entry, key);
      if (!this.#references.has(key)) missing.add(key);
      if (reference?.artifactType !== artifactType || reference.subject !== subject.digest) continue;
      found.set(key, { ...plainDescriptor(entry), artifactType });
    }
    return [...found.values()];
  }

  /** Undefined for an image, and for a damaged entry of another program. */
  async #referenceOf(entry: Descriptor, key: string): Promise<Reference | undefined> {
    if (this.#references.has(key)) return this.#references.get(key);
    const bytes = await unlessDamaged(() => this.#layout.read(entry));
    if (bytes === undefined) return undefined;
    const manifest = await unlessDamaged(async () => parseSignatureManifest(bytes));
    const reference = manifest && { artifactType: manifest.artifactType, subject: manifest.subject.digest };
    this.#references.set(key, reference);
    return reference;
  }

  fetchManifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor);
  }

  fetchBlob(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor, MAX_SIGNATURE_SIZE);
  }

  removeLeftovers(): Promise<void> {
    return this.#layout.removeLeftovers();
  }

  async push(artifact: EncodedArtifact): Promise<void> {
    // Each waits for the disk.
    await inBatches(artifact.blobs, (blob) => this.#layout.addBlob(blob.descriptor, blob.bytes));
    await this.#layout.addBlob(artifact.descriptor, artifact.bytes);
  }

  async enlist(artifacts: readonly EncodedArtifact[]): Promise<Descriptor[]> {
    for (const { descriptor, bytes, blobs, manifest } of artifacts) {
      // No annotations: readers could mistake one of the user's for a tag.
      const entry = { ...descriptor, artifactType: manifest.artifactType };
      await this.#layout.addEntry(entry, [...blobs, { descriptor, bytes }]);
    }
    return this.#layout.entries();
  }

  /** One write takes them all out: then they are deleted. */
  async remove(
    _subject: Descriptor,
    referrers: readonly Descriptor[],
    _folder: string,
    changed: (digest: string, fate: Fate) => void,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    await this.#layout.removeEntries(
      referrers,
      (entry, digests) => shortened(this.#layout, entry, digests),
      (digest) => changed(digest, 'unlisted'),
    );
    for (const { digest } of referrers) changed(digest, 'deleted');
  }
}
