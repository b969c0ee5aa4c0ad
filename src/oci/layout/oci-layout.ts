import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { checkContent, checkSize } from '../../formats/descriptor.ts';
import { splitDigest } from '../../formats/digest.ts';
import { checkMetadataSize, MAX_METADATA_SIZE, parseMetadata } from '../../formats/metadata.ts';
import { lstatIfThere, statIfThere } from '../../lib/if-there.ts';
import { removeLeftovers } from '../../lib/leftovers/remove.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseIndex } from '../documents.ts';
import { lockFile, removeAbandonedLock } from '../file-lock.ts';
import { partialsOf, writeAtomically } from '../partial-file.ts';
import { WorkCounter } from '../work-limit.ts';
import { openLayoutFile, readLayoutFile, refuseSymlinks } from './layout-file.ts';
import { unreferencedBlobs } from './unreferenced.ts';
import { type ReadOnly, whyReadOnly } from './why-read-only.ts';

/** index.json has at most 4 MiB, which is about 20,000 entries. */
const LIMIT = { documents: 100_000, bytes: 256 * 1024 * 1024 };

/** Milliseconds of reading after which other events have their turn. */
const TURN = 20;

const markerSchema = z.object({ imageLayoutVersion: z.literal('1.0.0') });

/** A blob that is to be in a layout. */
export interface StoredBlob {
  descriptor: Descriptor;
  bytes: Uint8Array;
}

/**
 * A folder in OCI image layout. [image-spec image-layout.md]
 *
 * Reading follows no symbolic link below the folder and opens only regular files, so that a foreign
 * layout cannot lead to other files of the machine. Writing uses a temporary file and a rename: other
 * readers, and a run after a kill, see the old or the new state.
 */
export class OciLayout {
  readonly directory: string;
  readonly #work: WorkCounter;
  readonly #signal: AbortSignal | undefined;
  readonly #additions: string | undefined;
  #lastTurn = performance.now();

  /**
   * @param signal ends reading between two documents
   * @param additions a folder of this run for what is written, if the layout is read-only. What is there comes
   *   before what is in `directory`.
   */
  constructor(directory: string, signal?: AbortSignal, additions?: string) {
    this.directory = directory;
    this.#additions = additions;
    this.#signal = signal;
    this.#work = new WorkCounter(`the layout ${directory}`, LIMIT, signal);
  }

