import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';
import { isRefusal } from '../oras/failures/failure.ts';
import type { Oras } from '../oras/oras.ts';
import type { EncodedArtifact, SignatureManifest } from './artifact.ts';
import { inBatches } from './batches.ts';
import { ReferrerLists } from './lists/referrer-lists.ts';
import { ofType } from './read/listed-type.ts';
import { pullTogether } from './read/pulled-blobs.ts';
import { type Fate, MAX_SIGNATURE_SIZE, type ReferrerStore } from './store.ts';

export interface RegistryStoreOptions {
  log?: Logger | undefined;
  /**
   * Whether calls of `list` for one subject that follow each other are answered by one list, such as those for its
   * kinds of signatures. What this store enlists in between is listed.
   */
  sharesLists?: boolean;
}

/**
 * Referrers in a registry repository, through the oras CLI.
 *
 * Blobs and manifest are pushed one by one, not by `oras attach`, so that the manifest has the same
 * bytes in a registry and in a layout. `oras attach` builds its own manifest, whose config descriptor
 * has a `data` property, and reads the subject's media type from the answer to a HEAD request.
 * `oras manifest push` keeps the bytes.
 */
export class RegistryStore implements ReferrerStore {
  readonly name: string;
  readonly #oras: Oras;
  readonly #lists: ReferrerLists;
  readonly #log: Logger | undefined;
  readonly #sharesLists: boolean;
  readonly #folder: string;
  /** The latest list. */
  #latest: { digest: string; listed: Promise<Descriptor[]> } | undefined;
  /** Digests that have been reported. */
  readonly #gone = new Set<string>();

  /**
   * @param repository `REGISTRY/PATH` without tag
   * @param folder the run's private temporary folder
   */
  constructor(
    oras: Oras,
    repository: string,
    folder: string,
    { log, sharesLists = false }: RegistryStoreOptions = {},
  ) {
    this.#oras = oras;
    this.name = repository;
    this.#lists = new ReferrerLists(oras, repository);
    this.#log = log;
    this.#sharesLists = sharesLists;
    this.#folder = folder;
  }

  async list(subject: Descriptor, artifactType: string): Promise<Descriptor[]> {
    const { digest } = subject;
    const known = this.#sharesLists && this.#latest?.digest === digest ? this.#latest : undefined;
    this.#latest = known ?? { digest, listed: this.#lists.read(subject) };
    return ofType(await this.#latest.listed, artifactType);
  }

  fetchManifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.manifest(this.name, descriptor);
  }

  fetchBlob(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.smallBlob(this.name, descriptor, MAX_SIGNATURE_SIZE);
  }

  fetchTogether(descriptor: Descriptor, manifest: SignatureManifest): Promise<ReadonlyMap<string, Buffer>> {
    return pullTogether(this.#oras, this.name, descriptor, manifest, this.#folder);
  }

  reportGone(subject: Descriptor, { digest }: Descriptor): void {
    if (this.#gone.has(digest)) return;
    this.#gone.add(digest);
    this.#log?.warn(
      `${this.name} lists ${digest} as a referrer of ${subject.digest}, but no longer has it: left out`,
    );
  }

  async push({ blobs, descriptor, bytes }: EncodedArtifact, folder: string): Promise<void> {
    const { rivals } = this.#lists;
    await inBatches(blobs, async (blob, index) => {
      const name = `blob-${index}`;
      await writeFile(join(folder, name), blob.bytes, { mode: 0o600 });
      await rivals.timed(() => this.#oras.pushBlob(this.name, blob.descriptor, { folder, name }));
    });
    const name = 'manifest.json';
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
    await rivals.timed(() => this.#oras.pushManifest(this.name, descriptor, { folder, name }));
  }

  async enlist(
    artifacts: readonly EncodedArtifact[],
    folder: string,
    signal?: AbortSignal,
  ): Promise<Descriptor[]> {
    const entries = artifacts.map(({ descriptor, manifest: { subject, artifactType, annotations } }) => ({
      descriptor,
      subject,
      artifactType,
      annotations,
    }));
    this.#latest = undefined;
    const [first] = entries;
    return first === undefined ? [] : this.#lists.ensure(first.subject, entries, folder, signal);
  }

  async remove(
    subject: Descriptor,
    referrers: readonly Descriptor[],
    folder: string,
    changed: (digest: string, fate: Fate) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.#latest = undefined;
    const digests = new Set(referrers.map(({ digest }) => digest));
    for (const digest of await this.#lists.unlist(subject, digests, folder, signal)) {
      changed(digest, 'unlisted');
    }
    for (const referrer of referrers) {
      signal.throwIfAborted();
      try {
        await this.#oras.deleteManifest(this.name, referrer);
      } catch (error) {
        if (!isRefusal(error)) changed(referrer.digest, 'unknown');
        throw error;
      }
      changed(referrer.digest, 'deleted');
    }
  }

  settle(folder: string, signal: AbortSignal): Promise<void> {
    return this.#lists.rivals.settle(folder, signal);
  }
}
