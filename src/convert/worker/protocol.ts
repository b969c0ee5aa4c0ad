import { VeritySignError } from '../../errors.ts';
import type { ProcessedFacts } from '../../model/index.ts';
import type { ProcessOptions } from './process-in-place.ts';

/** What a thread that pours a layer is told: first `start`, then pieces of the blob as it wants them. */
export type ToWorker =
  | { start: ProcessOptions }
  | { piece: Uint8Array }
  /** The blob is at its end, or broke; why stays with whoever reads it. */
  | { end: 'well' | 'broken' }
  | { stop: true };

/** What it answers; `idle` is the last. */
export type FromWorker =
  /** It takes one more piece. */
  | { want: true }
  /** Bytes of the blob so far. */
  | { progress: number }
  | { facts: ProcessedFacts }
  | { failure: Failure }
  | { idle: true };

/** An error on its way from one thread to another. */
export type Failure =
  | { kind: 'ours'; code: VeritySignError['code']; message: string; remedy: string | undefined }
  /** The blob broke. */
  | { kind: 'source' }
  /** Of the system, with its code, or a defect. */
  | { kind: 'other'; code: string | undefined; message: string; stack: string | undefined };

/** What the pouring thread destroys its end of the blob with. */
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

/** @param sourceError why the blob broke */
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
