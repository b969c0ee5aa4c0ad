import type { Readable } from 'node:stream';
import type { LayerFacts } from '../pipeline/stages.ts';
import { FdSink } from '../tools/fd-sink.ts';
import { type ExpectedLayer, openLayerTar } from './layer-tar.ts';

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

/** Checks a layer's blob as `openLayerTar` does and writes its tar to `sinks` on the way. */
export function pour(
  blob: Readable,
  { expected, maxTarSize, sinks }: PourOptions,
  signal: AbortSignal,
  onProgress?: (compressedBytes: number) => void,
): Pouring {
  const layer = openLayerTar(blob, expected, {
    maxTarSize,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const targets = sinks.map((fd) => new FdSink(fd));
  const poured = pourInto(layer.tar, targets);
  // Not after one another: what the layer is refused for is told even while a write waits.
  const facts = Promise.all([layer.facts, poured]).then(([made]) => made);
  facts.catch(() => undefined);
  const idle = poured.then(
    () => undefined,
    async () => {
      await Promise.all(targets.map((target) => target.idle()));
    },
  );
  return { facts, idle };
}

async function pourInto(tar: Readable, targets: readonly FdSink[]): Promise<void> {
  for await (const piece of tar) await Promise.all(targets.map((target) => target.write(piece as Buffer)));
  await Promise.all(targets.map((target) => target.flush()));
}
