import type { FractionalTimes, TarFacts } from '../../model/index.ts';
import { DroppedList } from './dropped.ts';
import { hasData, type TarEntry } from './entry.ts';
import { observer } from './handler.ts';
import { TarReader } from './reader.ts';

/** Collects the facts of a tar while its entries are read. */
export class TarFactsCollector {
  readonly #dropped = new DroppedList();
  readonly #times: FractionalTimes = { count: 0, differing: 0 };

  readonly dropped = this.#dropped.add;

  entry({ mtime, oldMtime }: TarEntry): void {
    if (mtime.nanoseconds === 0 && oldMtime.nanoseconds === 0) return;
    this.#times.count += 1;
    if (mtime.nanoseconds !== oldMtime.nanoseconds || mtime.seconds !== oldMtime.seconds) {
      this.#times.differing += 1;
    }
  }

  result(): TarFacts {
    return { dropped: this.#dropped.result(), fractionalTimes: { ...this.#times } };
  }
}

/**
 * Watches a tar on its way to mkfs.erofs. Keeps no file data and never throws: a tar that cannot be followed is
 * one that mkfs.erofs refuses by itself.
 */
export class TarFactsObserver {
  readonly #facts = new TarFactsCollector();
  readonly #reader = new TarReader(
    observer({
      dropped: this.#facts.dropped,
      entry: (entry) => {
        this.#facts.entry(entry);
        return hasData(entry, entry.path);
      },
    }),
  );

  push(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  /** Ends the tar. */
  result(): TarFacts {
    this.#reader.end();
    return this.#facts.result();
  }
}