  /**
   * Checks the marker file.
   * @throws VeritySignError 'usage' if there is no such folder, 'environment' if this user may not look, 'image' if
   *   it is not a layout
   */
  async check(): Promise<void> {
    const directory = await statIfThere(this.directory);
    if (directory?.isDirectory() !== true) {
      throw new VeritySignError('usage', `${this.directory} is not a folder`, {
        remedy:
          directory === undefined
            ? 'Give the path of a folder in OCI image layout'
            : 'For a tar file of a layout use oci-archive:FILE',
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
    const found = await lstatIfThere(join(this.directory, name));
    return found === undefined ? undefined : this.#small(name);
  }

  /**
   * A blob of at most `limit` bytes. Its size and digest are checked.
   * @throws VeritySignError 'image' also if more was read than any layout needs
   */
  async read(descriptor: Descriptor, limit = MAX_METADATA_SIZE): Promise<Buffer> {
    checkMetadataSize(descriptor, limit);
    this.#work.take(descriptor);
    await this.#turn();
    const bytes = readLayoutFile(await this.open(descriptor), (size) => checkSize(size, descriptor));
    checkContent(bytes, descriptor);
    return bytes;
  }

  /** Opens a blob for reading; the caller closes the file descriptor. */
  async open(descriptor: Descriptor): Promise<number> {
    const { algorithm, hex } = splitDigest(descriptor.digest);
    return this.#open(`blobs/${algorithm}/${hex}`);
  }

  async has(descriptor: Descriptor): Promise<boolean> {
    const { folder, name } = await this.file(descriptor);
    const found = await lstatIfThere(join(folder, name));
    return found?.isFile() === true && found.size === descriptor.size;
  }

  /** Where the file of a blob is, or would be. */
  async file(descriptor: Descriptor): Promise<{ folder: string; name: string }> {
    const { algorithm, hex: name } = splitDigest(descriptor.digest);
    return { folder: join(await this.#placeOf(`blobs/${algorithm}/${name}`), 'blobs', algorithm), name };
  }

  /** Writes a small blob unless it exists. */
  async addBlob(descriptor: Descriptor, bytes: Uint8Array): Promise<void> {
    checkContent(bytes, descriptor);
    if (await this.has(descriptor)) return;
    const { algorithm, hex } = splitDigest(descriptor.digest);
    const folder = join(this.#writable, 'blobs', algorithm);
    refuseSymlinks(this.#writable, `blobs/${algorithm}/${hex}`);
    await mkdir(folder, { recursive: true });
    await writeAtomically(join(folder, hex), bytes);
  }

  /**
   * Lists a manifest in index.json unless it is listed already. Concurrent runs wait for each other.
   * @param blobs its manifest and blobs: one that a concurrent removal has deleted meanwhile is written again
   */
  async addEntry(descriptor: Descriptor, blobs: readonly StoredBlob[] = []): Promise<void> {
    await this.#change(async (listed) => {
      for (const blob of blobs) await this.addBlob(blob.descriptor, blob.bytes);
      const isListed = listed.some(({ digest }) => digest === descriptor.digest);
      return isListed ? undefined : [...listed, descriptor];
    });
  }

  /**
   * Takes manifests out of index.json, then deletes their blobs, except those that another document of the
   * layout refers to. Concurrent runs wait for each other.
   * @param replaced what an entry that stays names from now on, such as a list without them; undefined for no change
   * @param unlisted called for each when it is no longer listed
   */
  async removeEntries(
    manifests: readonly Descriptor[],
    replaced: (entry: Descriptor, digests: ReadonlySet<string>) => Promise<StoredBlob | undefined>,
    unlisted: (digest: string) => void,
  ): Promise<void> {
    const digests = new Set(manifests.map(({ digest }) => digest));
    const former: Descriptor[] = [];
    await this.#change(
      async (listed) => {
        const kept: Descriptor[] = [];
        for (const entry of listed.filter(({ digest }) => !digests.has(digest))) {
          const blob = await replaced(entry, digests);
          if (blob === undefined) kept.push(entry);
          else {
            await this.addBlob(blob.descriptor, blob.bytes);
            kept.push({ ...entry, ...blob.descriptor });
            former.push(entry);
          }
        }
        return kept;
      },
      async () => {
        for (const digest of digests) unlisted(digest);
        const unreferenced = await unreferencedBlobs(this, [...manifests, ...former]);
        for (const descriptor of unreferenced) {
          const { folder, name } = await this.file(descriptor);
          await rm(join(folder, name), { force: true });
        }
      },
    );
  }

  /**
   * Writes another list into index.json, under its lock.
   * @param change the new list; undefined to write nothing. Called again if another process took the lock over
   * @param then called under the same lock when the list is written
   */
  async #change(
    change: (listed: readonly Descriptor[]) => Promise<unknown[] | undefined>,
    then: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const path = join(this.#writable, 'index.json');
    for (let isDone = false; !isDone; ) {
      const lock = await lockFile(`${path}.lock`, this.#signal);
      try {
        const { raw } = await this.#index();
        const listed = await change(Array.isArray(raw.manifests) ? raw.manifests : []);
        if (listed === undefined) return;
        const rights = await stat(join(await this.#placeOf('index.json'), 'index.json'));
        const text = JSON.stringify({ ...raw, manifests: listed });
        isDone = await writeAtomically(path, Buffer.from(text), { rights, mayReplace: lock.isHeld });
        if (isDone) await then();
      } finally {
        await lock.release();
      }
    }
  }

  /** Undefined if this user may write to it. A layout with symbolic links is refused when it is used. */
  whyReadOnly(): Promise<ReadOnly | undefined> {
    const blobs = 'blobs/sha256';
    const files = ['index.json', ...(this.#isOwn(blobs) ? [join(blobs, 'blob')] : [])];
    return whyReadOnly(files.map((file) => join(this.directory, file)));
  }

  /** Removes what killed runs left in the layout: partial files and the lock of index.json. */
  async removeLeftovers(): Promise<void> {
    if (this.#additions !== undefined) return;
    for (const folder of ['', 'blobs/sha256', 'blobs/sha512']) {
      if (this.#isOwn(folder)) await removeLeftovers(join(this.directory, folder), partialsOf());
    }
    await removeAbandonedLock(join(this.directory, 'index.json.lock'));
  }

  async #index() {
    return parseIndex(await this.#small('index.json'), undefined, 'index.json');
  }

  async #small(name: string): Promise<Buffer> {
    await this.#turn();
    return readLayoutFile(await this.#open(name), (size) => {
      if (size <= MAX_METADATA_SIZE) return;
      throw new VeritySignError('image', `${name} has ${size} bytes, the limit is ${MAX_METADATA_SIZE}`);
    });
  }

  /** Lets signals and timers in from time to time: reading does not wait for anything. */
  async #turn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN) return;
    await setImmediate();
    this.#lastTurn = performance.now();
  }

  /** @param name relative path whose components have been checked */
  async #open(name: string): Promise<number> {
    return openLayoutFile(await this.#placeOf(name), name);
  }

  /** Whether no part of a path is a symbolic link. */
  #isOwn(name: string): boolean {
    try {
      refuseSymlinks(this.directory, name);
      return true;
    } catch {
      return false;
    }
  }

  /** The folder that receives what is written. */
  get #writable(): string {
    return this.#additions ?? this.directory;
  }

  /** The folder in which a file is, or would be. */
  async #placeOf(name: string): Promise<string> {
    if (this.#additions === undefined) return this.directory;
    const found = await lstatIfThere(join(this.#additions, name));
    return found === undefined ? this.directory : this.#additions;
  }
}
