import type { ImageLayer } from './stages.ts';

/** The same for layers whose conversion is the same. */
export function layerKey(layer: ImageLayer): string {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}
