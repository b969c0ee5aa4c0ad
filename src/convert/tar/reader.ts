import { VeritySignError } from '../../errors.ts';
import { readEntry } from './entry-fields.ts';
import { afterTheEnd, type TarHandler } from './handler.ts';
import { blockKind, headerPath, isUstar, newHeaderBlock, TAR_BLOCK } from './header.ts';
import { lossesOf } from './losses.ts';
import { type Integer, isNegativeBase256, number, Offset } from './numbers.ts';
import { OverrideState } from './pax/override-state.ts';
import { everyRelease, strippedPath } from './pax/records.ts';
import { cutData, malformed, unsupported } from './refusals.ts';
import { ReusedBuffer } from './reused-buffer.ts';

type State = 'header' | 'extension' | 'data' | 'ignored' | 'end';

/** Largest extended header in memory; PAX has no limit, real ones are a few KiB. */
const MAX_EXTENSION = 8 * 1024 * 1024;
/** Larger headers than this are rare, and count towards {@link MAX_EXTENSIONS} with the rest. */
const SMALL_EXTENSION = 1024;
/** Bytes of all larger extended headers: each costs time and compresses to next to nothing. */
const MAX_EXTENSIONS = 160 * 1024 * 1024;
const MAX_PAX = 0xffffffff;
/** GNU long link targets; GNU long names only since 1.9.2. */
const MAX_NAME = 4096;
/** Up to 1.9.1, PAX data must fit the buffer of its reader. */
const MAX_OLD_PAX = 32768;
const SIZE_FIELD = 124;
const TYPE_FIELD = 156;

/**
 * Reads a tar as `mkfs.erofs --tar` does, in chunks of any length, and keeps no file data. This is the one
 * model of what mkfs.erofs reads, refuses, omits and alters.
 *
 * Offsets follow the declared sizes, also where no data is read for them (links, directories), so they may
 * diverge from the bytes. [erofs-utils, lib/tar.c, tarerofs_parse_tar]
 */
export class TarReader {
  #handler: TarHandler;
  readonly #overrides = new OverrideState();
  #state: State = 'header';
  /** Offset in the tar, by the declared sizes. */
  readonly #position = new Offset(TAR_BLOCK);
  /** Where mkfs.erofs stopped reading, if it did so before the end of the tar. */
  #stoppedAt: bigint | undefined;
  /** Bytes to skip before the next header. */
  #padding = 0;
  readonly #block = newHeaderBlock();
  #filled = 0;
  /** A first zero block has come since the last entry. */
  #zeroBlock = false;
  /** The typeflag of the extended header whose data is being read, and that data; '' if it is skipped. */
  #flag = '';
  readonly #data = new ReusedBuffer();
  /** Bytes of extended headers so far, without the first {@link SMALL_EXTENSION} of each. */
  #extensions = 0;
  /** Bytes that belong to the state, and those of them that are still to come. */
  #wanted = 0;
  #left = 0;
  /** Of the last entry, for a message. */
  #name = '';

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Bytes that the tar has by its headers, as far as mkfs.erofs reads it; complete after `end`. */
  get position(): bigint {
    return this.#stoppedAt ?? this.#position.value;
  }

