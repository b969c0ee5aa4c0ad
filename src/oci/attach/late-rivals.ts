import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import type { Oras } from '../oras/oras.ts';
import { addToIndex, fallbackTag } from './fallback-index.ts';
import { ensureListed, fallbackList, type ReferrerEntry } from './referrer-list.ts';

/** Milliseconds before the last look, at least and at most. */
const SHORTEST_WAIT = 2000;
const LONGEST_WAIT = 20_000;
/** Part of the wait that is added at random at most, so that two signers separate. */
const SPREAD = 0.25;
/** Number of looks: what was lost is listed again after each but the last. */
const LOOKS = 3;

/**
 * Guards the lists of referrers that clients maintain under a tag. Another client may have read such a list
 * before this run added its entry, and write it after this run has read it back: the entry is lost. One more
 * look, after a time in which a client as slow as this one has written, finds most of these cases.
 */
export class LateRivals {
  readonly #oras: Oras;
  readonly #repository: string;
  readonly #entries: ReferrerEntry[] = [];
  /** Milliseconds. */
  #slowest = 0;

  constructor(oras: Oras, repository: string) {
    this.#oras = oras;
    this.#repository = repository;
  }

  /** Remembers a referrer that this run has listed. */
  add(entry: ReferrerEntry): void {
    this.#entries.push(entry);
  }

  /** Measures a push. */
  async timed<T>(push: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await push();
    } finally {
      this.#slowest = Math.max(this.#slowest, performance.now() - started);
    }
  }

  /**
   * Makes sure that the registry still lists all referrers of this run. Returns at once if it lists them
   * itself.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if another client keeps removing them, the signal's reason
   */
  async settle(folder: string, signal: AbortSignal): Promise<void> {
    const [first] = this.#entries;
    if (first === undefined) return;
    if (await this.#oras.hasReferrersApi(this.#repository, first.descriptor)) return;
    for (let look = 1; ; look++) {
      await setTimeout(this.#wait(), undefined, { signal });
      const lost = await this.#lost();
      const [one] = lost;
      if (one === undefined) return;
      if (look === LOOKS) throw this.#removed(one);
      for (const entry of lost) {
        await this.timed(() => ensureListed(this.#oras, this.#repository, entry, folder));
      }
    }
  }

  #wait(): number {
    const base = Math.max(SHORTEST_WAIT, 2 * this.#slowest);
    return Math.min(LONGEST_WAIT, base * (1 + SPREAD * Math.random()));
  }

  async #lost(): Promise<ReferrerEntry[]> {
    const lists = new Map<string, Buffer | undefined>();
    const lost: ReferrerEntry[] = [];
    for (const entry of this.#entries) {
      const tag = fallbackTag(entry.subject);
      if (!lists.has(tag)) lists.set(tag, await fallbackList(this.#oras, this.#repository, tag));
      if (addToIndex(lists.get(tag), entry.descriptor) !== undefined) lost.push(entry);
    }
    return lost;
  }

  #removed({ descriptor, subject }: ReferrerEntry): VeritySignError {
    return new VeritySignError(
      'registry',
      `${this.#repository} no longer lists ${descriptor.digest} as a referrer of ${subject.digest}: another program writes the list at the same time`,
      {
        remedy:
          'Sign an image in one run at a time (in GitHub workflows by concurrency), or use a registry with the referrers API; then run again',
      },
    );
  }
}
