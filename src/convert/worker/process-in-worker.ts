import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { VeritySignError } from '../../errors.ts';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ProcessedFacts } from '../../model/index.ts';
import type { LayerProcess, ProcessOptions } from './process-in-place.ts';
import { type FromWorker, fromFailure, type ToWorker } from './protocol.ts';

/**
 * The same as `processInPlace`, in a thread whose program has a `WorkerSide`. It decompresses and digests faster than
 * the main thread, whose heap is large: the garbage collector goes through all of that each time that
 * some tens of megabytes of buffers have come and gone. The memory of the blob's pieces is moved there:
 * nobody else may use it any more.
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
    .with(1, (worker) => pourIn(worker, blob, options, signal, onProgress, settle))
    .then(
      () => undefined,
      (error: unknown) => settle({ error }),
    );
  return { facts, idle };
}

/** Resolves when the thread is idle again. */
function pourIn(
  worker: Worker,
  blob: Readable,
  options: ProcessOptions,
  signal: AbortSignal,
  onProgress: ((compressedBytes: number) => void) | undefined,
  settle: (result: { facts: ProcessedFacts } | { error: unknown }) => void,
): Promise<void> {
  const tell = (message: ToWorker, transfer: ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);
  const feeder = new Feeder(blob, tell);
  const over = new AbortController();
  const onAbort = (): void => tell({ stop: true });
  return new Promise<void>((resolve, reject) => {
    const onMessage = (message: FromWorker): void => {
      if ('want' in message) feeder.more();
      else if ('progress' in message) onProgress?.(message.progress);
      else if ('facts' in message) settle(message);
      else if ('failure' in message) settle({ error: fromFailure(message.failure, feeder.error) });
      else resolve();
    };
    const onExit = (status: number): void =>
      reject(new Error(`the layer's thread ended with status ${status}`));
    worker.on('message', onMessage).once('exit', onExit);
    over.signal.addEventListener('abort', () => worker.off('message', onMessage).off('exit', onExit));
    tell({ start: options });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  }).finally(() => {
    // What comes later is not for the layer that the thread pours next.
    over.abort();
    signal.removeEventListener('abort', onAbort);
    feeder.stop();
    blob.destroy();
  });
}

/** Sends the blob's pieces as they are wanted. */
class Feeder {
  /** Why the blob broke. */
  error: unknown;
  readonly #blob: Readable;
  readonly #tell: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  #wanted = 0;
  #ended = false;

  constructor(blob: Readable, tell: (message: ToWorker, transfer?: ArrayBuffer[]) => void) {
    this.#blob = blob;
    this.#tell = tell;
    if (blob.destroyed) this.error = blob.errored ?? undefined;
    blob.on('readable', () => this.#send());
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
    this.#send();
  }

  #send(): void {
    while (this.#wanted > 0 && !this.#ended) {
      const piece = this.#blob.read() as Buffer | null;
      if (piece === null) return;
      this.#wanted -= 1;
      // Moved if nothing else is in its memory, else copied.
      const own = piece.byteLength === piece.buffer.byteLength ? piece : new Uint8Array(piece);
      this.#tell({ piece: own }, [own.buffer as ArrayBuffer]);
    }
  }

  #end(how: 'well' | 'broken'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#tell({ end: how });
  }
}
