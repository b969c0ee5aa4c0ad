import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { type NamedPipe, PipeStock } from '../../../lib/process/named-pipe.ts';
import type { ErofsImage, ImageFile } from '../../../model/index.ts';
import { mkfsLimits } from '../../../tools/mkfs-limits.ts';
import { type MkfsProgram, outputMode, runMkfs } from '../../../tools/run-mkfs.ts';
import type { Build, BuildRequest, ErofsBuilder } from '../builder.ts';
import { mkfsArguments, PROFILES } from '../profile.ts';
import { explainFailure } from './mkfs-errors.ts';
import { compressionIn } from './mkfs-options.ts';

/** Builds images with mkfs.erofs. The program is not tested here: see known-answer.ts. */
export class MkfsBuilder implements ErofsBuilder {
  readonly program: MkfsProgram;
  readonly #version: string | undefined;
  /** Pipes by folder. */
  readonly #pipes = new Map<string, PipeStock>();

  /** @param version for messages */
  constructor(program: MkfsProgram, version?: string) {
    this.program = program;
    this.#version = version;
  }

  async start(request: BuildRequest): Promise<Build> {
    const path = join(request.folder, `${request.name}.erofs`);
    const tarPath = PROFILES[request.profile].appendsTar ? `${path}.tar` : undefined;
    const paths = tarPath === undefined ? [path] : [path, tarPath];
    let copy: FileHandle | undefined;
    let pipe: NamedPipe;
    try {
      request.signal?.throwIfAborted();
      await (await create(path, outputMode(this.program))).close();
      // A node appends the tar to the image; here it stays in a second file of the image.
      if (tarPath !== undefined) copy = await create(tarPath, 0o600);
      pipe = await this.#pipesOf(request.folder).take();
    } catch (error) {
      await copy?.close();
      await removeAll(paths);
      throw explainFailure(error, request.timeout);
    }
    return new MkfsBuild(this.program, this.#version, request, paths, pipe, copy);
  }

  #pipesOf(folder: string): PipeStock {
    const stock = this.#pipes.get(folder) ?? new PipeStock(folder);
    this.#pipes.set(folder, stock);
    return stock;
  }
}

class MkfsBuild implements Build {
  readonly sinks: readonly number[];
  readonly failure: Promise<never>;
  readonly #request: BuildRequest;
  /** The image's parts, in order. */
  readonly #paths: readonly string[];
  readonly #pipe: NamedPipe;
  readonly #copy: FileHandle | undefined;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(
    program: MkfsProgram,
    version: string | undefined,
    request: BuildRequest,
    paths: readonly string[],
    pipe: NamedPipe,
    copy: FileHandle | undefined,
  ) {
    this.#request = request;
    this.#paths = paths;
    this.#pipe = pipe;
    this.#copy = copy;
    this.sinks = copy === undefined ? [pipe.writeEnd] : [pipe.writeEnd, copy.fd];
    const signals = [this.#stop.signal, ...(request.signal === undefined ? [] : [request.signal])];
    const compresses = compressionIn(request.mkfsOptions) !== undefined;
    const limits = mkfsLimits({ ...request, compresses });
    const ended = runMkfs(program, {
      args: mkfsArguments(request.profile, request.mkfsOptions, request.uuid),
      output: paths[0] ?? '',
      tarFd: pipe.readEnd,
      folder: request.folder,
      name: request.name,
      timeout: request.timeout,
      limits,
      signal: AbortSignal.any(signals),
    });
    this.#ended = ended
      .then(
        () => undefined,
        (error: unknown) => {
          throw explainFailure(error, request.timeout, limits, version);
        },
      )
      .finally(() => pipe.drain());
    pipe.closeReadEnd();
    this.failure = this.#ended.then(() => new Promise<never>(() => undefined));
    this.failure.catch(() => undefined);
  }

  async finish(): Promise<ErofsImage> {
    try {
      await this.#close();
      await this.#ended;
      const files = await Promise.all(this.#paths.map(fileOf));
      checkImage(files[0]?.size ?? 0);
      return { files, size: files.reduce((sum, { size }) => sum + size, 0), uuid: this.#request.uuid };
    } catch (error) {
      await removeAll(this.#paths);
      throw error;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async abort(): Promise<void> {
    this.stop();
    await this.#ended.catch(() => undefined);
    await this.#close();
    await removeAll(this.#paths);
  }

  async #close(): Promise<void> {
    await Promise.all([this.#pipe.close(), this.#copy?.close()]);
  }
}

/** Creates a file with this mode, whatever the umask; mkfs.erofs as root keeps its owner. */
async function create(path: string, mode: number): Promise<FileHandle> {
  const handle = await open(path, 'wx+', mode);
  await handle.chmod(mode);
  return handle;
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}

async function fileOf(path: string): Promise<ImageFile> {
  return { path, size: (await stat(path)).size };
}

/** @param size bytes that mkfs.erofs wrote: a tar that follows must begin at a sector */
function checkImage(size: number): void {
  if (size > 0 && size % 512 === 0) return;
  const what = size === 0 ? 'no image' : `an image of ${size} bytes, which is not a multiple of 512`;
  throw new VeritySignError('environment', `mkfs.erofs exited with status 0 but wrote ${what}`, {
    remedy: 'Check that mkfs-path is a real mkfs.erofs',
  });
}
