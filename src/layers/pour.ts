import type { Readable } from 'node:stream';
import { VeritySignError } from '../errors.ts';
import type { NativeWork, PouredFacts } from '../pipeline/stages.ts';
import { FdSink } from '../tools/fd-sink.ts';
import { type ExpectedLayer, readLayer } from './layer-tar.ts';

export interface PourOptions {
  expected: ExpectedLayer;
  /** Most bytes the uncompressed tar may have. */
  maxTarSize: number;
  /** File descriptors that each get the whole tar; the slowest sets the pace. */
  sinks: readonly number[];
  /** What is made of the tar without leaving the process. */
  native?: NativeWork;
}

/** Takes the tar of one layer. */
export interface TarTaker {
  /** It knows by itself which entries are dropped. */
  readonly tellsDropped: boolean;
  /** The next piece comes when this has resolved. */
  take(piece: Buffer): Promise<void>;
  /** All pieces have come, and the layer is the right one. Gives what it knows of it. */
  end(): Promise<Partial<PouredFacts>>;
  /** After a failure; resolves when nothing is under way. */
  stop(): Promise<void>;
}

export interface Pouring {
  /** Rejects at once when the layer does not do, or a sink cannot be written to. */
  facts: Promise<PouredFacts>;
  /** Resolves when nothing is being written any more: only then may the sinks be closed. */
  idle: Promise<void>;
}

/** Checks a layer's blob as `readLayer` does and gives its tar to `taker` on the way. */
export function pour(
  blob: Readable,
  { expected, maxTarSize, sinks }: PourOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
  taker: TarTaker = new SinkTaker(sinks),
): Pouring {
  const skipDropped = taker.tellsDropped;
  const options = { maxTarSize, signal, skipDropped, ...(onProgress === undefined ? {} : { onProgress }) };
  const poured = readLayer(blob, expected, options, (piece) => taker.take(piece)).then(
    async (facts): Promise<PouredFacts> => ({ ...facts, ...(await taker.end()) }),
  );
  // Who has stopped it need not wait for a write that waits in turn.
  const facts = Promise.race([poured, rejectedBy(signal)]);
  facts.catch(() => undefined);
  const idle = poured.then(
    () => undefined,
    () => taker.stop(),
  );
  return { facts, idle };
}

/** Writes the tar to file descriptors. */
export class SinkTaker implements TarTaker {
  readonly tellsDropped = false;
  readonly #targets: readonly FdSink[];

  constructor(sinks: readonly number[]) {
    this.#targets = sinks.map((fd) => new FdSink(fd));
  }

  async take(piece: Buffer): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.write(piece)));
  }

  async end(): Promise<Partial<PouredFacts>> {
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
