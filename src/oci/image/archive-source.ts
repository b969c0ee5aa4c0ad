import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VeritySignError } from '../../errors.ts';
import { realpathIfThere } from '../../lib/if-there.ts';
import { removeFolder, removeLeftovers } from '../../lib/leftovers/remove.ts';
import type { Descriptor } from '../../model/index.ts';
import { lockFile, removeAbandonedLock } from '../file-lock.ts';
import { OciLayout } from '../layout/oci-layout.ts';
import { type ReadOnly, whyReadOnly } from '../layout/why-read-only.ts';
import { openPartial, partialPath, partialsOf, shortName } from '../partial-file.ts';
import { carryOver } from './archive/carry-over.ts';
import { type FileState, isSameState, stateOf } from './archive/file-state.ts';
import { packLayout } from './archive/pack.ts';
import { unpackArchive } from './archive/unpack.ts';
import { checkDockerFiles } from './docker-manifest.ts';
import { LayoutSource } from './layout-source.ts';
import { type ArchiveReference, referenceName } from './reference.ts';
import type { ImageSource } from './source.ts';

/** Milliseconds that a run waits for others, which pack archives of any size. */
const LONGEST_WAIT = 60 * 60 * 1000;
/** A program that changes the archive more often than this meanwhile goes on doing so. */
const MOST_ATTEMPTS = 5;

/** An image in a tar file of an OCI image layout, unpacked into a folder of this run. */
export class ArchiveSource implements ImageSource {
  readonly name: string;
  /** The unpacked layout. Signatures are attached here; then call {@link repack}. */
  readonly directory: string;
  readonly #reference: ArchiveReference;
  readonly #file: string;
  /** The file before it was unpacked. */
  readonly #state: FileState;
  readonly #layout: LayoutSource;
  readonly #signal: AbortSignal | undefined;
  /** The image, and what index.json listed, before anything was attached. */
  #found: { root: Descriptor; listed: ReadonlySet<string> } | undefined;

  private constructor(
    reference: ArchiveReference,
    directory: string,
    file: string,
    state: FileState,
    signal?: AbortSignal,
  ) {
    this.name = referenceName(reference);
    this.directory = directory;
    this.#reference = reference;
    this.#file = file;
    this.#state = state;
    const target = { path: directory, tag: reference.tag, digest: reference.digest };
    this.#layout = new LayoutSource(target, this.name, signal);
    this.#signal = signal;
  }

  /**
   * Unpacks the archive into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'usage' if there is no such file, 'environment' if it cannot be read, 'image' if it is
   *   not such an archive or holds links, devices, duplicates or paths that do not belong in a layout
   */
  static async open(
    reference: ArchiveReference,
    directory: string,
    signal?: AbortSignal,
  ): Promise<ArchiveSource> {
    const file = await realpathIfThere(reference.path);
    const state = file === undefined ? undefined : await stateOf(file);
    if (file === undefined || state === undefined) {
      throw new VeritySignError('usage', `the archive ${reference.path} does not exist`, {
        remedy: 'Give the path of a tar file of an OCI image layout',
      });
    }
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await unpackArchive(file, reference.path, directory, signal);
    return new ArchiveSource(reference, directory, file, state, signal);
  }

