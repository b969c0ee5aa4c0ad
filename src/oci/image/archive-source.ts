import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VeritySignError } from '../../errors.ts';
import { removeLeftovers } from '../../lib/leftovers/remove.ts';
import type { Descriptor } from '../../model/index.ts';
import { OciLayout } from '../layout/oci-layout.ts';
import { partialPath, partialsOf } from '../partial-file.ts';
import { packLayout } from './archive/pack.ts';
import { unpackArchive } from './archive/unpack.ts';
import { checkDockerFiles } from './docker-manifest.ts';
import { LayoutSource } from './layout-source.ts';
import { type ArchiveReference, referenceName } from './reference.ts';
import type { ImageSource } from './source.ts';

/** An image in a tar file of an OCI image layout, unpacked into a folder of this run. */
export class ArchiveSource implements ImageSource {
  readonly name: string;
  /** The unpacked layout. Signatures are attached here; then call {@link repack}. */
  readonly directory: string;
  readonly #file: string;
  readonly #layout: LayoutSource;
  readonly #signal: AbortSignal | undefined;

  private constructor(reference: ArchiveReference, directory: string, file: string, signal?: AbortSignal) {
    this.name = referenceName(reference);
    this.directory = directory;
    this.#file = file;
    const target = { path: directory, tag: reference.tag, digest: reference.digest };
    this.#layout = new LayoutSource(target, this.name, signal);
    this.#signal = signal;
  }

  /**
   * Unpacks the archive into `directory`, a new folder in the run's private temporary folder.
   *
   * @throws VeritySignError 'usage' if there is no such file, 'image' if it is not such an archive or
   *   holds links, devices, duplicates or paths that do not belong in a layout
   */
  static async open(
    reference: ArchiveReference,
    directory: string,
    signal?: AbortSignal,
  ): Promise<ArchiveSource> {
    const file = await realpath(reference.path).catch((cause) => {
      throw new VeritySignError('usage', `the archive ${reference.path} does not exist`, {
        remedy: 'Give the path of a tar file of an OCI image layout',
        cause,
      });
    });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await unpackArchive(file, reference.path, directory, signal);
    return new ArchiveSource(reference, directory, file, signal);
  }

  /** The folder of the archive: {@link repack} writes there. */
  get parent(): string {
    return dirname(this.#file);
  }

  async resolve(): Promise<Descriptor> {
    const root = await this.#layout.resolve();
    await checkDockerFiles(new OciLayout(this.directory, this.#signal));
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

  /**
   * Replaces the archive by the layout: writes a new file next to it and renames that when it is
   * complete. The bytes depend only on the layout.
   */
  async repack(signal?: AbortSignal): Promise<void> {
    const partial = partialPath(this.#file);
    const { mode } = await stat(this.#file);
    try {
      await removeLeftovers(dirname(this.#file), partialsOf(this.#file));
      // The name that earlier versions used.
      await rm(`${this.#file}.partial`, { force: true });
      const out = createWriteStream(partial, { flags: 'wx', mode: mode & 0o777, flush: true });
      await pipeline(packLayout(this.directory), out, signal === undefined ? {} : { signal });
      await rename(partial, this.#file);
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
