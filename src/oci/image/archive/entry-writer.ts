import { once } from 'node:events';
import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import type { ReadEntry } from 'tar';
import { VeritySignError } from '../../../errors.ts';

/** Bytes of a file that is collected in memory and written at once. */
const SMALL = 1024 * 1024;

/** Writes the entries of an archive to files, one at a time: an archive may have any number of entries. */
export class EntryWriter {
  #last: Promise<void> = Promise.resolve();
  #open: WriteStream | undefined;
  #stopped = false;

  /**
   * Writes an entry to a new file, after those that were added before.
   * @throws VeritySignError 'environment'
   */
  add(entry: ReadEntry, path: string): Promise<void> {
    this.#last = this.#last.then(() => this.#write(entry, path));
    // The caller gets the error, and so does the next one who adds.
    this.#last.catch(() => entry.resume());
    return this.#last;
  }

  /** Resolves when all files are complete. */
  ended(): Promise<void> {
    return this.#last;
  }

  /** Gives up the file that is being written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const stream = this.#open;
    if (stream === undefined) return;
    stream.destroy();
    if (!stream.closed) await once(stream, 'close');
  }

  async #write(entry: ReadEntry, path: string): Promise<void> {
    if (this.#stopped) return;
    try {
      if (entry.size <= SMALL) {
        // Synchronously: that is several times as fast for tens of thousands of small files.
        const bytes = await entry.concat();
        if (!this.#stopped) writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
      } else await this.#stream(entry, path);
    } catch (cause) {
      throw writeFailure(cause);
    }
  }

  async #stream(entry: ReadEntry, path: string): Promise<void> {
    const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    this.#open = out;
    entry.pipe(out as unknown as Parameters<typeof entry.pipe>[0]);
    await once(out, 'close');
    this.#open = undefined;
  }
}

function writeFailure(cause: unknown): VeritySignError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new VeritySignError('environment', `cannot unpack the archive (${code ?? message})`, {
    remedy: REMEDIES[code ?? ''] ?? 'Set temp-dir to a folder that this user may write to',
    cause,
  });
}

const MORE_SPACE = 'Set temp-dir to a folder with more free space';
const MORE_FILES = 'Raise the limit of open files (ulimit -n)';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: MORE_SPACE,
  EDQUOT: MORE_SPACE,
  EMFILE: MORE_FILES,
  ENFILE: MORE_FILES,
};
