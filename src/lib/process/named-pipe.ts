import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from './environment.ts';
import { run, ToolError } from './run.ts';

/** Pipes created by one call of mkfifo(1). */
const AT_ONCE = 8;
/** Milliseconds between two reads of a pipe that is being drained. */
const DRAIN_INTERVAL = 5;
/** Largest number of reads per interval. */
const MAX_READS = 64;
const DRAINED = Buffer.alloc(64 * 1024);

/**
 * A child's input to which any thread can write with blocking calls. The pipes that Node creates are
 * non-blocking and belong to the event loop.
 */
export class NamedPipe {
  readonly #path: string;
  /** File descriptor for the child; see `closeReadEnd`. */
  readonly readEnd: number;
  readonly writeEnd: number;
  #closed = false;

  /** @param path of a named pipe that has no other user */
  constructor(path: string) {
    this.#path = path;
    const opened: number[] = [];
    const open = (flags: number): number => {
      const fd = openSync(path, flags);
      opened.push(fd);
      return fd;
    };
    try {
      // While a descriptor is open for both, the other two calls do not wait for one another.
      const both = open(constants.O_RDWR);
      this.readEnd = open(constants.O_RDONLY);
      this.writeEnd = open(constants.O_WRONLY);
      closeSync(both);
    } catch (error) {
      for (const fd of opened) closeSync(fd);
      throw error;
    }
  }

  /** The child has its own copy. When that is closed too, writing fails instead of waiting for ever. */
  closeReadEnd(): void {
    closeSync(this.readEnd);
  }

  /**
   * Reads and drops what is written, until the pipe is closed. Called when the child has ended: its own
   * children may hold the pipe open, and a thread that writes would wait for them. The pipe is opened
   * anew for each read, so that writing fails as soon as no other process reads. This runs on the event
   * loop because all threads of the thread pool may be writing.
   */
  drain(): void {
    if (this.#closed) return;
    try {
      readAll(this.#path);
    } catch {
      // For instance too many open files: the next attempt may succeed.
    }
    setTimeout(() => this.drain(), DRAIN_INTERVAL).unref();
  }

  /** Ends the child's input. No write may be running. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.writeEnd);
    await rm(this.#path, { force: true });
  }
}

/** Reads and drops what is in the pipe now. */
function readAll(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    for (let reads = 0; reads < MAX_READS; reads++) if (readSync(fd, DRAINED) === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(fd);
  }
}

/** Named pipes in a private folder. Node has no mkfifo call and starting mkfifo(1) is slow: it makes several. */
export class PipeStock {
  readonly #folder: string;
  #ready: Promise<string[]> = Promise.resolve([]);

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A new pipe, opened. */
  async take(): Promise<NamedPipe> {
    // A caller that finds no pipe creates some for later callers too.
    const taken = this.#ready.then(async (paths) => {
      const [path, ...rest] = paths.length > 0 ? paths : await make(this.#folder);
      return { path, rest };
    });
    this.#ready = taken.then(
      ({ rest }) => rest,
      () => [],
    );
    const { path } = await taken;
    if (path === undefined) throw new RangeError('no pipe was created');
    return new NamedPipe(path);
  }
}

async function make(folder: string): Promise<string[]> {
  const paths = Array.from({ length: AT_ONCE }, () => join(folder, `pipe-${randomUUID()}`));
  try {
    await run(['mkfifo', '-m', '600', ...paths], { env: fixedEnvironment(), timeout: 10_000 });
    return paths;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new VeritySignError('environment', `cannot create a named pipe (${error.message})`, {
      remedy: 'Set temp-dir to a folder on a Linux file system, and install coreutils',
      cause: error,
    });
  }
}
