import { hasData, type TarEntry } from '../tar/entry.ts';
import { observer } from '../tar/handler.ts';
import { TarReader } from '../tar/reader.ts';

/** Properties of a tar that releases of mkfs.erofs write differently. */
export interface TarTraits {
  /** Extended attributes: 1.9.3 changed their order. */
  xattrs: boolean;
  /** Times with a fraction, or at or before the start of 1970: 1.9.2 changed their treatment. */
  unusualTimes: boolean;
}

/** Finds the traits of a tar that is read. Keeps no file data and never throws. */
export class TarTraitsObserver {
  readonly #traits: TarTraits = { xattrs: false, unusualTimes: false };
  readonly #reader = new TarReader(observer({ entry: (entry) => this.#examine(entry) }));

  push(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  result(): TarTraits {
    return { ...this.#traits };
  }

  #examine(entry: TarEntry): boolean {
    this.#traits.xattrs ||= entry.xattrs[Symbol.iterator]().next().done !== true;
    for (const { seconds, nanoseconds } of [entry.mtime, entry.oldMtime]) {
      if (seconds <= 0 || nanoseconds !== 0) this.#traits.unusualTimes = true;
    }
    return hasData(entry, entry.path);
  }
}
