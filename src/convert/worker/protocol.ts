import { VeritySignError } from '../../errors.ts';
import type { ProcessedFacts } from '../../model/index.ts';
import type { ProcessOptions } from './process-in-place.ts';

/**
 * Messages to a worker that processes a layer: first `start`, then chunks of the blob as it wants them. The sender
 * checks size and digest of the blob.
 */
export type ToWorker =
  | { start: ProcessOptions }
  | { chunk: Uint8Array }
  /** The blob has ended and is the right one, or broke; the sender keeps the error. */
  | { end: 'well' | 'broken' }
  | { stop: true };

/** Messages from the worker; `idle` is the last. */
export type FromWorker =
  /** The worker is ready for one more chunk. */
  { want: true } | { facts: ProcessedFacts } | { failure: Failure } | { idle: true };

/** An error as it is sent from one thread to another. */
export type Failure =
  | { kind: 'ours'; code: VeritySignError['code']; message: string; remedy: string | undefined }
  /** The blob broke. */
  | { kind: 'source' }
  /** An error of the system, with its code, or a defect. */
  | { kind: 'other'; code: string | undefined; message: string; stack: string | undefined };

/** Stands in the worker for the error that broke the blob. */
export class SourceBroke extends Error {}

export function toFailure(error: unknown): Failure {
  if (error instanceof SourceBroke) return { kind: 'source' };
  if (error instanceof VeritySignError) {
    const { code, message, remedy } = error;
    return { kind: 'ours', code, message, remedy };
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  return { kind: 'other', code, message: message ?? String(error), stack };
}

/** @param sourceError the error that broke the blob */
export function fromFailure(failure: Failure, sourceError: unknown): unknown {
  switch (failure.kind) {
    case 'source':
      return sourceError;
    case 'ours': {
      const { code, message, remedy } = failure;
      return new VeritySignError(code, message, remedy === undefined ? {} : { remedy });
    }
    case 'other': {
      const { code, message, stack } = failure;
      return Object.assign(new Error(message), { code, stack });
    }
  }
}
