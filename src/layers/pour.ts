import type { Readable } from 'node:stream';
import { VeritySignError } from '../errors.ts';
import type { LayerFacts } from '../pipeline/stages.ts';
import { FdSink } from '../tools/fd-sink.ts';
import { type ExpectedLayer, readLayer } from './layer-tar.ts';

export interface PourOptions {
  expected: ExpectedLayer;
  /** Most bytes the uncompressed tar may have. */
  maxTarSize: number;
  /** File descriptors that each get the whole tar; the slowest sets the pace. */
  sinks: readonly number[];
}

export interface Pouring {
  /** Rejects at once when the layer does not do, or a sink cannot be written to. */
  facts: Promise<LayerFacts>;
  /** Resolves when nothing is being written any more: only then may the sinks be closed. */
  idle: Promise<void>;
}

/** Checks a layer's blob as `readLayer` does and writes its tar to `sinks` on the way. */
export function pour(
  blob: Readable,
  { expected, maxTarSize, sinks }: PourOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
): Pouring {
  const targets = sinks.map((fd) => new FdSink(fd));
  const options = { maxTarSize, signal, ...(onProgress === undefined ? {} : { onProgress }) };
  const poured = readLayer(blob, expected, options, async (piece) => {
    await Promise.all(targets.map((target) => target.write(piece)));
  }).then(async (facts) => {
    await Promise.all(targets.map((target) => target.flush()));
    return facts;
  });
  // Who has stopped it need not wait for a write that waits in turn.
  const facts = Promise.race([poured, rejectedBy(signal)]);
  facts.catch(() => undefined);
  const idle = poured.then(
    () => undefined,
    async () => {
      await Promise.all(targets.map((target) => target.idle()));
    },
  );
  return { facts, idle };
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(new VeritySignError('cancelled', 'reading the layer was stopped'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
