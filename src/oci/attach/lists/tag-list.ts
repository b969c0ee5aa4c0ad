import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { Oras } from '../../oras/oras.ts';
import { inBatches } from '../batches.ts';
import {
  changedIndex,
  checkIndex,
  entriesOf,
  fallbackTag,
  missingFrom,
  type ReferrerEntry,
} from './fallback-index.ts';

/**
 * Listed manifests that are looked up before a list is written, so that those that are gone are left out:
 * some registries refuse an index that lists what they do not have.
 */
const MOST_LOOKED_UP = 1000;

/**
 * The list of referrers that clients maintain under the fallback tag of one subject. Each method reads the
 * registry: other clients may write the same list at any time.
 */
export class TagList {
  readonly #oras: Oras;
  readonly #repository: string;
  readonly #subject: Descriptor;
  readonly #tag: string;

  constructor(oras: Oras, repository: string, subject: Descriptor) {
    this.#oras = oras;
    this.#repository = repository;
    this.#subject = subject;
    this.#tag = fallbackTag(subject);
  }

  /**
   * The listed referrers. A tag that points to the subject itself lists none: `cosign copy` leaves such tags.
   * @throws VeritySignError 'registry' if the tag points to something else that is not an index
   */
  async entries(): Promise<Descriptor[]> {
    return (await this.find()) ?? [];
  }

  /** As {@link entries}; undefined if there is no list. */
  async find(): Promise<Descriptor[] | undefined> {
    const { index } = await this.#read();
    return index === undefined ? undefined : entriesOf(index);
  }

  /** Those that are not listed. */
  async missing(entries: readonly ReferrerEntry[]): Promise<ReferrerEntry[]> {
    return missingFrom((await this.#read()).index, entries);
  }

  /**
   * Adds all entries in one write, or writes nothing if the list has them. Entries whose manifests are gone,
   * such as after a clean-up of untagged manifests, are removed by the same write.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async add(entries: readonly ReferrerEntry[], folder: string): Promise<void> {
    const { index, isSubject } = await this.#read();
    const missing = missingFrom(index, entries);
    if (missing.length === 0) return;
    const { bytes, descriptor } = changedIndex(index, missing, await this.#gone(entriesOf(index)));
    try {
      await this.#write(bytes, descriptor, folder);
    } catch (cause) {
      if (isSubject && cause instanceof VeritySignError && cause.code !== 'cancelled') {
        throw this.#unusable(cause);
      }
      throw cause;
    }
    if (isSubject && (await this.#read()).isSubject) throw this.#unusable();
  }

  /**
   * Takes entries out in one write, or writes nothing if the list has none of them. An empty list stays.
   * @param digests of the entries
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async remove(digests: ReadonlySet<string>, folder: string): Promise<void> {
    const { index } = await this.#read();
    if (!entriesOf(index).some(({ digest }) => digests.has(digest))) return;
    const { bytes, descriptor } = changedIndex(index, [], digests);
    await this.#write(bytes, descriptor, folder);
  }

  async #write(bytes: Buffer, descriptor: Descriptor, folder: string): Promise<void> {
    const name = 'index.json';
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
    await this.#oras.pushManifest(this.#repository, descriptor, { folder, name }, this.#tag);
  }

  async #read(): Promise<{ index: Buffer | undefined; isSubject: boolean }> {
    const found = await this.#oras.find(`${this.#repository}:${this.#tag}`);
    const isSubject = found?.digest === this.#subject.digest;
    if (found === undefined || isSubject) return { index: undefined, isSubject };
    checkIndex(found, this.#tag);
    return { index: await this.#oras.manifest(this.#repository, found), isSubject };
  }

  async #gone(listed: readonly Descriptor[]): Promise<Set<string>> {
    const gone = new Set<string>();
    await inBatches(listed.slice(0, MOST_LOOKED_UP), async ({ digest }) => {
      if ((await this.#oras.find(`${this.#repository}@${digest}`)) === undefined) gone.add(digest);
    });
    return gone;
  }

  /** GitLab resolves the fallback tag as if it were the digest, whatever was written to it. */
  #unusable(cause?: VeritySignError): VeritySignError {
    return new VeritySignError(
      'registry',
      `no signature can be attached in ${this.#repository}: the registry has no referrers API, and the fallback tag ${this.#tag} points to the manifest itself even after a list was written to it, as in GitLab's registry`,
      {
        remedy:
          'Push the image to a registry with the referrers API, or sign it in an OCI layout (oci:DIR) and deliver the signed layout',
        cause,
      },
    );
  }
}
