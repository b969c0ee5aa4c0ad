import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../model/index.ts';
import type { Oras } from '../oras/oras.ts';
import type { EncodedArtifact } from './artifact.ts';
import { inBatches } from './batches.ts';
import { LateRivals } from './late-rivals.ts';
import { ensureListed } from './referrer-list.ts';
import { MAX_SIGNATURE_SIZE, type ReferrerStore } from './store.ts';

/**
 * Referrers in a registry repository, through the oras CLI.
 *
 * Blobs and manifest are pushed one by one, not by `oras attach`, so that the manifest has the same
 * bytes in a registry and in a layout. `oras attach` builds its own manifest, whose config descriptor
 * has a `data` property, and reads the subject's media type from the answer to a HEAD request.
 * `oras manifest push` keeps the bytes and lists the referrer (referrers API, else fallback tag).
 */
export class RegistryStore implements ReferrerStore {
  readonly name: string;
  readonly #oras: Oras;
  readonly #rivals: LateRivals;

  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras: Oras, repository: string) {
    this.#oras = oras;
    this.name = repository;
    this.#rivals = new LateRivals(oras, repository);
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
    const { blobs, descriptor, bytes, manifest } = artifact;
    await inBatches(blobs, async (blob, index) => {
      const name = `blob-${index}`;
      await writeFile(join(folder, name), blob.bytes, { mode: 0o600 });
      await this.#rivals.timed(() => this.#oras.pushBlob(this.name, blob.descriptor, { folder, name }));
    });
    const name = 'manifest.json';
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
    await this.#rivals.timed(() => this.#oras.pushManifest(this.name, descriptor, { folder, name }));
    const { subject, artifactType, annotations } = manifest;
    this.#rivals.add({ descriptor, subject, artifactType, annotations });
  }

  settle(folder: string, signal: AbortSignal): Promise<void> {
    return this.#rivals.settle(folder, signal);
  }

  async relist({ manifest, descriptor }: EncodedArtifact, folder: string): Promise<void> {
    const { subject, artifactType, annotations } = manifest;
    const entry = { descriptor, subject, artifactType, annotations };
    await this.#rivals.timed(() => ensureListed(this.#oras, this.name, entry, folder));
  }
}
