import type { ErofsBuilder } from '../erofs/builder.ts';
import { PROFILES } from '../erofs/profile.ts';
import { computeRootHash } from '../verity/root-hash.ts';
import { LAYER_WORKERS } from '../worker/pool.ts';
import { buildImages, removeImage } from './build-images.ts';
import {
  type BuiltLayer,
  type BuiltLayerImage,
  type LayerBuilder,
  type LayerBuildRequest,
  secondsSince,
} from './layer-builder.ts';

/** Has images written to the run's folder and hashes them there. */
export class MkfsLayerBuilder implements LayerBuilder {
  readonly needsDisk = true;
  readonly #builder: ErofsBuilder;
  readonly #imageDigest: boolean;

  /** @param imageDigest also the SHA-256 of each image */
  constructor(builder: ErofsBuilder, imageDigest = false) {
    this.#builder = builder;
    this.#imageDigest = imageDigest;
  }

  async make(request: LayerBuildRequest): Promise<BuiltLayer> {
    const started = performance.now();
    const { images, facts } = await buildImages({ ...request, builder: this.#builder });
    const build = secondsSince(started);
    const made: BuiltLayerImage[] = [];
    try {
      for (const { image, recipe } of images) {
        const hashing = performance.now();
        const verity = await computeRootHash(image.files, PROFILES[recipe.profile].blockSize, {
          threads: LAYER_WORKERS,
          imageDigest: this.#imageDigest,
          signal: request.signal,
        });
        await removeImage(image);
        made.push({ recipe, uuid: image.uuid, verity, seconds: { build, verity: secondsSince(hashing) } });
      }
      return { facts, images: made };
    } finally {
      // Also of those that were not hashed.
      await Promise.all(images.map(({ image }) => removeImage(image)));
    }
  }
}
