import { onAbort } from '../../../lib/concurrent.ts';

/** Rejects when `signal` aborts. The work itself may be one that cannot be aborted; it ends with the process. */
export function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const release = onAbort(signal, () => reject(signal.reason));
  return Promise.race([promise, work]).finally(release);
}
