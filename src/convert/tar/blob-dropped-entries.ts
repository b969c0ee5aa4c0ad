import type { DroppedEntries } from '../../model/index.ts';
import { BLOCK, parseHeader, type TarHeader } from './blob-header.ts';
import { parsePaxRecords } from './blob-pax-records.ts';

const MOST_EXAMPLES = 10;
/** Extended headers are looked at up to this many bytes. */
const MOST_EXTENDED = 1024 * 1024;
const KNOWN = '01234567';
const XATTR = 'SCHILY.xattr.';

/** What the headers before an entry say about it. */
interface Extended {
  path?: string;
  size?: number;
  sparse?: boolean;
  xattrCut?: string;
}

/**
 * Watches a tar go by and counts the entries that mkfs.erofs leaves out or alters although it
 * exits 0 (lib/tar.c). It follows that reader, copies no file data, and never throws: a tar that it
 * cannot follow is one that mkfs.erofs refuses by itself.
 */
export class DroppedEntryObserver {
  /** Bytes to pass over before the next block. */
  #skip = 0;
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** An `x`, `L` or `K` header's data on its way in. */
  #data: { flag: string; left: number; padding: number; pieces: Buffer[]; kept: number } | undefined;
  #extended: Extended = {};
  #zeroBlocks = 0;
  #finished = false;
  /** Set once mkfs.erofs has stopped reading without saying so. */
  #cutOff = false;
  #count = 0;
  #examples: string[] = [];

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#finished) {
      if (this.#data !== undefined) at += this.#keep(chunk, at);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, chunk.length - at);
        chunk.copy(this.#block, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) {
          this.#filled = 0;
          this.#header();
        }
      }
    }
  }

  /** To be called after the last piece. */
  result(): DroppedEntries {
    if (
      !this.#finished &&
      this.#filled > 0 &&
      this.#block.subarray(0, this.#filled).some((byte) => byte !== 0)
    ) {
      this.#report('(the last header)', 'incomplete: left out');
    }
    this.#finished = true;
    return { count: this.#count, examples: [...this.#examples] };
  }

  #header(): void {
    const header = parseHeader(this.#block);
    if (header === undefined) {
      this.#finished = true;
    } else if (header === 'zero') {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#finished = true;
    } else {
      this.#take(header);
    }
  }

  #take(header: TarHeader): void {
    const flag = header.typeflag;
    if (flag === 'V') return;
    const size = this.#extended.size ?? header.size;
    if (size === undefined || size < 0 || size > Number.MAX_SAFE_INTEGER - BLOCK) {
      this.#finished = true;
      return;
    }
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ('xgLK'.includes(flag)) {
      this.#data = { flag, left: size, padding, pieces: [], kept: 0 };
      if (size === 0) this.#extend();
      return;
    }
    this.#judge(header, size);
    // Links and directories with a size: mkfs.erofs takes the data for the next header.
    this.#skip = '125'.includes(flag) ? 0 : size + padding;
    this.#extended = {};
    this.#zeroBlocks = 0;
  }

  #judge(header: TarHeader, size: number): void {
    const flag = header.typeflag;
    const name = (this.#extended.path ?? header.name) || '(no name)';
    const device = flag === '3' || flag === '4';
    if (this.#cutOff) {
      this.#report(name, 'after an invalid device number: left out');
    } else if (!KNOWN.includes(flag)) {
      this.#report(name, `typeflag ${flag === '\0' ? 'NUL' : flag}: left out`);
    } else if (device && (header.devmajor === undefined || header.devminor === undefined)) {
      this.#cutOff = true;
      this.#report(name, 'invalid device number: left out with all that follows');
    } else if ((device || flag === '6') && size > 0) {
      this.#report(name, 'device or FIFO with data: its device number is lost');
    } else if (this.#extended.sparse && (flag === '0' || flag === '7')) {
      this.#report(name, 'PAX sparse file: stored with its sparse map, not expanded');
    } else if (this.#extended.xattrCut !== undefined) {
      this.#report(name, `extended attribute ${this.#extended.xattrCut}: too long, damaged`);
    }
  }

  #report(name: string, what: string): void {
    this.#count += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(`${printable(name)} (${what})`);
  }

  #keep(chunk: Buffer, at: number): number {
    const data = this.#data;
    if (data === undefined) return 0;
    const step = Math.min(data.left, chunk.length - at);
    const wanted = Math.min(step, MOST_EXTENDED - data.kept);
    if (wanted > 0) {
      data.pieces.push(Buffer.from(chunk.subarray(at, at + wanted)));
      data.kept += wanted;
    }
    data.left -= step;
    if (data.left === 0) this.#extend();
    return step;
  }

  #extend(): void {
    const data = this.#data;
    this.#data = undefined;
    if (data === undefined) return;
    this.#skip = data.padding;
    const bytes = Buffer.concat(data.pieces);
    if (data.flag === 'L') {
      const end = bytes.indexOf(0);
      this.#extended.path = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
      return;
    }
    if (data.flag === 'K') return;
    const records = parsePaxRecords(bytes);
    if (data.flag === 'g') {
      // Global sizes and sparse maps are so odd that following them would be guesswork.
      if (records.some(({ key }) => key === 'size')) this.#finished = true;
      return;
    }
    for (const { key, value } of records) {
      if (key === 'path' && value.length > 0) this.#extended.path = value.toString('latin1');
      else if (key === 'size' && value.length > 0) this.#extended.size = Number(value.toString('latin1'));
      else if (key.startsWith('GNU.sparse.')) this.#sparse(key, value);
      else if (key.startsWith(XATTR)) {
        const name = key.slice(XATTR.length);
        if (name.length > 255 || value.length > 65535) this.#extended.xattrCut = printable(name.slice(0, 80));
      }
    }
  }

  #sparse(key: string, value: Buffer): void {
    this.#extended.sparse = true;
    if (key === 'GNU.sparse.name') this.#extended.path = value.toString('latin1');
  }
}

/** Names are raw bytes from outside: they must not steer a terminal or a log. */
function printable(name: string): string {
  const text = Buffer.from(name, 'latin1').toString('utf8');
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
