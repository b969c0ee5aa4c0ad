import type { Readable } from 'node:stream';
import type { ImageLayer } from '../../model/index.ts';
import type { LayerBuildRequest } from '../builders/layer-builder.ts';
import type { ConvertOptions } from '../options.ts';
import { LAYER_WORKERS } from './pool.ts';
import { type LayerProcess, type ProcessOptions, processInPlace } from './process-in-place.ts';
import { processInWorker } from './process-in-worker.ts';
import type { Prepare } from './protocol.ts';
import { consumerFor } from './tar-consumer.ts';

/** Bytes: a smaller blob is processed in this thread, since handing it to a worker takes longer. */
const SMALL_BLOB = 1024 * 1024;

/** Starts the threads that {@link processLayer} will need for these layers, before their blobs are open. */
export function prepareWorkers(
  layers: readonly ImageLayer[],
  { builder, concurrency }: Pick<ConvertOptions, 'builder' | 'concurrency'>,
): void {
  const large = layers.filter(({ descriptor }) => descriptor.size > SMALL_BLOB);
  const isNative = builder === 'native' && large.some(({ format }) => format === 'tar');
  const message: Prepare | undefined = isNative ? { prepare: 'native' } : undefined;
  LAYER_WORKERS.warmUp(Math.min(large.length, concurrency), message);
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
