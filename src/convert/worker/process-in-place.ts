import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import { onAbort } from '../../lib/concurrent.ts';
import { FdSink } from '../../lib/process/fd-sink.ts';
import type { NativeWork, ProcessedFacts, VerityRoot } from '../../model/index.ts';
import { type ExpectedLayer, readLayer } from '../blob/layer-tar.ts';

export interface ProcessOptions {
  expected: ExpectedLayer;
  /** Maximum size of the uncompressed tar, in bytes. */
  maxTarSize: number;
  /** File descriptors to which the whole tar is written; the slowest one sets the pace. */
  sinks: readonly number[];
  /** Images that the native builder makes of the tar. */
  native?: NativeWork;
  /** What is made of a layer that is an EROFS image. */
  erofs?: ErofsWork;
}

export interface ErofsWork {
  /** Those for which the root hash is computed. */
  blockSizes: readonly VerityRoot['blockSize'][];
  /** A new file for the image with its dm-verity superblock and hash tree. */
  file?: {
    path: string;
    /** One of `blockSizes`. */
    blockSize: VerityRoot['blockSize'];
    /** Private, for what becomes too much for memory. */
    folder: string;
  };
}

/** Consumes the tar of one layer. */
export interface TarConsumer {
  /** The facts from `end` include those of the tar. */
  readonly reportsTarFacts: boolean;
  /** The next chunk comes when this has resolved. */
  consume(chunk: Buffer): Promise<void>;
  /** Called after the last chunk, once the layer has passed all checks. Resolves with additional facts. */
  end(): Promise<Partial<ProcessedFacts>>;
  /** Called after a failure; resolves when no operation is pending. */
  stop(): Promise<void>;
}

export interface LayerProcess {
  /** Rejects as soon as the layer fails a check or a sink cannot be written. */
  facts: Promise<ProcessedFacts>;
  /** Resolves when no write is pending: only then may the sinks be closed. */
  idle: Promise<void>;
}

/**
 * Checks a layer's blob as `readLayer` does and passes its tar to `consumer`.
 * @param read what reads the layer: another function where the blob is checked elsewhere
 */
export function processInPlace(
  blob: Readable,
  { expected, maxTarSize, sinks }: ProcessOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
  consumer: TarConsumer = new SinkConsumer(sinks),
  read: typeof readLayer = readLayer,
): LayerProcess {
  const skipTarFacts = consumer.reportsTarFacts;
  const options = { maxTarSize, signal, skipTarFacts, ...(onProgress === undefined ? {} : { onProgress }) };
  const processed = read(blob, expected, options, (chunk) => consumer.consume(chunk)).then(
    async (facts): Promise<ProcessedFacts> => ({ ...facts, ...(await consumer.end()) }),
  );
  // Once aborted, do not wait for a blocked write.
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const release = onAbort(signal, () =>
    reject(new VeritySignError('cancelled', 'reading the layer was stopped')),
  );
  const facts = Promise.race([processed, aborted]).finally(release);
  facts.catch(() => undefined);
  const idle = processed.then(
    () => undefined,
    () => consumer.stop(),
  );
  return { facts, idle };
}

/** Writes the tar to file descriptors. */
export class SinkConsumer implements TarConsumer {
  readonly reportsTarFacts = false;
  readonly #targets: readonly FdSink[];

  constructor(sinks: readonly number[]) {
    this.#targets = sinks.map((fd) => new FdSink(fd));
  }

  async consume(chunk: Buffer): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.write(chunk)));
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    await Promise.all(this.#targets.map((target) => target.flush()));
    return {};
  }

  async stop(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.idle()));
  }
}
