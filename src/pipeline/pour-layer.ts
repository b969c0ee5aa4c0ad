import type { Readable } from 'node:stream';
import { type Pouring, type PourOptions, pour } from '../layers/pour.ts';
import { pourElsewhere } from '../layers/pour-elsewhere.ts';
import type { ImagesRequest } from './image-maker.ts';
import { LAYER_THREADS } from './layer-threads.ts';
import { takerFor } from './taker.ts';

/** Bytes of a blob up to which it is poured at once: another thread would take longer to be asked. */
const SMALL_BLOB = 256 * 1024;

/** Pours a layer's blob into what is made of its tar, here or in a thread of its own. */
export function pourLayer(
  blob: Readable,
  into: Pick<PourOptions, 'sinks' | 'native'>,
  { layer, maxTarSize, onProgress }: Pick<ImagesRequest, 'layer' | 'maxTarSize' | 'onProgress'>,
  signal: AbortSignal,
): Pouring {
  const { diffId, compression } = layer;
  const { digest, size } = layer.descriptor;
  const options = { expected: { digest, size, diffId, compression }, maxTarSize, ...into };
  return size <= SMALL_BLOB
    ? pour(blob, options, signal, onProgress, takerFor(options))
    : pourElsewhere(LAYER_THREADS, blob, options, signal, onProgress);
}
