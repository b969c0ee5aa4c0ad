import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../pipeline/stages.ts';
import type { Oras } from '../tools/oras/oras.ts';
import type { EncodedArtifact } from './artifact.ts';
import { inBatches } from './batches.ts';
import { addToIndex, checkIndex, fallbackTag } from './fallback-index.ts';
import { MAX_SIGNATURE_SIZE, type ReferrerStore } from './store.ts';

/**
 * Referrers in a registry repository, through the oras CLI.
 *
 * Blobs and manifest are pushed one by one instead of by `oras attach`, so that the manifest is byte
 * for byte the one that was meant, the same in a registry as in a layout: oras builds its own, whose
 * config descriptor carries a `data` property, and takes the subject's media type from the answer to
 * a HEAD request. `oras manifest push` keeps the bytes and does all that a subject demands (the
 * referrers API, else the fallback tag).
 */
export class RegistryStore implements ReferrerStore {
  readonly name: string;
  readonly #oras: Oras;

  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras: Oras, repository: string) {
    this.#oras = oras;
    this.name = repository;
  }

  list(subject: Descriptor, artifactType: string): Promise<Descriptor[]> {
    return this.#oras.referrers(this.name, subject, artifactType);
  }

  fetchManifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.manifest(this.name, descriptor);
  }

  fetchBlob(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.smallBlob(this.name, descriptor, MAX_SIGNATURE_SIZE);
  }

  async attach(artifact: EncodedArtifact, folder: string): Promise<void> {
    const { blobs, descriptor, bytes } = artifact;
    await inBatches(blobs, async (blob, index) => {
      const name = `blob-${index}`;
      await writeFile(join(folder, name), blob.bytes, { mode: 0o600 });
      await this.#oras.pushBlob(this.name, blob.descriptor, { folder, name });
    });
    const name = 'manifest.json';
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
    await this.#oras.pushManifest(this.name, descriptor, { folder, name });
  }

  /** oras writes the fallback tag only along with a manifest that is new to the registry. */
  async relist({ manifest, descriptor }: EncodedArtifact, folder: string): Promise<void> {
    if (await this.#oras.servesReferrers(this.name, manifest.subject)) return;
    const tag = fallbackTag(manifest.subject);
    const { artifactType, annotations } = manifest;
    const index = addToIndex(await this.#fallbackIndex(tag), { ...descriptor, artifactType, annotations });
    const name = 'index.json';
    await writeFile(join(folder, name), index.bytes, { mode: 0o600 });
    await this.#oras.pushManifest(this.name, index.descriptor, { folder, name }, tag);
  }

  async #fallbackIndex(tag: string): Promise<Buffer | undefined> {
    const found = await this.#oras.find(`${this.name}:${tag}`);
    if (found === undefined) return undefined;
    checkIndex(found, tag);
    return this.#oras.manifest(this.name, found);
  }
}
