import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { VeritySignError } from '../errors.ts';
import type { VerityRoot } from '../pipeline/stages.ts';
import { withWorker } from './hash-pool.ts';
import type { HashAnswer, HashJob } from './hash-worker.ts';

/**
 * The dm-verity root hash and the SHA-256 of an image file, made in a worker thread. Errors:
 * `environment` if the file cannot be read or is empty, `cancelled` by `signal`.
 */
export async function computeRootHash(
  path: string,
  blockSize: VerityRoot['blockSize'],
  signal?: AbortSignal,
): Promise<VerityRoot> {
  const job: HashJob = { path, blockSize };
  const answer = await withWorker((worker) => ask(worker, job, signal));
  if ('root' in answer) return answer.root;
  throw new VeritySignError('environment', `the EROFS image cannot be hashed (${answer.error})`, {
    remedy: 'Check the disk that holds the temporary folder',
  });
}

/** Sends the job and waits for the answer, the end of the worker, or `signal`. */
async function ask(worker: Worker, job: HashJob, signal: AbortSignal | undefined): Promise<HashAnswer> {
  if (signal?.aborted) throw stopped();
  const over = new AbortController();
  const waits = [
    once(worker, 'message', { signal: over.signal }).then(([answer]) => answer as HashAnswer),
    once(worker, 'exit', { signal: over.signal }).then(([code]) => {
      throw new Error(`the hash worker ended with status ${code}`);
    }),
    ...(signal === undefined
      ? []
      : [
          once(signal, 'abort', { signal: over.signal }).then(() => {
            throw stopped();
          }),
        ]),
  ];
  worker.postMessage(job);
  try {
    return await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}

function stopped(): VeritySignError {
  return new VeritySignError('cancelled', 'hashing the image was stopped');
}
