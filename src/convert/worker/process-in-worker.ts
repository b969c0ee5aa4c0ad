import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { VeritySignError } from '../../errors.ts';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ProcessedFacts } from '../../model/index.ts';
import type { LayerProcess, ProcessOptions } from './process-in-place.ts';
import { type FromWorker, fromFailure, type ToWorker } from './protocol.ts';

/**
 * The same as `processInPlace`, in a worker thread that runs a `WorkerSide`. A worker decompresses and digests
 * faster than the main thread, whose large heap the garbage collector scans whenever some tens of megabytes
 * of buffers have been used. The memory of the blob's chunks is moved to the worker: the caller loses it.
 */
export function processInWorker(
  threads: WorkerPool,
  blob: Readable,
  options: ProcessOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
): LayerProcess {
  let settle: (result: { facts: ProcessedFacts } | { error: unknown }) => void = () => undefined;
  const facts = new Promise<ProcessedFacts>((resolve, reject) => {
    settle = (result) => ('facts' in result ? resolve(result.facts) : reject(result.error));
  });
  facts.catch(() => undefined);
  const idle = threads
    .with(1, (worker) => processWith(worker, blob, options, signal, onProgress, settle))
    .then(
      () => undefined,
      (error: unknown) => settle({ error }),
    );
  return { facts, idle };
}

/** Resolves when the worker is idle again. */
function processWith(
  worker: Worker,
  blob: Readable,
  options: ProcessOptions,
  signal: AbortSignal,
  onProgress: ((compressedBytes: number) => void) | undefined,
  settle: (result: { facts: ProcessedFacts } | { error: unknown }) => void,
): Promise<void> {
  const send = (message: ToWorker, transfer: ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);
  const feeder = new Feeder(blob, send);
  const over = new AbortController();
  const onAbort = (): void => send({ stop: true });
  return new Promise<void>((resolve, reject) => {
    const onMessage = (message: FromWorker): void => {
      if ('want' in message) feeder.more();
      else if ('progress' in message) onProgress?.(message.progress);
      else if ('facts' in message) settle(message);
      else if ('failure' in message) settle({ error: fromFailure(message.failure, feeder.error) });
      else resolve();
    };
    const onExit = (status: number): void =>
      reject(new Error(`the layer's worker exited with status ${status}`));
    worker.on('message', onMessage).once('exit', onExit);
    over.signal.addEventListener('abort', () => worker.off('message', onMessage).off('exit', onExit));
    send({ start: options });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  }).finally(() => {
    // Later events must not reach the layer that the worker processes next.
    over.abort();
    signal.removeEventListener('abort', onAbort);
    feeder.stop();
    blob.destroy();
  });
}

/** Sends the blob's chunks when the worker wants them. */
class Feeder {
  /** The error that broke the blob. */
  error: unknown;
  readonly #blob: Readable;
  readonly #send: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  #wanted = 0;
  #ended = false;

  constructor(blob: Readable, send: (message: ToWorker, transfer?: ArrayBuffer[]) => void) {
    this.#blob = blob;
    this.#send = send;
    if (blob.destroyed) this.error = blob.errored ?? undefined;
    blob.on('readable', () => this.#sendWanted());
    blob.once('end', () => this.#end('well'));
    blob.once('error', (error) => {
      this.error = error;
      this.#end('broken');
    });
    const onClose = (): void => {
      this.error ??= new VeritySignError('cancelled', 'reading the layer was stopped');
      this.#end('broken');
    };
    blob.once('close', onClose);
    if (blob.destroyed) queueMicrotask(onClose);
  }

  stop(): void {
    this.#ended = true;
  }

  more(): void {
    this.#wanted += 1;
    this.#sendWanted();
  }

  #sendWanted(): void {
    while (this.#wanted > 0 && !this.#ended) {
      const chunk = this.#blob.read() as Buffer | null;
      if (chunk === null) return;
      this.#wanted -= 1;
      // Memory that a chunk shares with others cannot be moved.
      const own = chunk.byteLength === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk);
      this.#send({ chunk: own }, [own.buffer as ArrayBuffer]);
    }
  }

  #end(how: 'well' | 'broken'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#send({ end: how });
  }
}
