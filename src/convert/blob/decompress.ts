import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VeritySignError } from '../../errors.ts';
import type { Compression } from '../../model/index.ts';
import { markOwned, releaseOwned } from './buffer-ownership.ts';

/** Bytes of an output chunk: large ones need fewer trips through the thread pool and the pipe to mkfs.erofs. */
const CHUNK_SIZE = 1024 * 1024;

/**
 * Decompresses all members (gzip) or frames (zstd) of `blob`, which must begin with the right magic number.
 * Zeros may follow the last gzip member, as gzip(1) accepts them, and nothing else. [RFC 1952 section 2.2]
 * @throws VeritySignError 'image' with the reason; errors of `blob` pass through
 */
export function decompress(blob: AsyncIterator<Buffer>, compression: Compression): AsyncGenerator<Buffer> {
  if (compression === 'gzip') return gunzip(blob);
  if (compression === 'zstd') return unzstd(blob);
  return plain(blob);
}

async function* plain(blob: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let chunk = await next(blob); chunk !== undefined; chunk = await next(blob)) yield chunk;
}

async function* gunzip(blob: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const first = await next(blob);
  if (first === undefined) return;
  let rest: Buffer | undefined;
  try {
    rest = yield* through(createGunzip({ chunkSize: CHUNK_SIZE }), first, blob);
  } catch (error) {
    throw gzipError(error);
  }
  // Node's inflater continues with the next member by itself and stops at a zero byte.
  for (; rest !== undefined; rest = await next(blob)) {
    if (rest.some((byte) => byte !== 0)) throw garbage('gzip', undefined);
  }
}

async function* unzstd(blob: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let rest = await next(blob);
  let afterFrame = false;
  // Node's decompressor rejects bytes that follow a frame in the same chunk: a new one continues there.
  while (rest !== undefined) {
    try {
      rest = yield* through(createZstdDecompress({ chunkSize: CHUNK_SIZE }), rest, blob);
    } catch (error) {
      throw zstdError(error, afterFrame);
    }
    afterFrame = true;
  }
}

/** Runs one engine until it or the blob ends; returns the bytes that it did not consume. */
async function* through(
  engine: Transform & { bytesWritten: number },
  first: Buffer,
  blob: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, Buffer | undefined> {
  const feeding = feed(engine, first, blob);
  feeding.catch((error) => engine.destroy(error));
  try {
    for await (const chunk of engine) {
      markOwned(chunk);
      yield chunk;
    }
    return await feeding;
  } finally {
    engine.destroy();
  }
}

async function feed(
  engine: Transform & { bytesWritten: number },
  first: Buffer,
  blob: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  let written = 0;
  for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await next(blob)) {
    written += chunk.length;
    await write(engine, chunk);
    const left = written - engine.bytesWritten;
    if (left > 0) return chunk.subarray(chunk.length - left);
    if (engine.destroyed) return undefined;
    releaseOwned(chunk);
  }
  engine.end();
  return undefined;
}

/** Resolves once the engine has consumed the chunk, or is closed. */
function write(engine: Transform, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      engine.off('close', done);
      resolve();
    };
    engine.once('close', done);
    engine.write(chunk, done);
  });
}

async function next(blob: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const result = await blob.next();
  if (result.done) return undefined;
  return result.value.length === 0 ? next(blob) : result.value;
}

function gzipError(error: unknown): unknown {
  if (!isZlibError(error)) return error;
  switch (error.message) {
    case 'unexpected end of file':
      return damaged('the gzip stream is truncated', error);
    case 'incorrect data check':
      return damaged('the gzip stream has a bad CRC', error);
    case 'incorrect length check':
      return damaged('the gzip stream has a wrong length field', error);
    case 'incorrect header check':
      // The first header was checked before: this one comes after a member.
      return garbage('gzip', error);
    default:
      return damaged(`the gzip stream is damaged (${error.message})`, error);
  }
}

function zstdError(error: unknown, afterFrame: boolean): unknown {
  if (!isZlibError(error)) return error;
  if (error.message === 'unexpected end of file') return damaged('the zstd stream is truncated', error);
  if (error.code === 'ZSTD_error_prefix_unknown') return garbage('zstd', error);
  const where = afterFrame ? ' after its first frame' : '';
  return damaged(`the zstd stream is damaged${where} (${error.message})`, error);
}

/** Checks the fields of the error: one from another realm is not an instance of this realm's Error. */
function isZlibError(error: unknown): error is { code: string; message: string } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(Z_|ZSTD_)/.test(error.code);
}

function damaged(message: string, cause: unknown): VeritySignError {
  return new VeritySignError('image', message, { remedy: 'Push the image again from its source', cause });
}

function garbage(format: string, cause: unknown): VeritySignError {
  return damaged(`the ${format} stream is followed by garbage`, cause);
}
