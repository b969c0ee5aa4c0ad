import { VeritySignError } from '../../errors.ts';
import { malformed, unsupported } from '../erofs/native/failures.ts';
import type { TarEntry } from './entry.ts';
import { mistreated, readEntry } from './entry-fields.ts';
import { blockKind, headerPath, TAR_BLOCK } from './header.ts';
import { number } from './numbers.ts';
import { noOverrides, type Reject, readPax, strippedPath } from './pax.ts';
import { XattrList } from './xattr-list.ts';

/** What a tar is read into: the releases that are built side by side. */
export interface TarConsumer {
  /** False once every release has refused the tar: nothing more is read then. */
  alive(): boolean;
  reject: Reject;
  /** Takes an entry; true if `size` bytes of data follow, which come through `data`. */
  entry(entry: TarEntry): boolean;
  /** A piece of the entry's data. It is overwritten after the call. */
  data(bytes: Buffer): void;
  /** The entry's data is complete. */
  dataEnd(): void;
  volumeName(name: Buffer): void;
  /** What mkfs.erofs passes over without a word. */
  dropped(name: string, what: string): void;
}

type State = 'header' | 'extension' | 'data' | 'ignored' | 'end';

/** Largest extension in memory; PAX has no limit, real ones are a few KiB. */
const MOST_EXTENSION = 8 * 1024 * 1024;
const MOST_PAX = 0xffffffffn;
/** Of a link's target; of an entry's own name only since 1.9.2. */
const MOST_NAME = 4096n;
/** Up to 1.9.1, PAX data must fit the buffer of its reader. */
const MOST_OLD_PAX = 32768n;
const PADDING = BigInt(TAR_BLOCK);
const KNOWN_TYPES = '01234567';
const EXTENSIONS = 'xgLK';

