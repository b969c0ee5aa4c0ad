import type { Worker } from 'node:worker_threads';
import { type HashJob, type HashResult, HashWork } from './hash-job.ts';

/** Asks a worker thread to take part in a job until no share of it is left. */
export interface HashRequest {
  hash: HashJob;
}
export type HashOutcome = HashResult | { error: string };
/** The worker's answer, distinct from the other messages that a worker sends. */
export interface HashReply {
  hashed: HashOutcome;
}

/** Carries out a request; runs in the worker. An error is part of the reply. */
export function runHashRequest({ hash }: HashRequest): HashReply {
  return { hashed: takePart(hash) };
}

function takePart(hash: HashJob): HashOutcome {
  try {
    const work = new HashWork(hash);
    try {
      work.digestWhole();
      while (work.takeShare());
      return work.result;
    } finally {
      work.close();
    }
  } catch (error) {
    return hashFailure(error);
  }
}

/** Only the message: errors lose their class between threads. */
export function hashFailure(error: unknown): HashOutcome {
  return { error: error instanceof Error ? error.message : String(error) };
}

/** Sends a job to a worker and waits for its reply. Rejects if the worker exits before. */
export function requestHash(worker: Worker, hash: HashJob): Promise<HashOutcome> {
  return new Promise<HashOutcome>((resolve, reject) => {
    const onMessage = (message: Partial<HashReply>): void => {
      if (message.hashed === undefined) return;
      leave();
      resolve(message.hashed);
    };
    const onExit = (code: number): void => {
      leave();
      reject(new Error(`the hashing thread exited with status ${code}`));
    };
    // Comes before the exit, and says why.
    const onError = (error: unknown): void => {
      leave();
      reject(error);
    };
    const leave = (): void => void worker.off('message', onMessage).off('exit', onExit).off('error', onError);
    worker.on('message', onMessage).on('exit', onExit).on('error', onError);
    worker.postMessage({ hash } satisfies HashRequest);
  });
}