  /** Undefined if this user may replace it. */
  whyReadOnly(): Promise<ReadOnly | undefined> {
    return whyReadOnly([this.#file]);
  }

  get #parent(): string {
    return dirname(this.#file);
  }

  async resolve(): Promise<Descriptor> {
    const root = await this.#layout.resolve();
    const layout = new OciLayout(this.directory, this.#signal);
    await checkDockerFiles(layout);
    this.#found ??= { root, listed: new Set((await layout.entries()).map(({ digest }) => digest)) };
    return root;
  }

  manifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.manifest(descriptor);
  }

  config(descriptor: Descriptor): Promise<Buffer> {
    return this.#layout.config(descriptor);
  }

  blob(descriptor: Descriptor): Promise<Readable> {
    return this.#layout.blob(descriptor);
  }

  /** Removes what killed runs left beside the archive: partial files and the lock. */
  async removeLeftovers(): Promise<void> {
    await removeLeftovers(this.#parent, partialsOf(this.#file));
    await removeAbandonedLock(this.#lockPath);
  }

  /**
   * Replaces the archive by the layout: writes a new file next to it and renames that when it is
   * complete. The bytes depend only on the layout.
   *
   * Concurrent runs wait for each other. If the archive has changed since it was opened, what was attached and
   * removed here is attached and removed in what it holds now.
   * @throws VeritySignError 'registry' if the archive no longer holds the image, 'environment', 'cancelled'
   */
  async repack(signal?: AbortSignal): Promise<void> {
    for (let isDone = false, attempts = 1; !isDone; attempts++) {
      if (attempts > MOST_ATTEMPTS) throw this.#changed(`${MOST_ATTEMPTS} times`);
      const lock = await lockFile(this.#lockPath, signal, LONGEST_WAIT);
      try {
        const { directory, state } = await this.#current(signal);
        // Other programs take no lock, so the last look at the archive is right before the rename.
        const isCurrent = async () => lock.isHeld() && isSameState(state, await stateOf(this.#file));
        isDone = await this.#replace(directory, state, isCurrent, signal);
        if (directory !== this.directory) await removeFolder(directory);
      } finally {
        await lock.release();
      }
    }
  }

  get #lockPath(): string {
    return join(this.#parent, `${shortName(this.#file)}.lock`);
  }

  /** A layout with the changes of this run, and the state of the archive that they were made in. */
  async #current(signal?: AbortSignal): Promise<{ directory: string; state: FileState }> {
    if (isSameState(this.#state, await stateOf(this.#file)))
      return { directory: this.directory, state: this.#state };
    if (this.#found === undefined) throw new TypeError('the image of the archive was not resolved');
    const { root, listed } = this.#found;
    const directory = await mkdtemp(`${this.directory}-`);
    try {
      const now = await ArchiveSource.open({ ...this.#reference, path: this.#file }, directory, signal);
      const { digest } = await now.resolve();
      if (digest !== root.digest) throw this.#changed(`the image there is ${digest} now`);
      await carryOver(listed, new OciLayout(this.directory, signal), new OciLayout(directory, signal));
      return { directory, state: now.#state };
    } catch (error) {
      if (!(error instanceof VeritySignError) || !['usage', 'image'].includes(error.code)) throw error;
      throw this.#changed(error.message, error);
    }
  }

  #changed(how: string, cause?: unknown): VeritySignError {
    return new VeritySignError(
      'registry',
      `another program has changed the archive ${this.#file} during this run (${how}): nothing was written to it`,
      { remedy: 'Run again when nothing else writes to it', cause },
    );
  }

  /** @returns false if the archive is not current any more: then it stays as it is */
  async #replace(
    directory: string,
    { mode, uid, gid }: FileState,
    isCurrent: () => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const partial = partialPath(this.#file);
    try {
      // The name that earlier versions used.
      await rm(`${this.#file}.partial`, { force: true }).catch(() => undefined);
      const rights = { mode: Number(mode), uid: Number(uid), gid: Number(gid) };
      const file = await openPartial(partial, rights);
      const out = file.createWriteStream({ flush: true });
      await pipeline(packLayout(directory), out, signal === undefined ? {} : { signal });
      const replaces = await isCurrent();
      if (replaces) await rename(partial, this.#file);
      else await rm(partial, { force: true });
      return replaces;
    } catch (cause) {
      await rm(partial, { force: true }).catch(() => undefined);
      if (signal?.aborted === true)
        throw new VeritySignError('cancelled', 'writing the archive was stopped', { cause });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VeritySignError('environment', `cannot write ${this.#file} (${reason})`, {
        remedy: 'Check write permission and free space next to the archive',
        cause,
      });
    }
  }
}
