import { observer } from '../tar/handler.ts';
import { TAR_BLOCK } from '../tar/header.ts';
import { TarReader } from '../tar/reader.ts';
import { printable } from '../tar/refusals.ts';

/** An entry of a tar without the contents of files. */
export interface SkeletonEntry {
  /** Printable; empty for blocks that belong to no entry, such as the end-of-archive marker. */
  name: string;
  /** The entry's header, with the extended headers before it. */
  headers: Buffer;
  /** Bytes of data and padding that follow. */
  dataSize: number;
}

/** Bytes of headers that are kept of a tar; what follows them is dropped. */
const MAX_HEADERS = 64 * 1024 * 1024;
const MAX_NAME = 256;
const ZEROS = Buffer.alloc(64 * 1024);

/** Keeps the headers of a tar that is read. What mkfs.erofs refuses ends the skeleton. */
export class SkeletonReader {
  readonly #entries: SkeletonEntry[] = [];
  /** Headers of the coming entry. */
  #pending: Buffer[] = [];
  #pendingSize = 0;
  #kept = 0;
  #received = 0;
  /** Bytes of headers and contents in `#entries`. */
  #described = 0;
  readonly #reader = new TarReader(
    observer({
      alive: () => this.#kept <= MAX_HEADERS,
      header: (bytes) => this.#keep(bytes),
      content: (name, length) => this.#add(name, length),
    }),
  );

  push(chunk: Buffer): void {
    this.#received += chunk.length;
    this.#reader.push(chunk);
  }

  /** Ends the tar. */
  result(): SkeletonEntry[] {
    this.#reader.end();
    // The data of the last entry may be cut.
    const last = this.#entries.at(-1);
    if (last !== undefined) last.dataSize -= Math.max(0, this.#described - this.#received);
    if (this.#pendingSize > 0) this.#add('', 0);
    return [...this.#entries];
  }

  #keep(bytes: Buffer): void {
    // Headers, and the data of extended headers, begin at whole blocks.
    const padding = (TAR_BLOCK - (this.#pendingSize % TAR_BLOCK)) % TAR_BLOCK;
    const copy = Buffer.alloc(padding + bytes.length);
    bytes.copy(copy, padding);
    this.#pending.push(copy);
    this.#pendingSize += copy.length;
    this.#kept += copy.length;
  }

  #add(name: string, dataSize: number): void {
    this.#described += this.#pendingSize + dataSize;
    this.#entries.push({
      name: printable(name.slice(0, MAX_NAME)),
      headers: Buffer.concat(this.#pending),
      dataSize,
    });
    this.#pending = [];
    this.#pendingSize = 0;
  }
}

/** A tar of these entries, with zeros for contents. */
export function* skeletonTar(entries: readonly SkeletonEntry[]): Generator<Buffer> {
  for (const { headers, dataSize } of entries) {
    yield Buffer.from(headers);
    // Copies: the reader of a layer may move a chunk's memory to another thread.
    for (let left = dataSize; left > 0; left -= ZEROS.length) {
      yield Buffer.from(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    }
  }
}
