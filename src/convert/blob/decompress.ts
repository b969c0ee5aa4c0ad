import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VeritySignError } from '../../errors.ts';
import type { Compression } from '../../model/index.ts';
import { ownPiece, releasePiece } from './buffer-ownership.ts';

/** Large output pieces: fewer trips through the thread pool and the pipe to mkfs.erofs. */
const CHUNK_SIZE = 1024 * 1024;

/**
 * Decompresses all members (gzip) or frames (zstd) of `blob`, which must begin with the right magic
 * number. Errors: `image` with the reason; whatever `blob` throws passes through.
 *
 * Zero padding after gzip is allowed, nothing else may follow. [RFC 1952 section 2.2, and what gzip(1) takes]
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
  // Node's inflater goes on to the next member by itself and stops at a zero byte.
  for (; rest !== undefined; rest = await next(blob)) {
    if (rest.some((byte) => byte !== 0)) throw garbage('gzip', undefined);
  }
}

async function* unzstd(blob: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let rest = await next(blob);
  let afterFrame = false;
  // Node's decompressor takes the bytes after a frame for garbage if they come in the same piece:
  // a new one goes on with them.
  while (rest !== undefined) {
    try {
      rest = yield* through(createZstdDecompress({ chunkSize: CHUNK_SIZE }), rest, blob);
    } catch (error) {
      throw zstdError(error, afterFrame);
    }
    afterFrame = true;
  }
}

/** Runs one engine until it or the blob ends; returns the bytes that it did not take. */
async function* through(
  engine: Transform & { bytesWritten: number },
  first: Buffer,
  blob: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, Buffer | undefined> {
  const feeding = feed(engine, first, blob);
  feeding.catch((error) => engine.destroy(error));
  try {
    for await (const chunk of engine) {
      ownPiece(chunk);
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
  let given = 0;
  for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await next(blob)) {
    const piece = chunk;
    given += piece.length;
    await written(engine, piece);
    const left = given - engine.bytesWritten;
    if (left > 0) return piece.subarray(piece.length - left);
    if (engine.destroyed) return undefined;
    releasePiece(piece);
  }
  engine.end();
  return undefined;
}

/** Resolves once the engine has taken the piece, or is closed. */
function written(engine: Transform, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      engine.off('close', done);
      resolve();
    };
    engine.once('close', done);
    engine.write(piece, done);
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
      // The first header has been looked at before: this one comes after a member.
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

/** By its fields: an error from another realm is no instance of this one's Error. */
function isZlibError(error: unknown): error is { code: string; message: string } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(Z_|ZSTD_)/.test(error.code);
}

function damaged(message: string, cause: unknown): VeritySignError {
  return new VeritySignError('image', message, { remedy: 'Push the image again from its source', cause });
}

function garbage(format: string, cause: unknown): VeritySignError {
  return damaged(`there is garbage after the ${format} stream`, cause);
}
