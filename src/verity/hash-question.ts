import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { type HashJob, type HashResult, HashWork } from './hash-job.ts';

/** What a thread is asked, and what it answers when nothing of the job is left to take. */
export interface HashQuestion {
  hash: HashJob;
}
export type HashAnswer = HashResult | { error: string };

/** The thread's side. */
export function answerHashJob({ hash }: HashQuestion): HashAnswer {
  try {
    const work = new HashWork(hash);
    try {
      while (work.takeShare());
      return work.result;
    } finally {
      work.close();
    }
  } catch (error) {
    return hashFailure(error);
  }
}

/** Errors do not travel well between threads; of the system's own the message is enough. */
export function hashFailure(error: unknown): HashAnswer {
  return { error: error instanceof Error ? error.message : String(error) };
}

/** Sends the job and waits for the answer or the end of the thread. */
export async function askThread(worker: Worker, hash: HashJob): Promise<HashAnswer> {
  const over = new AbortController();
  const waits = [
    once(worker, 'message', { signal: over.signal }).then(([answer]) => answer as HashAnswer),
    once(worker, 'exit', { signal: over.signal }).then(([code]) => {
      throw new Error(`the hashing thread ended with status ${code}`);
    }),
  ];
  worker.postMessage({ hash } satisfies HashQuestion);
  try {
    return await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}
