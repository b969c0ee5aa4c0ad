import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from './environment.ts';
import { run, ToolError } from './run.ts';

/** Pipes made at a time. */
const AT_ONCE = 8;
/** Milliseconds. */
const LOOK_AGAIN = 5;
/** Most reads in one look. */
const TURNS = 64;
const DRAINED = Buffer.alloc(64 * 1024);

/** A child's input that any thread can write whole pieces to: the pipes that Node makes are the event loop's. */
export class NamedPipe {
  readonly #path: string;
  /** For the child; see `closeReadEnd`. */
  readonly readEnd: number;
  readonly writeEnd: number;
  #closed = false;

  /** `path` of a pipe that nobody else uses. */
  constructor(path: string) {
    this.#path = path;
    const opened: number[] = [];
    const open = (flags: number): number => {
      const fd = openSync(path, flags);
      opened.push(fd);
      return fd;
    };
    try {
      // Open for both, it keeps the other two from waiting for one another.
      const both = open(constants.O_RDWR);
      this.readEnd = open(constants.O_RDONLY);
      this.writeEnd = open(constants.O_WRONLY);
      closeSync(both);
    } catch (error) {
      for (const fd of opened) closeSync(fd);
      throw error;
    }
  }

  /** The child has its own copy: when that is gone, writing fails instead of waiting for ever. */
  closeReadEnd(): void {
    closeSync(this.readEnd);
  }

  /**
   * Lets writes through until the pipe is closed. For when the child has ended: what it started in turn
   * may hold the pipe open, and a thread that writes would wait for that. Looks again and again instead
   * of reading on: where nobody else reads, writing fails at once between two looks, as it should. Here,
   * and not in the thread pool, whose threads may all be writing.
   */
  drain(): void {
    if (this.#closed) return;
    try {
      takeAll(this.#path);
    } catch {
      // Too many open files, perhaps: later.
    }
    setTimeout(() => this.drain(), LOOK_AGAIN).unref();
  }

  /** Ends the child's input. Nothing may be on its way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.writeEnd);
    await rm(this.#path, { force: true });
  }
}

/** What is in the pipe now. */
function takeAll(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    for (let turns = 0; turns < TURNS; turns++) if (readSync(fd, DRAINED) === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(fd);
  }
}

/** Pipes of a private folder, made some at a time: Node has no call for it, and starting mkfifo(1) takes a while. */
export class PipeStock {
  readonly #folder: string;
  #ready: Promise<string[]> = Promise.resolve([]);

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A new pipe, open. */
  async take(): Promise<NamedPipe> {
    // Whoever finds none makes some for all who come after.
    const taken = this.#ready.then(async (paths) => {
      const [path, ...rest] = paths.length > 0 ? paths : await make(this.#folder);
      return { path, rest };
    });
    this.#ready = taken.then(
      ({ rest }) => rest,
      () => [],
    );
    const { path } = await taken;
    if (path === undefined) throw new RangeError('no pipe was made');
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
    throw new VeritySignError('environment', `no named pipe can be made (${error.message})`, {
      remedy: 'Name a folder on a Linux file system with temp-dir, and install coreutils',
      cause: error,
    });
  }
}
