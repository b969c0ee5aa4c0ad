import { closeSync, openSync, readSync } from 'node:fs';
import type { ImageFile } from '../../model/index.ts';

/** Reads an image that is the concatenation of several files. */
export class ImageReader {
  readonly #parts: { fd: number; start: number; end: number }[] = [];

  /** Opens the files. Only the given number of bytes of each belongs to the image. */
  constructor(files: readonly ImageFile[]) {
    let start = 0;
    try {
      for (const { path, size } of files) {
        this.#parts.push({ fd: openSync(path, 'r'), start, end: start + size });
        start += size;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Fills `target` from `position` of the image. Throws for an image that is shorter. */
  read(target: Buffer, position: number): void {
    for (const { fd, start, end } of this.#parts) {
      let from = Math.max(position, start);
      const to = Math.min(position + target.length, end);
      while (from < to) {
        const got = readSync(fd, target, from - position, to - from, from - start);
        if (got === 0) throw new Error('the file has become shorter');
        from += got;
      }
    }
  }

  close(): void {
    for (const { fd } of this.#parts) closeSync(fd);
    this.#parts.length = 0;
  }
}
