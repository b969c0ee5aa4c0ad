import type { DroppedEntries } from '../../model/index.ts';
import { observer } from './handler.ts';
import { TarReader } from './reader.ts';
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

/**
 * Watches a tar on its way to mkfs.erofs for the entries that it omits or alters. Keeps no file data and
 * never throws: a tar that cannot be followed is one that mkfs.erofs refuses by itself.
 */
export class DroppedEntryObserver {
  readonly #dropped = new DroppedList();
  readonly #reader = new TarReader(observer({ dropped: this.#dropped.add }));

  push(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  /** Ends the tar. */
  result(): DroppedEntries {
    this.#reader.end();
    return this.#dropped.result();
  }
}
