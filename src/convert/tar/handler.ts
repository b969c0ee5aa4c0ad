import { hasData, type TarEntry } from './entry.ts';
import type { Reject } from './pax/records.ts';

/** Receives what a `TarReader` reads. */
export interface TarHandler {
  /** False ends the reading: every release has refused the tar. */
  alive(): boolean;
  reject: Reject;
  /** Returns whether `size` bytes of data follow, which come through `data`. */
  entry(entry: TarEntry): boolean;
  /** A chunk of the entry's data, which is overwritten after the call. */
  data(bytes: Buffer): void;
  /** The entry's data is complete. */
  dataEnd(): void;
  /** The first 16 bytes of a volume header's name. */
  volumeName(name: Buffer): void;
  /** mkfs.erofs omits or alters an entry without an error; `what` says how. latin1. */
  dropped(name: string, what: string): void;
  /** A header, or the whole data of an extended header without its padding; overwritten after the call. */
  header?(bytes: Buffer): void;
  /** Ends an entry's headers: `length` bytes of data and padding follow in the tar. */
  content?(name: string, length: number): void;
}

const nothing = (): void => undefined;

/**
 * A handler that builds nothing. It goes on where only some releases refuse the tar, and where only the
 * native builder does; such a tar is read as class C reads it.
 */
export function observer(callbacks: Partial<TarHandler>): TarHandler {
  return {
    alive: () => true,
    reject: nothing,
    entry: (entry) => hasData(entry, entry.path),
    data: nothing,
    dataEnd: nothing,
    volumeName: nothing,
    dropped: nothing,
    ...callbacks,
  };
}

/** Counts the entries behind the place where mkfs.erofs stops although the tar goes on. */
export function afterTheEnd(handler: TarHandler): TarHandler {
  const dropped = (name: string): void => handler.dropped(name, 'after an invalid device number: dropped');
  return observer({
    dropped,
    entry: (entry) => {
      dropped(entry.sparsePath ?? entry.path);
      return hasData(entry, entry.path);
    },
  });
}
