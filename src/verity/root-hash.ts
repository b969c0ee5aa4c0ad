import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { VeritySignError } from '../errors.ts';
import type { ImageFile, VerityRoot } from '../pipeline/stages.ts';
import type { WorkerPool } from '../tools/worker-pool.ts';
import { type HashJob, HashWork, newHashJob, SHARE, stopHashJob } from './hash-job.ts';
import { askThread, type HashAnswer, hashFailure } from './hash-question.ts';
import { rootOf } from './hash-tree.ts';

/** Bytes up to which an image is hashed here alone: asking a thread would take longer. */
const SMALL = 2 * 1024 * 1024;

export interface HashOptions {
  /** Threads that help; see `answerHashJob`. */
  threads?: WorkerPool | undefined;
  /** Also the SHA-256 of the image as it is: a second pass that only one thread can make. */
  imageDigest?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * The dm-verity root hash of an image, whose bytes are those of `files` one after another. Larger images
 * are hashed by several threads at once, this one among them. Errors: `environment` if a file cannot be
 * read or there is nothing in it, `cancelled` by `signal`.
 */
export async function computeRootHash(
  files: readonly ImageFile[],
  blockSize: VerityRoot['blockSize'],
  { threads, imageDigest = false, signal }: HashOptions = {},
): Promise<VerityRoot> {
  if (signal?.aborted) throw stopped();
  const job = newHashJob(files, blockSize, imageDigest);
  if (job.size === 0) throw unreadable('it is empty');
  const stop = (): void => stopHashJob(job);
  signal?.addEventListener('abort', stop, { once: true });
  const [here, others] = await Promise.all([workHere(job), helpers(job, threads)]).finally(() =>
    signal?.removeEventListener('abort', stop),
  );
  const answers = [here, ...others];
  if (signal?.aborted) throw stopped();
  const failed = answers.find((answer) => 'error' in answer);
  if (failed !== undefined) throw unreadable(failed.error);
  const dataSize = Math.ceil(job.size / blockSize) * blockSize;
  const rootHash = rootOf(Buffer.from(job.level), blockSize);
  const digested = answers.find((answer) => 'imageSha256' in answer);
  return { rootHash, blockSize, dataSize, imageSize: job.size, ...digested };
}

/** In pieces of a millisecond or so: this thread has other things to do as well. */
async function workHere(job: HashJob): Promise<HashAnswer> {
  let work: HashWork | undefined;
  try {
    work = new HashWork(job);
    while (work.takeShare()) await setImmediate();
    return work.result;
  } catch (error) {
    return hashFailure(error);
  } finally {
    work?.close();
  }
}

function helpers(job: HashJob, threads: WorkerPool | undefined): Promise<HashAnswer[]> {
  const most = Math.min(availableParallelism() - 1, Math.ceil(job.size / SHARE) - 1);
  if (threads === undefined || most < 1 || job.size <= SMALL) return Promise.resolve([]);
  return threads.with(most, (thread) => askThread(thread, job));
}

function unreadable(reason: string): VeritySignError {
  return new VeritySignError('environment', `the EROFS image cannot be hashed (${reason})`, {
    remedy: 'Check the disk that holds the temporary folder',
  });
}

function stopped(): VeritySignError {
  return new VeritySignError('cancelled', 'hashing the image was stopped');
}
