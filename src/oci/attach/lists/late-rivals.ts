import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../../errors.ts';
import type { Oras } from '../../oras/oras.ts';
import type { ReferrerEntry } from './fallback-index.ts';
import { TagList } from './tag-list.ts';

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
  /** By the digest of their subject. */
  readonly #entries = new Map<string, ReferrerEntry[]>();
  /** Milliseconds. */
  #slowest = 0;

  constructor(oras: Oras, repository: string) {
    this.#oras = oras;
    this.#repository = repository;
  }

  /** Remembers referrers that a list under a tag has because of this run. */
  add(entries: readonly ReferrerEntry[]): void {
    for (const entry of entries) {
      const { digest } = entry.subject;
      this.#entries.set(digest, [...(this.#entries.get(digest) ?? []), entry]);
    }
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
   * Makes sure that the lists still have all referrers of this run. Returns at once if there are none.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if another client keeps removing them, the signal's reason
   */
  async settle(folder: string, signal: AbortSignal): Promise<void> {
    if (this.#entries.size === 0) return;
    for (let look = 1; ; look++) {
      await setTimeout(this.#wait(), undefined, { signal });
      const lost = await this.#lost();
      const [one] = lost.flat();
      if (one === undefined) return;
      if (look === LOOKS) throw this.#removed(one);
      for (const entries of lost) {
        const [{ subject } = one] = entries;
        await this.timed(() => this.#list(subject).add(entries, folder));
      }
    }
  }

  #wait(): number {
    const base = Math.max(SHORTEST_WAIT, 2 * this.#slowest);
    return Math.min(LONGEST_WAIT, base * (1 + SPREAD * Math.random()));
  }

  /** The entries that are no longer listed, by subject. */
  async #lost(): Promise<ReferrerEntry[][]> {
    const lost: ReferrerEntry[][] = [];
    for (const entries of this.#entries.values()) {
      const [first] = entries;
      const missing = first === undefined ? [] : await this.#list(first.subject).missing(entries);
      if (missing.length > 0) lost.push(missing);
    }
    return lost;
  }

  #list(subject: ReferrerEntry['subject']): TagList {
    return new TagList(this.#oras, this.#repository, subject);
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
