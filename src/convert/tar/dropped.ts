import type { DroppedEntries } from '../../model/index.ts';
import { printable } from './refusals.ts';

const MAX_EXAMPLES = 10;

/** Counts the entries that mkfs.erofs omits or alters although it exits 0, and names the first. */
export class DroppedList {
  #count = 0;
  readonly #examples: string[] = [];

  /** @param name latin1 */
  readonly add = (name: string, what: string): void => {
    this.#count += 1;
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  };

  result(): DroppedEntries {
    return { count: this.#count, examples: [...this.#examples] };
  }
}
