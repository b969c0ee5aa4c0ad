import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ProcessedFacts } from '../../model/index.ts';
import { checkedBlob } from '../blob/checked-blob.ts';
import type { LayerProcess, ProcessOptions } from './process-in-place.ts';
import { type FromWorker, fromFailure, type ToWorker } from './protocol.ts';

/**
 * The same as `processInPlace`, in a worker thread that runs a `WorkerSide`. A worker decompresses and digests
 * faster than the main thread, whose large heap the garbage collector scans whenever some tens of megabytes
 * of buffers have been used. This thread only checks the blob, so that its digest costs the worker no time. The
 * memory of the blob's chunks is moved to the worker: the caller loses it.
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
  const feeder = new Feeder(checkedBlob(blob, options.expected, onProgress), send);
  const over = new AbortController();
  let release = (): void => undefined;
  return new Promise<void>((resolve, reject) => {
    const onMessage = (message: FromWorker): void => {
      if ('want' in message) feeder.more();
      else if ('facts' in message) settle(message);
      else if ('failure' in message) settle({ error: fromFailure(message.failure, feeder.error) });
      else resolve();
    };
    const onExit = (status: number): void =>
      reject(new Error(`the layer's worker exited with status ${status}`));
    // An error comes before the exit, and says why.
    worker.on('message', onMessage).once('exit', onExit).once('error', reject);
    onAbort(over.signal, () => worker.off('message', onMessage).off('exit', onExit).off('error', reject));
    send({ start: options });
    release = onAbort(signal, () => send({ stop: true }));
  }).finally(() => {
    // Later events must not reach the layer that the worker processes next.
    over.abort();
    release();
    feeder.stop();
    blob.destroy();
  });
}

/** Checks the blob and sends its chunks when the worker wants them. */
class Feeder {
  /** The error that broke the blob, or with which it failed its check. */
  error: unknown;
  readonly #send: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  #wanted = 0;
  #wake: () => void = () => undefined;
  #stopped = false;

  constructor(chunks: AsyncGenerator<Buffer>, send: (message: ToWorker, transfer?: ArrayBuffer[]) => void) {
    this.#send = send;
    void this.#feed(chunks).then(
      () => this.#end('well'),
      (error: unknown) => {
        const code = (error as NodeJS.ErrnoException).code;
        const closed = code === 'ERR_STREAM_PREMATURE_CLOSE';
        this.error = closed ? new VeritySignError('cancelled', 'reading the layer was stopped') : error;
        this.#end('broken');
      },
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  more(): void {
    this.#wanted += 1;
    this.#wake();
  }

  async #feed(chunks: AsyncGenerator<Buffer>): Promise<void> {
    for await (const chunk of chunks) {
      while (this.#wanted === 0 && !this.#stopped) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#stopped) return;
      this.#wanted -= 1;
      // Memory that a chunk shares with others cannot be moved.
      const own = chunk.byteLength === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk);
      this.#send({ chunk: own }, [own.buffer as ArrayBuffer]);
    }
  }

  #end(how: 'well' | 'broken'): void {
    if (!this.#stopped) this.#send({ end: how });
    this.#stopped = true;
  }
}
