import { PROFILES } from '../erofs/profile.ts';
import { processLayer } from '../worker/process-layer.ts';
import { type BuiltLayer, type LayerBuilder, type LayerBuildRequest, secondsSince } from './layer-builder.ts';

/**
 * Hashes layers that are EROFS images already: decompresses and checks the blob, and computes the root hash
 * of the image in it. A node does the same, so neither mkfs.erofs nor its class matters.
 */
export class ErofsLayerBuilder implements LayerBuilder {
  readonly needsDisk = false;

  /** @throws VeritySignError 'image' for a blob that is damaged, or no EROFS image */
  async build(request: LayerBuildRequest): Promise<BuiltLayer> {
    const { recipes, open, signal, imageFile, folder } = request;
    const started = performance.now();
    const blockSizes = [...new Set(recipes.map(({ profile }) => PROFILES[profile].blockSize))];
    const file = imageFile && {
      path: imageFile.path,
      blockSize: PROFILES[imageFile.recipe.profile].blockSize,
      folder,
    };
    const erofs = { blockSizes, ...(file === undefined ? {} : { file }) };
    const blob = await open(signal);
    // Prevents an uncaught error: the blob may break before it is read.
    blob.on('error', () => undefined);
    const { facts, idle } = processLayer(blob, { sinks: [], erofs }, request, signal);
    try {
      const { erofs: hashed, ...processed } = await facts;
      const seconds = { build: secondsSince(started), verity: 0 };
      const images = recipes.map((recipe) => {
        const { blockSize } = PROFILES[recipe.profile];
        const verity = hashed?.roots.find((root) => root.blockSize === blockSize);
        if (hashed === undefined || verity === undefined) throw new TypeError('the image was not hashed');
        return { recipe, uuid: hashed.uuid, verity, seconds };
      });
      return { facts: processed, images };
    } finally {
      await idle;
    }
  }
}
