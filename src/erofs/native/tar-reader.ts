import { type TarEntry, TYPE } from './entry.ts';
import { malformed, unsupported } from './failures.ts';
import { blockKind, field, headerPath, TAR_BLOCK } from './header.ts';
import { number, octal, toInt, toUint } from './numbers.ts';
import { noOverrides, type Reject, readPax, strippedPath } from './pax.ts';
import type { Rules } from './releases.ts';
import { setXattr } from './xattr-list.ts';

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

/** An `x`, `g`, `L` or `K` header's data on its way in. */
interface Extension {
  flag: string;
  pieces: Buffer[];
}

/** Largest extension in memory; PAX has no limit, real ones are a few KiB. */
const MOST_EXTENSION = 32 * 1024 * 1024;
const MOST_NAME = 4096;
/** Up to 1.9.1, PAX data must fit the buffer of its reader. */
const OLD_PAX = 32768;
const PADDING = BigInt(TAR_BLOCK);

const everyone = (): boolean => true;
const modern = (rules: Rules): boolean => !rules.oldEntries;

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
  #extension: Extension = { flag: '', pieces: [] };
  /** Bytes that the state still wants. */
  #left = 0;
  /** Of these, how many the state wanted at first. */
  #wanted = 0;

  constructor(consumer: TarConsumer) {
    this.#consumer = consumer;
  }

  /** Bytes that the tar has had by its headers; complete after `end`. */
  get position(): bigint {
    return this.#position;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.#state !== 'end'; ) {
      at = this.#take(chunk, at);
      if (!this.#consumer.alive()) this.#state = 'end';
    }
  }

  /** The bytes are over. */
  end(): void {
    if (this.#state === 'end') return;
    const { reject, dropped } = this.#consumer;
    if (this.#state === 'data') return this.#fail('the data of a file is cut');
    if (this.#state === 'extension') {
      const { flag } = this.#extension;
      if (flag === 'L' || flag === 'K') return this.#fail('a GNU long name is cut');
      // Cut PAX data counts as the end; if none came at all, the padding is missing as well.
      if (this.#left === this.#wanted && this.#wanted % TAR_BLOCK !== 0)
        return this.#fail('a PAX header is cut');
      if (this.#left !== this.#wanted) {
        this.#state = 'end';
        return dropped('(the last PAX header)', 'incomplete: left out');
      }
    }
    if (this.#state === 'ignored' && this.#position % PADDING !== 0n)
      return this.#fail('the last entry is cut');
    if (this.#padding > 0) return this.#fail('the padding behind a file is cut');
    if (this.#filled > 0 && this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)) {
      dropped('(the last header)', 'incomplete: left out');
    }
    reject(malformed('the end-of-archive marker is missing'), (rules) => rules.needsEnd);
    this.#state = 'end';
  }

  #fail(what: string): void {
    this.#state = 'end';
    this.#consumer.reject(malformed(what), everyone);
  }

  /** Takes bytes from `at` on and returns where it stopped. */
  #take(chunk: Buffer, at: number): number {
    if (this.#state === 'header') return this.#takeHeader(chunk, at);
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#state === 'data') this.#consumer.data(chunk.subarray(at, end));
    else if (this.#state === 'extension') this.#extension.pieces.push(Buffer.from(chunk.subarray(at, end)));
    if (this.#left === 0) this.#complete();
    return end;
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#padding, chunk.length - at);
    this.#padding -= skipped;
    const start = at + skipped;
    if (this.#padding > 0) return start;
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
    if (kind !== 'header') return this.#fail(`a header with a ${kind}`);
    const flag = block.toString('latin1', 156, 157);
    if (flag === 'V') return this.#consumer.volumeName(block.subarray(0, 16));
    if (block.toString('latin1', 257, 262) !== 'ustar') return this.#fail('a header that is not ustar');
    const size = this.#overrides.size ?? number(block, 124, 12);
    if (size === undefined) return this.#fail('a size that is no number');
    if (size < 0n) return this.#fail('a negative size');
    const dataOffset = this.#position;
    this.#position += size;
    if ('xgLK'.includes(flag)) return this.#extend(flag, size);
    if (!'01234567'.includes(flag)) {
      const name = this.#overrides.path ?? headerPath(block);
      this.#consumer.dropped(name, `typeflag ${flag === '\0' ? 'NUL' : flag}: left out`);
      this.#endEntry();
      return this.#expect('ignored', size);
    }
    this.#entry(block, flag, this.#path(block), size, dataOffset);
  }

  #path(block: Buffer): string {
    const { path } = this.#overrides;
    if (path !== undefined) return path;
    const full = headerPath(block);
    return full === '' ? '.' : strippedPath(full, this.#consumer.reject);
  }

  #extend(flag: string, size: bigint): void {
    const { reject } = this.#consumer;
    if (flag === 'L' || flag === 'K') {
      if (size > MOST_NAME) reject(malformed(`a GNU long name of more than ${MOST_NAME} bytes`), modern);
    } else {
      if (size >= 0xffffffffn) return this.#fail('a PAX header of more than 4 GiB');
      if (size > OLD_PAX)
        reject(malformed(`a PAX header of more than ${OLD_PAX} bytes`), (rules) => rules.oldPax);
    }
    if (size > MOST_EXTENSION) {
      this.#state = 'end';
      return reject(unsupported(`an extended header of more than ${MOST_EXTENSION} bytes`), everyone);
    }
    this.#extension = { flag, pieces: [] };
    this.#expect('extension', size);
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
    const { state, extension } = { state: this.#state, extension: this.#extension };
    this.#state = 'header';
    this.#pad();
    if (state === 'data') this.#consumer.dataEnd();
    else if (state === 'extension') this.#apply(extension.flag, Buffer.concat(extension.pieces));
  }

  #apply(flag: string, data: Buffer): void {
    const { reject } = this.#consumer;
    this.#extension = { flag: '', pieces: [] };
    if (flag === 'x') return readPax(data, this.#overrides, reject);
    if (flag === 'g') {
      readPax(data, this.#global, reject);
      // Only these reach the entry that follows at once; the rest begins with the next.
      const { path, link } = this.#global;
      if (path !== undefined) this.#overrides.path = path;
      if (link !== undefined) this.#overrides.link = link;
      return;
    }
    const nul = data.indexOf(0);
    const text = data.toString('latin1', 0, nul === -1 ? data.length : nul);
    if (flag === 'L') this.#overrides.path = text;
    else this.#overrides.link = text;
  }

  #pad(): void {
    this.#padding = Number((PADDING - (this.#position % PADDING)) % PADDING);
    this.#position += BigInt(this.#padding);
  }

  #endEntry(): void {
    this.#overrides = { ...this.#global, xattrs: [], reversedXattrs: [] };
    this.#zeroBlock = false;
  }

  #entry(block: Buffer, flag: string, path: string, size: bigint, dataOffset: bigint): void {
    const overrides = this.#overrides;
    const permissions = octal(block, 100, 8);
    const uid = overrides.uid ?? fieldUint(block, 108);
    const gid = overrides.gid ?? fieldUint(block, 116);
    const timed = overrides.mtime !== undefined || overrides.oldMtime !== undefined;
    const seconds = timed ? 0n : number(block, 136, 12);
    if (permissions === undefined) return this.#fail('a mode that is no number');
    if (uid === undefined || gid === undefined) return this.#fail('an owner that is no number');
    if (seconds === undefined) return this.#fail('a time that is no number');
    const headerTime = { seconds, nanoseconds: 0 };
    const device = flag === '3' || flag === '4';
    const major = device ? number(block, 329, 8) : 0n;
    const minor = device ? number(block, 337, 8) : 0n;
    if (major === undefined || minor === undefined) {
      // mkfs.erofs leaves off here, and says that all is well.
      this.#consumer.dropped(path, 'invalid device number: left out with all that follows');
      this.#state = 'end';
      return;
    }
    const link = flag === '1' || flag === '2';
    const target = link ? (overrides.link ?? field(block, 157, 100)) : '';
    const consumes = this.#consumer.entry({
      path,
      oldPath: overrides.emptyPath && overrides.path === undefined ? '' : path,
      hardLink: flag === '1',
      target,
      oldTarget: overrides.emptyLink && overrides.link === undefined ? '' : target,
      mode: typeOf(flag) | (permissions & 0o7777),
      size: Number(size),
      uid,
      gid,
      mtime: overrides.mtime ?? headerTime,
      oldMtime: overrides.oldMtime ?? headerTime,
      major: toInt(major),
      minor: toInt(minor),
      dataOffset: Number(dataOffset),
      ...this.#xattrs(flag),
    });
    this.#warn(path, flag, size);
    this.#endEntry();
    if (consumes) this.#expect('data', size);
    else this.#pad();
  }

  #xattrs(flag: string): Pick<TarEntry, 'xattrs' | 'reversedXattrs'> {
    const { xattrs, reversedXattrs } = this.#overrides;
    if (flag === '1') return { xattrs: [], reversedXattrs: [] };
    for (const xattr of this.#global.xattrs) setXattr(xattrs, xattr, true);
    for (const xattr of this.#global.reversedXattrs) setXattr(reversedXattrs, xattr, true);
    return { xattrs, reversedXattrs };
  }

  /** Names what mkfs.erofs takes without a word, but not as it was meant. */
  #warn(path: string, flag: string, size: bigint): void {
    const { dropped } = this.#consumer;
    if ('346'.includes(flag) && size > 0n)
      dropped(path, 'device or FIFO with data: its device number is lost');
    if ('07'.includes(flag) && this.#overrides.sparse) {
      dropped(path, 'PAX sparse file: stored with its sparse map, not expanded');
    }
    const cut = this.#overrides.xattrs.find(
      ({ pair, nameLength }) => nameLength > 255 || pair.length - nameLength - 1 > 65535,
    );
    if (cut !== undefined && flag !== '1') {
      dropped(
        path,
        `extended attribute ${cut.pair.slice(0, Math.min(cut.nameLength, 80))}: too long, damaged`,
      );
    }
  }
}

function fieldUint(block: Buffer, start: number): number | undefined {
  const value = number(block, start, 8);
  return value === undefined ? undefined : toUint(value);
}

function typeOf(flag: string): number {
  switch (flag) {
    case '2':
      return TYPE.link;
    case '3':
      return TYPE.char;
    case '4':
      return TYPE.block;
    case '5':
      return TYPE.directory;
    case '6':
      return TYPE.fifo;
    default:
      return TYPE.file;
  }
}
