import { plainDescriptor } from '../../formats/descriptor.ts';
import { MAX_METADATA_SIZE } from '../../formats/metadata.ts';
import type { Descriptor } from '../../model/index.ts';
import { MANIFEST_MEDIA_TYPE } from '../../model/media-types.ts';
import { OciLayout } from '../oci-layout.ts';
import type { EncodedArtifact } from './artifact.ts';
import { parseSignatureManifest } from './signature-manifest.ts';
import { MAX_SIGNATURE_SIZE, type ReferrerStore } from './store.ts';

/**
 * Referrers in an OCI image layout: manifests in index.json whose subject is the image manifest. oras
 * writes and finds them the same way.
 *
 * This class does not use oras: for a manifest that is only in an index, `oras attach --oci-layout` (1.2
 * and 1.3) records the subject as `application/octet-stream`, and oras rewrites index.json in place, in
 * another order: a kill at that moment loses the image.
 */
export class LayoutStore implements ReferrerStore {
  readonly name: string;
  readonly #layout: OciLayout;

  /** @param name for messages; default `oci:DIRECTORY` */
  constructor(directory: string, name = `oci:${directory}`) {
    this.#layout = new OciLayout(directory);
    this.name = name;
  }

  async list(subject: Descriptor, artifactType: string): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    for (const entry of await this.#layout.entries()) {
      if (entry.mediaType !== MANIFEST_MEDIA_TYPE || entry.size > MAX_METADATA_SIZE) continue;
      // oras writes the artifact type into the entry, other tools may not.
      if (entry.artifactType !== undefined && entry.artifactType !== artifactType) continue;
      const manifest = await this.#layout
        .read(entry)
        .then((bytes) => parseSignatureManifest(bytes))
        // An image, or a damaged entry of another program.
        .catch(() => undefined);
      if (manifest?.artifactType !== artifactType || manifest.subject.digest !== subject.digest) continue;
      found.push({ ...plainDescriptor(entry), artifactType, annotations: manifest.annotations });
    }
    return found;
  }

  fetchManifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor);
  }

  fetchBlob(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.read(descriptor, MAX_SIGNATURE_SIZE);
  }

  async attach(artifact: EncodedArtifact): Promise<void> {
    for (const blob of artifact.blobs) await this.#layout.addBlob(blob.descriptor, blob.bytes);
    await this.#layout.addBlob(artifact.descriptor, artifact.bytes);
    await this.relist(artifact);
  }

  async relist({ descriptor, manifest }: EncodedArtifact): Promise<void> {
    // No annotations: readers could mistake one of the user's for a tag.
    await this.#layout.addEntry({ ...descriptor, artifactType: manifest.artifactType });
  }
}
