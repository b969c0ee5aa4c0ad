import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable, Transform } from 'node:stream';
import { VeritySignError } from '../errors.ts';
import type { BuilderInfo, ErofsImage } from '../pipeline/stages.ts';
import { runMkfs } from '../tools/mkfs-erofs.ts';
import type { BuildRequest, ErofsBuilder } from './builder.ts';
import { explainFailure } from './mkfs-errors.ts';
import { mkfsArguments, PROFILES } from './profile.ts';

const COPY_SIZE = 1024 * 1024;

/** Builds images with the mkfs.erofs that `info` describes. It is not checked here: see known-answer.ts. */
export class MkfsBuilder implements ErofsBuilder {
  readonly info: BuilderInfo;

  constructor(info: BuilderInfo) {
    this.info = info;
  }

  async build(tar: Readable, request: BuildRequest): Promise<ErofsImage> {
    const path = join(request.folder, `${request.name}.erofs`);
    const tarPath = PROFILES[request.profile].appendsTar ? `${path}.tar` : undefined;
    try {
      await (await create(path)).close();
      if (tarPath === undefined) await this.#convert(tar, path, request);
      else await this.#convertAndAppend(tar, path, tarPath, request);
      return { path, size: await sizeOf(path), uuid: request.uuid };
    } catch (error) {
      tar.destroy();
      await rm(path, { force: true });
      throw explainFailure(error, request.timeout);
    } finally {
      if (tarPath !== undefined) await rm(tarPath, { force: true });
    }
  }

  #convert(tar: Readable, path: string, request: BuildRequest): Promise<void> {
    return runMkfs(this.info.path, this.info.privilege, {
      args: mkfsArguments(request.profile, request.mkfsOptions, request.uuid),
      output: path,
      stdin: tar,
      folder: request.folder,
      timeout: request.timeout,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  }

  /** mkfs.erofs writes its file from the start and tells its length last: the tar waits in a file of its own. */
  async #convertAndAppend(
    tar: Readable,
    path: string,
    tarPath: string,
    request: BuildRequest,
  ): Promise<void> {
    const copy = await create(tarPath);
    try {
      const tee = teeTo(copy);
      // mkfs.erofs sees the error through `tee`.
      pipeline(tar, tee, () => undefined);
      await this.#convert(tee, path, request);
      await append(copy, path, request.signal);
    } finally {
      await copy.close();
    }
  }
}

/** A new file of our own, whatever the umask; root, if it writes it, does not change that. */
async function create(path: string): Promise<FileHandle> {
  const handle = await open(path, 'wx+', 0o600);
  await handle.chmod(0o600);
  return handle;
}

/** Passes the tar on and writes it to `copy`; a failure of either ends both. */
function teeTo(copy: FileHandle): Transform {
  return new Transform({
    readableHighWaterMark: COPY_SIZE,
    writableHighWaterMark: COPY_SIZE,
    transform(chunk: Buffer, _encoding, done) {
      writeAll(copy, chunk).then(() => done(null, chunk), done);
    },
  });
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

async function append(copy: FileHandle, path: string, signal: AbortSignal | undefined): Promise<void> {
  const image = await open(path, 'a');
  try {
    const buffer = Buffer.alloc(COPY_SIZE);
    for (let position = 0; ; ) {
      if (signal?.aborted) throw new VeritySignError('cancelled', 'writing the image was stopped');
      const { bytesRead } = await copy.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      await writeAll(image, buffer.subarray(0, bytesRead));
    }
  } finally {
    await image.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) {
      throw new VeritySignError('environment', 'mkfs.erofs ended well but wrote no image', {
        remedy: 'Check that mkfs-path names a real mkfs.erofs',
      });
    }
    return size;
  } finally {
    await handle.close();
  }
}
