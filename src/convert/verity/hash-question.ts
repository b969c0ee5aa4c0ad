import type { Worker } from 'node:worker_threads';
import { type HashJob, type HashResult, HashWork } from './hash-job.ts';

/** What a thread is asked, and what it answers when nothing of the job is left to take. */
export interface HashQuestion {
  hash: HashJob;
}
export type HashAnswer = HashResult | { error: string };
/** On its way, so that no other message of the thread passes for it. */
export interface HashReply {
  hashed: HashAnswer;
}

/** The thread's side. */
export function answerHashJob({ hash }: HashQuestion): HashReply {
  return { hashed: hashHere(hash) };
}

function hashHere(hash: HashJob): HashAnswer {
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

/** Errors do not travel well between threads; of the system's own the message is enough. */
export function hashFailure(error: unknown): HashAnswer {
  return { error: error instanceof Error ? error.message : String(error) };
}

/** Sends the job and waits for the answer or the end of the thread. */
export function askThread(worker: Worker, hash: HashJob): Promise<HashAnswer> {
  return new Promise<HashAnswer>((resolve, reject) => {
    const onMessage = (message: Partial<HashReply>): void => {
      if (message.hashed === undefined) return;
      leave();
      resolve(message.hashed);
    };
    const onExit = (code: number): void => {
      leave();
      reject(new Error(`the hashing thread ended with status ${code}`));
    };
    const leave = (): void => void worker.off('message', onMessage).off('exit', onExit);
    worker.on('message', onMessage).on('exit', onExit);
    worker.postMessage({ hash } satisfies HashQuestion);
  });
}
