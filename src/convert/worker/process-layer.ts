import type { Readable } from 'node:stream';
import type { LayerBuildRequest } from '../builders/layer-builder.ts';
import { LAYER_WORKERS } from './pool.ts';
import { type LayerProcess, type ProcessOptions, processInPlace } from './process-in-place.ts';
import { processInWorker } from './process-in-worker.ts';
import { consumerFor } from './tar-consumer.ts';

/** Bytes of a blob up to which it is processed at once: another thread would take longer to be asked. */
const SMALL_BLOB = 256 * 1024;

/** Pours a layer's blob into what is made of its tar, here or in a thread of its own. */
export function processLayer(
  blob: Readable,
  into: Pick<ProcessOptions, 'sinks' | 'native'>,
  { layer, maxTarSize, onProgress }: Pick<LayerBuildRequest, 'layer' | 'maxTarSize' | 'onProgress'>,
  signal: AbortSignal,
): LayerProcess {
  const { diffId, compression } = layer;
  const { digest, size } = layer.descriptor;
  const options = { expected: { digest, size, diffId, compression }, maxTarSize, ...into };
  return size <= SMALL_BLOB
    ? processInPlace(blob, options, signal, onProgress, consumerFor(options))
    : processInWorker(LAYER_WORKERS, blob, options, signal, onProgress);
}
