import { type Overrides, type Reject, readPax } from './records.ts';
import { XattrList, XattrSteps } from './xattr-list.ts';

function noOverrides(steps: XattrSteps): Overrides {
  const xattrs = new XattrList(steps);
  return {
    path: undefined,
    link: undefined,
    nulInPath: false,
    emptyPath: false,
    emptyLink: false,
    size: undefined,
    uid: undefined,
    gid: undefined,
    mtime: undefined,
    oldMtime: undefined,
    xattrs,
    reversedXattrs: xattrs,
    sparse: false,
    sparsePath: undefined,
  };
}

/** The values that extended headers set for the next entry, and those of `g` headers for all later ones. */
export class OverrideState {
  readonly #steps = new XattrSteps();
  readonly global = noOverrides(this.#steps);
  current = noOverrides(this.#steps);
  /** `current` may differ from the global values. */
  #changed = false;

  /**
   * Applies the data of an extended header with typeflag `x`, `g`, `L` or `K`.
   * @throws VeritySignError 'image' for data that every release refuses
   * [erofs-utils, lib/tar.c, tarerofs_parse_tar]
   */
  apply(flag: string, data: Buffer, reject: Reject): void {
    this.#changed = true;
    if (flag === 'x') {
      readPax(data, this.current, reject);
    } else if (flag === 'g') {
      readPax(data, this.global, reject);
      // Only these apply to the entry that follows at once; the rest begins with the next.
      this.current.path = this.global.path ?? this.current.path;
      this.current.link = this.global.link ?? this.current.link;
    } else {
      const nul = data.indexOf(0);
      const text = data.toString('latin1', 0, nul === -1 ? data.length : nul);
      this.current[flag === 'L' ? 'path' : 'link'] = text;
      if (flag === 'L') this.current.nulInPath = false;
    }
  }

  /** The next entry begins with the global values. */
  endEntry(): void {
    // Joining adds global attributes to an entry's own list.
    if (!this.#changed && this.global.xattrs.size === 0 && this.global.reversedXattrs.size === 0) return;
    this.#changed = false;
    const { xattrs, reversedXattrs } = noOverrides(this.#steps);
    this.current = { ...this.global, xattrs, reversedXattrs };
  }
}