  push(chunk: Buffer): void {
    this.#guard(() => {
      for (let at = 0; at < chunk.length && this.#state !== 'end'; ) {
        at = this.#take(chunk, at);
        if (!this.#handler.alive()) this.#state = 'end';
      }
    });
  }

  /** Ends the tar: no more bytes follow. */
  end(): void {
    this.#guard(() => {
      if (this.#state === 'end') return;
      this.#checkEnd();
      // Incomplete PAX data ends the tar as a marker does.
      const ended = this.#state === 'extension' && this.#left < this.#wanted;
      if (!ended)
        this.#handler.reject(malformed('the end-of-archive marker is missing'), ({ needsEnd }) => needsEnd);
      this.#state = 'end';
    });
  }

  /** An error that is thrown ends the tar for every release. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      this.#state = 'end';
      this.#handler.reject(error, everyRelease);
    }
  }

  #checkEnd(): void {
    const { dropped } = this.#handler;
    if (this.#state === 'data') {
      // With a tar index, mkfs.erofs does not read the data, and may not see that it is missing.
      dropped(this.#name, 'its data is cut: the file is incomplete');
      throw cutData();
    }
    if (this.#state === 'extension') {
      if (this.#flag === 'L' || this.#flag === 'K') throw malformed('a GNU long name is cut');
      // Cut PAX data ends the tar without an error; if none came at all, its padding is missing as well.
      if (this.#left < this.#wanted) dropped('(the last PAX header)', 'incomplete: dropped');
      else if (this.#wanted % TAR_BLOCK !== 0) throw malformed('a PAX header is cut');
    }
    if (this.#state === 'ignored' && this.#position.padding > 0) {
      throw malformed('the last entry is cut');
    }
    if (this.#padding > 0) throw malformed('the padding behind a file is cut');
    if (this.#block.bytes.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      dropped('(the last header)', 'incomplete: dropped');
    }
  }

  /** Reads bytes from `at` on and returns where it stopped. */
  #take(chunk: Buffer, at: number): number {
    if (this.#state === 'header') return this.#takeHeader(chunk, at);
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#state === 'data') this.#handler.data(chunk.subarray(at, end));
    else if (this.#state === 'extension' && this.#flag !== '') this.#data.append(chunk, at, end);
    if (this.#left === 0) this.#complete();
    return end;
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#padding, chunk.length - at);
    this.#padding -= skipped;
    const start = at + skipped;
    const end = Math.min(chunk.length, start + TAR_BLOCK - this.#filled);
    // Always copied: a view of the chunk would take longer, and its words might not be aligned.
    chunk.copy(this.#block.bytes, this.#filled, start, end);
    this.#filled += end - start;
    if (this.#filled === TAR_BLOCK) {
      this.#filled = 0;
      this.#header();
    }
    return end;
  }

  #header(): void {
    const block = this.#block.bytes;
    this.#handler.header?.(block);
    this.#position.add(TAR_BLOCK);
    const kind = blockKind(this.#block);
    if (kind === 'zero') {
      if (this.#zeroBlock) this.#state = 'end';
      this.#zeroBlock = true;
      return;
    }
    if (kind !== 'header') throw malformed(`a header with a ${kind}`);
    const flag = String.fromCharCode(block[TYPE_FIELD] as number);
    if (flag === 'V') {
      this.#handler.volumeName(block.subarray(0, 16));
      return;
    }
    if (!isUstar(block)) throw malformed('a header that is not ustar');
    const exactSize = this.#overrides.current.size ?? this.#sizeField(block);
    if (exactSize < 0) {
      this.#handler.reject(unsupported('it has a negative size'), ({ negativeSizes }) => negativeSizes);
      throw malformed('a negative size');
    }
    const dataOffset = this.#position.nearest;
    this.#position.add(exactSize);
    const size = Number(exactSize);
    if (flag >= '0' && flag <= '7') this.#entry(block, flag, size, dataOffset);
    else if (flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K') this.#extend(flag, size);
    else this.#ignore(this.#nameOf(block), size, `typeflag ${flag === '\0' ? 'NUL' : flag}: dropped`);
  }

  #sizeField(block: Buffer): Integer {
    const size = number(block, SIZE_FIELD, 12);
    if (size === undefined) throw malformed('a size that is not a number');
    if (isNegativeBase256(block, SIZE_FIELD)) {
      this.#handler.reject(
        malformed('a size that is not a number'),
        ({ noNegativeNumbers }) => noNegativeNumbers,
      );
    }
    return size;
  }

  #extend(flag: string, size: number): void {
    const { reject } = this.#handler;
    if (flag === 'L' || flag === 'K') {
      if (size > MAX_NAME) {
        const error = malformed(`a GNU long name of more than ${MAX_NAME} bytes`);
        reject(error, ({ oldEntries }) => flag === 'K' || !oldEntries);
      }
    } else {
      if (size >= MAX_PAX) throw malformed('a PAX header of more than 4 GiB');
      if (size > MAX_OLD_PAX) {
        reject(malformed(`a PAX header of more than ${MAX_OLD_PAX} bytes`), ({ oldPax }) => oldPax);
      }
    }
    const tooLarge = size > MAX_EXTENSION;
    if (tooLarge)
      reject(unsupported(`it has an extended header of more than ${MAX_EXTENSION} bytes`), everyRelease);
    this.#extensions += Math.max(0, size - SMALL_EXTENSION);
    const tooMuch = this.#extensions > MAX_EXTENSIONS;
    if (tooMuch)
      reject(unsupported(`it has extended headers of more than ${MAX_EXTENSIONS} bytes`), everyRelease);
    this.#flag = tooLarge || tooMuch ? '' : flag;
    this.#data.clear();
    this.#expect('extension', size);
  }

  /** Skips an entry that mkfs.erofs does not store. */
  #ignore(name: string, size: number, what: string): void {
    this.#handler.dropped(name, what);
    this.#handler.content?.(name, size + this.#position.padding);
    this.#endEntry();
    this.#expect('ignored', size);
  }

  #entry(block: Buffer, flag: string, size: number, dataOffset: number): void {
    const path = this.#path(block);
    const { current: overrides, global } = this.#overrides;
    const entry = readEntry(block, { flag, path, size, dataOffset, overrides, global }, this.#handler.reject);
    if (entry === undefined) {
      // Before the padding, which the entry gets if it has no data.
      const end = this.#position.value;
      this.#ignore(this.#nameOf(block), size, 'invalid device number: dropped with all that follows');
      this.#stop(end);
      return;
    }
    const nul = overrides.nulInPath ? ['NUL in its PAX path: the rest of the name is undefined'] : [];
    const losses = lossesOf(entry, overrides.xattrs, global.xattrs);
    if (nul.length + losses.length > 0)
      this.#handler.dropped(entry.sparsePath ?? path, [...nul, ...losses].join('; '));
    this.#name = entry.sparsePath ?? path;
    const consumes = this.#handler.entry(entry);
    this.#handler.content?.(path, (consumes ? size : 0) + this.#position.padding);
    this.#endEntry();
    if (consumes) this.#expect('data', size);
    else this.#pad();
  }

  /** mkfs.erofs stops at this position, as if the tar were complete. What follows is only counted. */
  #stop(position: bigint): void {
    if (this.#stoppedAt !== undefined) return;
    this.#stoppedAt = position;
    this.#handler = afterTheEnd(this.#handler);
  }

  #path(block: Buffer): string {
    const { path } = this.#overrides.current;
    if (path !== undefined) return path;
    const full = headerPath(block);
    return full === '' ? '.' : strippedPath(full, this.#handler.reject);
  }

  /** The name of an entry for a message. */
  #nameOf(block: Buffer): string {
    const { sparsePath, path } = this.#overrides.current;
    return (sparsePath ?? path ?? headerPath(block)) || '(no name)';
  }

  #endEntry(): void {
    this.#overrides.endEntry();
    this.#zeroBlock = false;
  }

  /** Reads `size` bytes in `state`, then the padding behind them. */
  #expect(state: State, size: number): void {
    this.#state = state;
    this.#wanted = size;
    this.#left = size;
    if (this.#left === 0) this.#complete();
  }

  /** All bytes of the state have come. */
  #complete(): void {
    const state = this.#state;
    this.#state = 'header';
    this.#pad();
    if (state === 'data') this.#handler.dataEnd();
    else if (state === 'extension') this.#apply(this.#data.bytes);
  }

  #pad(): void {
    this.#padding = this.#position.padding;
    this.#position.add(this.#padding);
  }

  #apply(data: Buffer): void {
    this.#handler.header?.(data);
    if (this.#flag !== '') this.#overrides.apply(this.#flag, data, this.#handler.reject);
  }
}
