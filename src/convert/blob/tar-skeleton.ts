import { BLOCK, parseHeader } from '../tar/blob-header.ts';
import { parsePaxRecords } from '../tar/blob-pax-records.ts';

/** An entry of a tar without the contents of files. */
export interface SkeletonEntry {
  /** Printable; empty for what is no entry. */
  name: string;
  /** Its header, with the extended headers before it. */
  headers: Buffer;
  /** Bytes of data that follow, with their padding. */
  dataSize: number;
}

/** More is not kept of a tar, bytes. */
const MOST_HEADERS = 64 * 1024 * 1024;
const MOST_EXTENDED = 1024 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);

/** Watches a tar go by and keeps its headers. What it cannot follow ends it. */
export class SkeletonReader {
  readonly #entries: SkeletonEntry[] = [];
  #kept = 0;
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** Headers that wait for the entry they are about. */
  #pending: Buffer[] = [];
  /** Bytes of an extended header's data on their way in, with padding. */
  #extended: { flag: string; size: number; left: number } | undefined;
  #skip = 0;
  #name: string | undefined;
  #size: number | undefined;
  #finished = false;

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.#finished; ) {
      const rest = chunk.length - at;
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, rest);
        this.#skip -= step;
        at += step;
        continue;
      }
      const step = Math.min(BLOCK - this.#filled, rest);
      chunk.copy(this.#block, this.#filled, at, at + step);
      this.#filled += step;
      at += step;
      if (this.#filled === BLOCK) this.#take(Buffer.from(this.#block));
    }
  }

  result(): SkeletonEntry[] {
    return [...this.#entries];
  }

  #take(block: Buffer): void {
    this.#filled = 0;
    this.#kept += BLOCK;
    if (this.#kept > MOST_HEADERS) {
      this.#finished = true;
      return;
    }
    this.#pending.push(block);
    if (this.#extended !== undefined) this.#keep(this.#extended);
    else this.#header(block);
  }

  #header(block: Buffer): void {
    const header = parseHeader(block);
    const size = header === undefined || header === 'zero' ? 0 : (this.#size ?? header.size ?? Number.NaN);
    if (header === undefined || header === 'zero' || !(size >= 0 && size < Number.MAX_SAFE_INTEGER)) {
      this.#finished = header !== 'zero';
      this.#add('', 0);
      return;
    }
    const flag = header.typeflag;
    if ('xgLK'.includes(flag) && size > 0) {
      if (size > MOST_EXTENDED) this.#finished = true;
      this.#extended = { flag, size, left: Math.ceil(size / BLOCK) };
    } else if (!'xgLKV'.includes(flag)) {
      // Links and directories have no data, whatever their size says.
      this.#add(this.#name ?? header.name, '125'.includes(flag) ? 0 : Math.ceil(size / BLOCK) * BLOCK);
    }
  }

  #keep(extended: { flag: string; size: number; left: number }): void {
    extended.left -= 1;
    if (extended.left > 0) return;
    this.#extended = undefined;
    const blocks = Math.ceil(extended.size / BLOCK);
    const data = Buffer.concat(this.#pending.slice(-blocks)).subarray(0, extended.size);
    if (extended.flag === 'L') this.#name = data.toString('latin1').split('\0', 1)[0];
    if (extended.flag !== 'x') return;
    for (const { key, value } of parsePaxRecords(data)) {
      if (key === 'path' && value.length > 0) this.#name = value.toString('latin1');
      else if (key === 'size' && value.length > 0) this.#size = Number(value.toString('latin1'));
    }
  }

  #add(name: string, dataSize: number): void {
    const printable = Buffer.from(name.slice(0, 256), 'latin1').toString('utf8');
    this.#entries.push({
      name: printable.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd'),
      headers: Buffer.concat(this.#pending),
      dataSize,
    });
    this.#pending = [];
    this.#name = undefined;
    this.#size = undefined;
    this.#skip = dataSize;
  }
}

/** A tar of such entries, with zeros for contents. */
export function* skeletonTar(entries: readonly SkeletonEntry[]): Generator<Buffer> {
  for (const { headers, dataSize } of entries) {
    yield Buffer.from(headers);
    // Copies: whoever reads a layer may move its memory to another thread.
    for (let left = dataSize; left > 0; left -= ZEROS.length) {
      yield Buffer.from(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    }
  }
}
