import type { DroppedEntries } from '../../model/index.ts';
import { printable } from '../erofs/native/failures.ts';

const MOST_EXAMPLES = 10;

/** Counts what mkfs.erofs leaves out or alters although it ends well, and names the first. */
export class DroppedList {
  #count = 0;
  readonly #examples: string[] = [];

  readonly add = (name: string, what: string): void => {
    this.#count += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  };

  result(): DroppedEntries {
    return { count: this.#count, examples: [...this.#examples] };
  }
}
