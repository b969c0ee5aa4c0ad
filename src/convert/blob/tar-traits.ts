import { BLOCK, parseHeader } from '../tar/blob-header.ts';
import { parsePaxRecords } from '../tar/blob-pax-records.ts';

/** Properties of a tar that releases of mkfs.erofs do not write alike. */
export interface TarTraits {
  /** Extended attributes: 1.9.3 changed their order. */
  xattrs: boolean;
  /** Times with a fraction, before 1970 or at its start: 1.9.2 changed their treatment. */
  oddTimes: boolean;
}

const MOST_EXTENDED = 1024 * 1024;

/**
 * Watches a tar go by for what its headers say. Keeps no file data, and never throws: what it cannot
 * follow ends it.
 */
export class TarTraitsObserver {
  readonly #traits: TarTraits = { xattrs: false, oddTimes: false };
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #skip = 0;
  /** An extended header's data on its way in. */
  #records: { left: number; padding: number; pieces: Buffer[] } | undefined;
  #size: number | undefined;
  #finished = false;

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.#finished; ) {
      const rest = chunk.length - at;
      if (this.#records !== undefined) at += this.#keep(chunk.subarray(at), this.#records);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, rest);
        this.#skip -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, rest);
        chunk.copy(this.#block, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) this.#header();
      }
    }
  }

  result(): TarTraits {
    return { ...this.#traits };
  }

  #header(): void {
    this.#filled = 0;
    const header = parseHeader(this.#block);
    if (header === 'zero') return;
    const size = header === undefined ? undefined : (this.#size ?? header.size);
    if (header === undefined || size === undefined || !(size >= 0 && size < Number.MAX_SAFE_INTEGER)) {
      this.#finished = true;
      return;
    }
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (header.typeflag === 'x' || header.typeflag === 'g') {
      if (size > MOST_EXTENDED) this.#finished = true;
      else if (size > 0) this.#records = { left: size, padding, pieces: [] };
      return;
    }
    const mtime = this.#block.toString('latin1', 136, 148);
    if (/^[ 0]*[\0 ]*$/.test(mtime) || mtime.startsWith('\xff')) this.#traits.oddTimes = true;
    // Links and directories have no data, whatever their size says.
    this.#skip = '125'.includes(header.typeflag) ? 0 : size + padding;
    this.#size = undefined;
  }

  #keep(rest: Buffer, records: { left: number; padding: number; pieces: Buffer[] }): number {
    const step = Math.min(records.left, rest.length);
    records.pieces.push(Buffer.from(rest.subarray(0, step)));
    records.left -= step;
    if (records.left > 0) return step;
    this.#records = undefined;
    this.#skip = records.padding;
    for (const { key, value } of parsePaxRecords(Buffer.concat(records.pieces))) {
      const text = value.toString('latin1');
      if (key.startsWith('SCHILY.xattr.') || key.startsWith('LIBARCHIVE.xattr.')) this.#traits.xattrs = true;
      else if (key === 'mtime' && (/[.-]/.test(text) || Number(text) === 0)) this.#traits.oddTimes = true;
      else if (key === 'size' && text !== '') this.#size = Number(text);
    }
    return step;
  }
}
