import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { VeritySignError } from '../errors.ts';
import { checkContent, checkSize } from '../formats/descriptor.ts';
import { splitDigest } from '../formats/digest.ts';
import { checkMetadataSize, MAX_METADATA_SIZE, parseMetadata } from '../formats/metadata.ts';
import type { Descriptor } from '../model/index.ts';
import { parseIndex } from './documents.ts';

/** Milliseconds after which a lock is abandoned: a running process holds it for a few milliseconds. */
const ABANDONED = 10_000;

const markerSchema = z.object({ imageLayoutVersion: z.literal('1.0.0') });

/**
 * A folder in OCI image layout. [image-spec image-layout.md]
 *
 * Reading follows no symbolic link below the folder and opens only regular files, so that a foreign
 * layout cannot lead to other files of the machine. Writing uses a temporary file and a rename: other
 * readers, and a run after a kill, see the old or the new state.
 */
export class OciLayout {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Checks the marker file. @throws VeritySignError 'image' if the folder is not a layout */
  async check(): Promise<void> {
    const directory = await stat(this.directory).catch(() => undefined);
    if (directory?.isDirectory() !== true) {
      throw new VeritySignError('image', `${this.directory} is not a folder`, {
        remedy: 'Give the path of a folder in OCI image layout',
      });
    }
    parseMetadata(markerSchema, await this.#small('oci-layout'), 'the file oci-layout');
  }

  /** The entries of index.json. */
  async entries(): Promise<Descriptor[]> {
    return (await this.#index()).manifests;
  }

  /** A file of at most 4 MiB that docker adds to a layout; undefined if there is none. */
  async dockerFile(name: 'manifest.json' | 'repositories'): Promise<Buffer | undefined> {
    const found = await lstat(join(this.directory, name)).catch(() => undefined);
    return found === undefined ? undefined : this.#small(name);
  }

  /** A blob of at most `limit` bytes. Its size and digest are checked. */
  async read(descriptor: Descriptor, limit = MAX_METADATA_SIZE): Promise<Buffer> {
    checkMetadataSize(descriptor, limit);
    const file = await this.open(descriptor);
    try {
      const { size } = await file.stat();
      checkSize(size, descriptor);
      const bytes = await file.readFile();
      checkContent(bytes, descriptor);
      return bytes;
    } finally {
      await file.close();
    }
  }

  /** Opens a blob for reading; the caller closes it. */
  async open(descriptor: Descriptor): Promise<FileHandle> {
    const { algorithm, hex } = splitDigest(descriptor.digest);
    return this.#open(`blobs/${algorithm}/${hex}`);
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const found = await lstat(join(this.directory, 'blobs', algorithm, hex)).catch(() => undefined);
    return found?.isFile() === true && found.size === descriptor.size;
  }

  /** Writes a small blob unless it exists. */
  async addBlob(descriptor: Descriptor, bytes: Uint8Array): Promise<void> {
    checkContent(bytes, descriptor);
    if (await this.has(descriptor)) return;
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const folder = join(this.directory, 'blobs', algorithm);
    await this.#noSymlinks(`blobs/${algorithm}/${hex}`);
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, hex), bytes, 0o644);
  }

  /**
   * Lists a manifest in index.json unless it is listed already. Concurrent runs wait for each other.
   */
  async addEntry(descriptor: Descriptor): Promise<void> {
    const path = join(this.directory, 'index.json');
    const unlock = await lock(`${path}.lock`);
    try {
      const { manifests, raw } = await this.#index();
      if (manifests.some(({ digest }) => digest === descriptor.digest)) return;
      const { mode } = await stat(path);
      const listed = Array.isArray(raw.manifests) ? raw.manifests : [];
      const text = JSON.stringify({ ...raw, manifests: [...listed, descriptor] });
      await replaceFile(path, Buffer.from(text), mode & 0o777);
    } finally {
      await unlock();
    }
  }

  async #index() {
    return parseIndex(await this.#small('index.json'), undefined, 'index.json');
  }

  async #small(name: string): Promise<Buffer> {
    const file = await this.#open(name);
    try {
      const { size } = await file.stat();
      if (size > MAX_METADATA_SIZE) {
        throw new VeritySignError('image', `${name} has ${size} bytes, the limit is ${MAX_METADATA_SIZE}`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  /** @param name relative path whose components have been checked */
  async #open(name: string): Promise<FileHandle> {
    await this.#noSymlinks(name);
    let file: FileHandle;
    try {
      // O_NONBLOCK: opening a FIFO must not wait for a writer.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      file = await open(join(this.directory, name), flags);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') {
        throw new VeritySignError('image', `the layout lacks ${name}`, {
          remedy: 'Write the image to the layout again',
          cause,
        });
      }
      throw new VeritySignError('environment', `cannot open ${name} of the layout (${code})`, { cause });
    }
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new VeritySignError('image', `${name} of the layout is not a regular file`);
  }

  async #noSymlinks(name: string): Promise<void> {
    const parts = name.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = parts.slice(0, depth).join('/');
      const found = await lstat(join(this.directory, part)).catch(() => undefined);
      if (found?.isSymbolicLink() === true) {
        throw new VeritySignError('image', `${part} of the layout is a symbolic link`, {
          remedy: 'Copy the layout with its links resolved (cp -rL)',
        });
      }
    }
  }
}

let partials = 0;

/** Writes a file atomically: a reader of `path` sees the old or the new content. */
async function replaceFile(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  partials += 1;
  const partial = `${path}.${process.pid}-${partials}.partial`;
  try {
    const file = await open(partial, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}

/** Takes a lock that expires if its process is killed. Returns the function that releases it. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(path, 'wx', 0o644)).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(error, path);
    }
    const held = await lstat(path).catch(() => undefined);
    // A time far in the future is abandoned too: the clock was set back.
    if (held !== undefined && Math.abs(Date.now() - held.mtimeMs) > ABANDONED)
      await rm(path, { force: true });
    else await setTimeout(50);
  }
}

function writeError(error: unknown, path: string): unknown {
  if (error instanceof VeritySignError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new VeritySignError('environment', `cannot write ${path} (${code ?? error.message})`, {
    remedy: 'Check write permission and free space there',
    cause: error,
  });
}
