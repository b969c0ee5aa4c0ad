import type { PlatformManifest } from '../../model/index.ts';
import { EROFS_LAYER_MEDIA_TYPES } from '../../model/media-types.ts';

/**
 * What is wrong with layers that are uncompressed EROFS images; undefined if there are none. containerd copies
 * them as they are and makes a hash tree of every other layer only. [containerd 2.4.2 plugins/diff/erofs/differ.go]
 */
export function plainErofsText({ layers }: Pick<PlatformManifest, 'layers'>): string | undefined {
  const plain = layers.filter(({ format, compression }) => format === 'erofs' && compression === 'none');
  if (plain.length === 0) return undefined;
  const [which, verb] = plain.length === 1 ? ['layer', 'is'] : ['layers', 'are'];
  const indexes = plain.map(({ index }) => index).join(', ');
  return `${which} ${indexes} ${verb} of type ${EROFS_LAYER_MEDIA_TYPES.none}, for which containerd 2.4.2 makes no hash tree: with dmverity_mode "on" no container of this image starts. Convert the image with \`ctr images convert --erofs zstd\``;
}
