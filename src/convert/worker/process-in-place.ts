import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { FdSink } from '../../lib/process/fd-sink.ts';
import type { NativeWork, ProcessedFacts } from '../../model/index.ts';
import { type ExpectedLayer, readLayer } from '../blob/layer-tar.ts';

export interface ProcessOptions {
  expected: ExpectedLayer;
  /** Most bytes the uncompressed tar may have. */
  maxTarSize: number;
  /** File descriptors that each get the whole tar; the slowest sets the pace. */
  sinks: readonly number[];
  /** What is made of the tar without leaving the process. */
  native?: NativeWork;
}

/** Takes the tar of one layer. */
export interface TarConsumer {
  /** It knows by itself which entries are dropped. */
  readonly reportsDropped: boolean;
  /** The next piece comes when this has resolved. */
  take(piece: Buffer): Promise<void>;
  /** All pieces have come, and the layer is the right one. Gives what it knows of it. */
  end(): Promise<Partial<ProcessedFacts>>;
  /** After a failure; resolves when nothing is under way. */
  stop(): Promise<void>;
}

export interface LayerProcess {
  /** Rejects at once when the layer does not do, or a sink cannot be written to. */
  facts: Promise<ProcessedFacts>;
  /** Resolves when nothing is being written any more: only then may the sinks be closed. */
  idle: Promise<void>;
}

/** Checks a layer's blob as `readLayer` does and gives its tar to `consumer` on the way. */
export function processInPlace(
  blob: Readable,
  { expected, maxTarSize, sinks }: ProcessOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
  consumer: TarConsumer = new SinkConsumer(sinks),
): LayerProcess {
  const skipDropped = consumer.reportsDropped;
  const options = { maxTarSize, signal, skipDropped, ...(onProgress === undefined ? {} : { onProgress }) };
  const processed = readLayer(blob, expected, options, (piece) => consumer.take(piece)).then(
    async (facts): Promise<ProcessedFacts> => ({ ...facts, ...(await consumer.end()) }),
  );
  // Who has stopped it need not wait for a write that waits in turn.
  const facts = Promise.race([processed, rejectedBy(signal)]);
  facts.catch(() => undefined);
  const idle = processed.then(
    () => undefined,
    () => consumer.stop(),
  );
  return { facts, idle };
}

/** Writes the tar to file descriptors. */
export class SinkConsumer implements TarConsumer {
  readonly reportsDropped = false;
  readonly #targets: readonly FdSink[];

  constructor(sinks: readonly number[]) {
    this.#targets = sinks.map((fd) => new FdSink(fd));
  }

  async take(piece: Buffer): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.write(piece)));
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    await Promise.all(this.#targets.map((target) => target.flush()));
    return {};
  }

  async stop(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.idle()));
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(new VeritySignError('cancelled', 'reading the layer was stopped'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
