import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import type { VerityFile } from './verity-file.ts';
import { writeAll } from './write-window.ts';

const STEP = 1024 * 1024;

/** Keeps a tar that follows its index in the image: how long the index is, only the end of the tar shows. */
export class TarSpool {
  readonly #handle: number;
  #size = 0;

  /** @param folder private; the file has no name in it. The spool must be closed. */
  constructor(folder: string) {
    const path = join(folder, `tar-${randomUUID()}`);
    this.#handle = attempt(() => openSync(path, 'wx+', 0o600));
    rmSync(path);
  }

  write(chunk: Uint8Array): void {
    attempt(() => writeAll(this.#handle, chunk, this.#size));
    this.#size += chunk.length;
  }

  /** Writes the tar to the end of an image of `imageSize` bytes. */
  copyTo(file: VerityFile, imageSize: number): void {
    const buffer = Buffer.allocUnsafeSlow(STEP);
    for (let at = 0; at < this.#size; ) {
      const length = attempt(() => readSync(this.#handle, buffer, 0, STEP, at));
      if (length === 0) throw new TypeError('the kept tar is cut off');
      file.write(imageSize - this.#size + at, buffer.subarray(0, length));
      at += length;
    }
    file.end();
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('environment', `the tar of a layer cannot be kept (${code ?? message})`, {
      remedy: 'Check write permission and free space of temp-dir',
      cause,
    });
  }
}
