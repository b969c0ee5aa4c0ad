import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../../errors.ts';
import type { Descriptor } from '../../../model/index.ts';
import { ReferrersRefusedError } from '../../oras/failures/refusal.ts';
import type { Oras } from '../../oras/oras.ts';
import { NotAnIndexError, type ReferrerEntry } from './fallback-index.ts';
import { LateRivals } from './late-rivals.ts';
import { TagList } from './tag-list.ts';

/** Milliseconds before each further attempt, up to doubled at random so that two signers separate. */
const RETRY_AFTER = [300, 600, 1200];

/**
 * The lists of referrers in a repository: the referrers API, the fallback tags, or both. Which of them a
 * registry serves is decided by what it lists, not by what it claims: registries exist whose API answers
 * with an empty list for whatever was pushed, or refuses the endpoint to credentials that read manifests.
 */
export class ReferrerLists {
  readonly rivals: LateRivals;
  readonly #oras: Oras;
  readonly #repository: string;
  /** Whether the API has failed to list what this run pushed: the next subject needs no waiting. */
  #deaf = false;

  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras: Oras, repository: string) {
    this.#oras = oras;
    this.#repository = repository;
    this.rivals = new LateRivals(oras, repository);
  }

  /**
   * All referrers of a subject, of any type: those of the API first, then those under the fallback tag, as
   * far as the mode permits.
   * @throws ReferrersRefusedError if the registry refuses the API and has no list under the tag,
   *   VeritySignError 'registry'
   */
  async read(subject: Descriptor): Promise<Descriptor[]> {
    if (this.#oras.referrersMode === 'api') {
      return (await this.#oras.referrers(this.#repository, subject)) ?? [];
    }
    const byApi = await this.#byApi(subject);
    const underTag = await this.#underTag(subject, Array.isArray(byApi));
    // Refused and no list: whether there are referrers is not known.
    if (byApi instanceof ReferrersRefusedError && underTag === undefined) throw byApi;
    const listed = Array.isArray(byApi) ? byApi : [];
    const known = new Set(listed.map(({ digest }) => digest));
    return [...listed, ...(underTag ?? []).filter(({ digest }) => !known.has(digest))];
  }

  /** Whether the registry answers at the referrers API; `pushed` is a manifest that it has. */
  async hasApi(pushed: Descriptor): Promise<boolean> {
    return this.#oras.referrersMode === 'api' || Array.isArray(await this.#byApi(pushed));
  }

  /**
   * Makes sure that manifests which were pushed are listed as referrers. A registry with the referrers API
   * lists them by itself; elsewhere, one write of the fallback tag lists them all.
   *
   * @param entries of one subject
   * @param folder an empty folder of this run, for a temporary file
   * @returns the list as it was read afterwards
   * @throws VeritySignError 'registry'
   */
  async ensure(
    subject: Descriptor,
    entries: readonly ReferrerEntry[],
    folder: string,
    signal?: AbortSignal,
  ): Promise<Descriptor[]> {
    const byApi = await this.#awaitApi(subject, entries, signal);
    if (byApi !== undefined && (this.#oras.referrersMode === 'api' || hasAll(byApi, entries))) return byApi;
    this.#deaf = byApi !== undefined;
    return this.ensureTag(subject, entries, folder, signal);
  }

  /** As {@link ensure}, by the fallback tag alone. The subject need not exist. */
  async ensureTag(
    subject: Descriptor,
    entries: readonly ReferrerEntry[],
    folder: string,
    signal?: AbortSignal,
  ): Promise<Descriptor[]> {
    const list = new TagList(this.#oras, this.#repository, subject);
    for (let attempt = 0; ; attempt++) {
      await this.rivals.timed(() => list.add(entries, folder));
      const listed = await list.entries();
      if (hasAll(listed, entries)) {
        this.rivals.add(entries);
        return listed;
      }
      if (!(await pause(attempt, signal))) return listed;
    }
  }

  /**
   * Takes referrers out of the list under the fallback tag. The list of the API follows the manifests.
   *
   * @param digests of referrers of this subject
   * @param folder a folder of this run, for a temporary file
   * @returns those that no list has any more
   * @throws VeritySignError 'registry', also if another client keeps listing them
   */
  async unlist(
    subject: Descriptor,
    digests: ReadonlySet<string>,
    folder: string,
    signal?: AbortSignal,
  ): Promise<string[]> {
    if (this.#oras.referrersMode === 'api') return [];
    const byApi = await this.#byApi(subject);
    const under = await this.#underTag(subject, Array.isArray(byApi));
    const listed = (under ?? []).map(({ digest }) => digest).filter((digest) => digests.has(digest));
    if (listed.length === 0) return [];
    const list = new TagList(this.#oras, this.#repository, subject);
    for (let attempt = 0; ; attempt++) {
      await list.remove(digests, folder);
      const [left] = (await list.entries()).filter(({ digest }) => digests.has(digest));
      if (left === undefined) break;
      if (!(await pause(attempt, signal))) throw this.#keepsListing(left, subject);
    }
    const known = new Set(Array.isArray(byApi) ? byApi.map(({ digest }) => digest) : []);
    return listed.filter((digest) => !known.has(digest));
  }

  #keepsListing({ digest }: Descriptor, subject: Descriptor): VeritySignError {
    return new VeritySignError(
      'registry',
      `${this.#repository} still lists ${digest} as a referrer of ${subject.digest} after a list without it was written`,
      { remedy: 'Make sure that no other program writes that list at the same time, then run again' },
    );
  }

  /** The list of the API once it has all entries, or as it is after the last attempt. */
  async #awaitApi(
    subject: Descriptor,
    entries: readonly ReferrerEntry[],
    signal: AbortSignal | undefined,
  ): Promise<Descriptor[] | undefined> {
    for (let attempt = 0; ; attempt++) {
      const listed = await this.#byApi(subject);
      if (!Array.isArray(listed)) return undefined;
      if (hasAll(listed, entries) || this.#deaf) return listed;
      if (!(await pause(attempt, signal))) return listed;
    }
  }

  /** What the API lists; undefined or the refusal where the fallback tag is used instead. */
  async #byApi(subject: Descriptor): Promise<Descriptor[] | ReferrersRefusedError | undefined> {
    try {
      return await this.#oras.referrers(this.#repository, subject);
    } catch (error) {
      if (error instanceof ReferrersRefusedError && this.#oras.referrersMode === 'auto') return error;
      throw error;
    }
  }

  /** A tag of another kind is an error only where the tag is the only list. */
  async #underTag(subject: Descriptor, hasApi: boolean): Promise<Descriptor[] | undefined> {
    try {
      return await new TagList(this.#oras, this.#repository, subject).find();
    } catch (error) {
      if (hasApi && error instanceof NotAnIndexError) return undefined;
      throw error;
    }
  }
}

function hasAll(listed: readonly Descriptor[], entries: readonly ReferrerEntry[]): boolean {
  const digests = new Set(listed.map(({ digest }) => digest));
  return entries.every(({ descriptor }) => digests.has(descriptor.digest));
}

/** Waits before the attempt after this one; false if there is none. */
async function pause(attempt: number, signal: AbortSignal | undefined): Promise<boolean> {
  const wait = RETRY_AFTER[attempt];
  if (wait === undefined) return false;
  await setTimeout(wait * (1 + Math.random()), undefined, signal === undefined ? {} : { signal });
  return true;
}
