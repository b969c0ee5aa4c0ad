import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ImageFile, VerityRoot } from '../../model/index.ts';
import { type HashJob, HashWork, isComplete, newHashJob, SHARE, stopHashJob } from './hash-job.ts';
import { type HashOutcome, hashFailure, requestHash } from './hash-request.ts';
import { rootOf } from './hash-tree.ts';

/** Bytes: a smaller image is hashed in this thread alone, since asking workers takes longer. */
const SMALL = 2 * 1024 * 1024;

export interface HashOptions {
  /** Workers that take part; see `runHashRequest`. */
  threads?: WorkerPool | undefined;
  /** Also computes the SHA-256 of the unpadded image: a second pass, in one thread. */
  imageDigest?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Computes the dm-verity root hash of an image, which is the concatenation of `files`. This thread and, for
 * larger images, several workers hash it together.
 * @throws VeritySignError 'environment' if a file cannot be read or the image is empty, 'cancelled' by `signal`
 */
export async function computeRootHash(
  files: readonly ImageFile[],
  blockSize: VerityRoot['blockSize'],
  { threads, imageDigest = false, signal }: HashOptions = {},
): Promise<VerityRoot> {
  if (signal?.aborted) throw stopped();
  const job = newHashJob(files, blockSize, imageDigest);
  if (job.size === 0) throw unreadable('it is empty');
  const release = onAbort(signal, () => stopHashJob(job));
  const outcomes = await workTogether(job, threads).finally(release);
  if (signal?.aborted) throw stopped();
  const failed = outcomes.find((outcome) => 'error' in outcome);
  if (failed !== undefined) throw unreadable(failed.error);
  if (!isComplete(job)) throw new TypeError('a part of the image was not hashed');
  const dataSize = Math.ceil(job.size / blockSize) * blockSize;
  const rootHash = rootOf(Buffer.from(job.level), blockSize);
  const digested = outcomes.find((outcome) => 'imageSha256' in outcome);
  return { rootHash, blockSize, dataSize, imageSize: job.size, ...digested };
}

/** Resolves when all threads have stopped; a thread that fails stops the others. */
async function workTogether(job: HashJob, threads: WorkerPool | undefined): Promise<HashOutcome[]> {
  const count = helperCount(job, threads);
  const helping =
    threads === undefined || count < 1 ? [] : threads.with(count, (one) => requestHash(one, job));
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

/** Works in steps of about a millisecond, between which this thread can do other work. */
async function workHere(job: HashJob, alone: boolean): Promise<HashOutcome> {
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
