import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ImageFile, VerityRoot } from '../../model/index.ts';
import { type HashJob, HashWork, isComplete, newHashJob, SHARE, stopHashJob } from './hash-job.ts';
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
  const answers = await workTogether(job, threads).finally(() => signal?.removeEventListener('abort', stop));
  if (signal?.aborted) throw stopped();
  const failed = answers.find((answer) => 'error' in answer);
  if (failed !== undefined) throw unreadable(failed.error);
  if (!isComplete(job)) throw new TypeError('a part of the image was not hashed');
  const dataSize = Math.ceil(job.size / blockSize) * blockSize;
  const rootHash = rootOf(Buffer.from(job.level), blockSize);
  const digested = answers.find((answer) => 'imageSha256' in answer);
  return { rootHash, blockSize, dataSize, imageSize: job.size, ...digested };
}

/** All have stopped when it resolves; one that failed stops the others. */
async function workTogether(job: HashJob, threads: WorkerPool | undefined): Promise<HashAnswer[]> {
  const count = helperCount(job, threads);
  const helping = threads === undefined || count < 1 ? [] : threads.with(count, (one) => askThread(one, job));
  const stopOthers = (error: unknown): never => {
    stopHashJob(job);
    throw error;
  };
  const [here, others] = await Promise.allSettled([
    workHere(job, count < 1),
    Promise.resolve(helping).catch(stopOthers),
  ]);
  if (here.status === 'rejected') throw here.reason;
  if (others.status === 'rejected') throw others.reason;
  return [here.value, ...others.value];
}

/** In pieces of a millisecond or so: this thread has other things to do as well. */
async function workHere(job: HashJob, alone: boolean): Promise<HashAnswer> {
  let work: HashWork | undefined;
  try {
    work = new HashWork(job);
    if (alone && job.imageDigest) for (const _ of work.digestInSteps()) await setImmediate();
    while (work.takeShare()) await setImmediate();
    return work.result;
  } catch (error) {
    return hashFailure(error);
  } finally {
    work?.close();
  }
}

function helperCount(job: HashJob, threads: WorkerPool | undefined): number {
  if (threads === undefined || job.size <= SMALL) return 0;
  return Math.min(availableParallelism() - 1, Math.ceil(job.size / SHARE) - 1);
}

function unreadable(reason: string): VeritySignError {
  return new VeritySignError('environment', `the EROFS image cannot be hashed (${reason})`, {
    remedy: 'Check the disk that holds the temporary folder',
  });
}

function stopped(): VeritySignError {
  return new VeritySignError('cancelled', 'hashing the image was stopped');
}
