import type { Readable } from 'node:stream';
import type { WorkerPool } from '../../lib/process/worker-pool.ts';
import type { ImageLayer } from '../../model/index.ts';
import type { LayerBuildRequest } from '../builders/layer-builder.ts';
import { LAYER_WORKERS, SMALL_BLOB } from './pool.ts';
import { type LayerProcess, type ProcessOptions, processInPlace } from './process-in-place.ts';
import { processInWorker } from './process-in-worker.ts';
import { consumerFor } from './tar-consumer.ts';

/**
 * Starts the threads that {@link processLayer} will need for these layers, before their blobs are open.
 * @param layers each once
 * @param atOnce how many of them are processed at a time
 */
export function prepareWorkers(
  layers: readonly Pick<ImageLayer, 'descriptor'>[],
  atOnce: number,
  threads: Pick<WorkerPool, 'warmUp'> = LAYER_WORKERS,
): void {
  const large = layers.filter(({ descriptor }) => descriptor.size > SMALL_BLOB);
  threads.warmUp(Math.min(large.length, atOnce));
}

/** Checks a layer's blob and passes what is in it to the consumers of `into`, in this thread or a worker. */
export function processLayer(
  blob: Readable,
  into: Pick<ProcessOptions, 'sinks' | 'native' | 'erofs'>,
  { layer, maxTarSize, onProgress }: Pick<LayerBuildRequest, 'layer' | 'maxTarSize' | 'onProgress'>,
  signal: AbortSignal,
): LayerProcess {
  const { diffId, format, compression } = layer;
  const { digest, size } = layer.descriptor;
  const options = { expected: { digest, size, diffId, format, compression }, maxTarSize, ...into };
  return size <= SMALL_BLOB
    ? processInPlace(blob, options, signal, onProgress, consumerFor(options))
    : processInWorker(LAYER_WORKERS, blob, options, signal, onProgress);
}