/**
 * Reads a tar as `mkfs.erofs --tar` does, in pieces of any length and keeping no file data.
 *
 * Offsets follow the declared sizes, also where no data is read for them (links, directories), so
 * that they may run away from the bytes. [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export class TarReader {
  readonly #consumer: TarConsumer;
  readonly #global = noOverrides();
  #overrides = noOverrides();
  #state: State = 'header';
  /** By the declared sizes. */
  #position = 0n;
  /** Bytes to pass over before the next header. */
  #padding = 0;
  #block = Buffer.alloc(TAR_BLOCK);
  #filled = 0;
  /** A first zero block has been seen since the last entry. */
  #zeroBlock = false;
  /** Of an `x`, `g`, `L` or `K` header, whose data is on its way in. */
  #flag = '';
  #pieces: Buffer[] = [];
  /** Bytes that the state wanted at first, and still wants. */
  #wanted = 0;
  #left = 0;

  constructor(consumer: TarConsumer) {
    this.#consumer = consumer;
  }

  /** Bytes that the tar has had by its headers; complete after `end`. */
  get position(): bigint {
    return this.#position;
  }

  push(chunk: Buffer): void {
    this.#guard(() => {
      for (let at = 0; at < chunk.length && this.#state !== 'end'; ) {
        at = this.#take(chunk, at);
        if (!this.#consumer.alive()) this.#state = 'end';
      }
    });
  }

  /** The bytes are over. */
  end(): void {
    this.#guard(() => {
      if (this.#state === 'end') return;
      this.#checkEnd();
      this.#consumer.reject(malformed('the end-of-archive marker is missing'), ({ needsEnd }) => needsEnd);
      this.#state = 'end';
    });
  }

  /** What is thrown ends the tar for every release. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      this.#state = 'end';
      this.#consumer.reject(error, () => true);
    }
  }

  #checkEnd(): void {
    const { dropped } = this.#consumer;
    if (this.#state === 'data') throw malformed('the data of a file is cut');
    if (this.#state === 'extension') {
      if (this.#flag === 'L' || this.#flag === 'K') throw malformed('a GNU long name is cut');
      // Cut PAX data counts as the end of all; if none came at all, the padding is missing as well.
      if (this.#left < this.#wanted) dropped('(the last PAX header)', 'incomplete: left out');
      else if (this.#wanted % TAR_BLOCK !== 0) throw malformed('a PAX header is cut');
    }
    if (this.#state === 'ignored' && this.#position % PADDING !== 0n)
      throw malformed('the last entry is cut');
    if (this.#padding > 0) throw malformed('the padding behind a file is cut');
    if (this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      dropped('(the last header)', 'incomplete: left out');
    }
  }

  /** Takes bytes from `at` on and returns where it stopped. */
  #take(chunk: Buffer, at: number): number {
    if (this.#state === 'header') return this.#takeHeader(chunk, at);
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#state === 'data') this.#consumer.data(chunk.subarray(at, end));
    else if (this.#state === 'extension') this.#pieces.push(Buffer.from(chunk.subarray(at, end)));
    if (this.#left === 0) this.#complete();
    return end;
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#padding, chunk.length - at);
    this.#padding -= skipped;
    const start = at + skipped;
    if (this.#filled === 0 && chunk.length - start >= TAR_BLOCK) {
      const end = start + TAR_BLOCK;
      this.#header(chunk.subarray(start, end));
      return end;
    }
    const end = Math.min(chunk.length, start + TAR_BLOCK - this.#filled);
    chunk.copy(this.#block, this.#filled, start, end);
    this.#filled += end - start;
    if (this.#filled === TAR_BLOCK) {
      this.#filled = 0;
      this.#header(this.#block);
    }
    return end;
  }

  #header(block: Buffer): void {
    this.#position += PADDING;
    const kind = blockKind(block);
    if (kind === 'zero') {
      if (this.#zeroBlock) this.#state = 'end';
      this.#zeroBlock = true;
      return;
    }
    if (kind !== 'header') throw malformed(`a header with a ${kind}`);
    const flag = block.toString('latin1', 156, 157);
    if (flag === 'V') {
      this.#consumer.volumeName(block.subarray(0, 16));
      return;
    }
    if (block.toString('latin1', 257, 262) !== 'ustar') throw malformed('a header that is not ustar');
    const size = this.#overrides.size ?? number(block, 124, 12);
    if (size === undefined) throw malformed('a size that is no number');
    if (size < 0n) throw malformed('a negative size');
    const dataOffset = this.#position;
    this.#position += size;
    if (EXTENSIONS.includes(flag)) this.#extend(flag, size);
    else if (KNOWN_TYPES.includes(flag)) this.#entry(block, flag, size, dataOffset);
    else this.#ignore(block, flag, size);
  }

  #extend(flag: string, size: bigint): void {
    const { reject } = this.#consumer;
    if (flag === 'L' || flag === 'K') {
      const error = malformed(`a GNU long name of more than ${MOST_NAME} bytes`);
      if (size > MOST_NAME) reject(error, ({ oldEntries }) => flag === 'K' || !oldEntries);
    } else {
      if (size >= MOST_PAX) throw malformed('a PAX header of more than 4 GiB');
      const error = malformed(`a PAX header of more than ${MOST_OLD_PAX} bytes`);
      if (size > MOST_OLD_PAX) reject(error, ({ oldPax }) => oldPax);
    }
    if (size > MOST_EXTENSION) throw unsupported(`an extended header of more than ${MOST_EXTENSION} bytes`);
    this.#flag = flag;
    this.#pieces = [];
    this.#expect('extension', size);
  }

  #ignore(block: Buffer, flag: string, size: bigint): void {
    const name = this.#overrides.path ?? headerPath(block);
    this.#consumer.dropped(name, `typeflag ${flag === '\0' ? 'NUL' : flag}: left out`);
    this.#endEntry();
    this.#expect('ignored', size);
  }

  #entry(block: Buffer, flag: string, size: bigint, dataOffset: bigint): void {
    const context = {
      flag,
      path: this.#path(block),
      size,
      dataOffset,
      overrides: this.#overrides,
      global: this.#global,
    };
    const entry = readEntry(block, context);
    if (entry === undefined) {
      this.#consumer.dropped(context.path, 'invalid device number: left out with all that follows');
      this.#state = 'end';
      return;
    }
    const consumes = this.#consumer.entry(entry);
    for (const what of mistreated(context)) this.#consumer.dropped(context.path, what);
    this.#endEntry();
    if (consumes) this.#expect('data', size);
    else this.#pad();
  }

  #path(block: Buffer): string {
    const { path } = this.#overrides;
    if (path !== undefined) return path;
    const full = headerPath(block);
    return full === '' ? '.' : strippedPath(full, this.#consumer.reject);
  }

  #endEntry(): void {
    this.#overrides = { ...this.#global, xattrs: new XattrList(), reversedXattrs: new XattrList() };
    this.#zeroBlock = false;
  }

  /** Goes on with `size` bytes for `state`, if there are any. */
  #expect(state: State, size: bigint): void {
    this.#state = state;
    this.#wanted = Number(size);
    this.#left = this.#wanted;
    if (this.#left === 0) this.#complete();
  }

  /** All bytes of the state have come. */
  #complete(): void {
    const state = this.#state;
    this.#state = 'header';
    this.#pad();
    if (state === 'data') this.#consumer.dataEnd();
    else if (state === 'extension') this.#apply(Buffer.concat(this.#pieces));
  }

  #pad(): void {
    this.#padding = Number((PADDING - (this.#position % PADDING)) % PADDING);
    this.#position += BigInt(this.#padding);
  }

  #apply(data: Buffer): void {
    const { reject } = this.#consumer;
    this.#pieces = [];
    if (this.#flag === 'x') {
      readPax(data, this.#overrides, reject);
    } else if (this.#flag === 'g') {
      readPax(data, this.#global, reject);
      // Only these reach the entry that follows at once; the rest begins with the next.
      this.#overrides.path = this.#global.path ?? this.#overrides.path;
      this.#overrides.link = this.#global.link ?? this.#overrides.link;
    } else {
      const nul = data.indexOf(0);
      const text = data.toString('latin1', 0, nul === -1 ? data.length : nul);
      this.#overrides[this.#flag === 'L' ? 'path' : 'link'] = text;
    }
  }
}
