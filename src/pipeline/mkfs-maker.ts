import type { ErofsBuilder } from '../erofs/builder.ts';
import { PROFILES } from '../erofs/profile.ts';
import { computeRootHash } from '../verity/root-hash.ts';
import { buildImages, removeImage } from './build-images.ts';
import {
  type ImageMaker,
  type ImagesRequest,
  type MadeImage,
  type MadeImages,
  secondsSince,
} from './image-maker.ts';
import { LAYER_THREADS } from './layer-threads.ts';

/** Has images written to the run's folder and hashes them there. */
export class MkfsMaker implements ImageMaker {
  readonly needsDisk = true;
  readonly #builder: ErofsBuilder;
  readonly #imageDigest: boolean;

  /** @param imageDigest also the SHA-256 of each image */
  constructor(builder: ErofsBuilder, imageDigest = false) {
    this.#builder = builder;
    this.#imageDigest = imageDigest;
  }

  async make(request: ImagesRequest): Promise<MadeImages> {
    const started = performance.now();
    const { images, facts } = await buildImages({ ...request, builder: this.#builder });
    const build = secondsSince(started);
    const made: MadeImage[] = [];
    try {
      for (const { image, recipe } of images) {
        const hashing = performance.now();
        const verity = await computeRootHash(image.files, PROFILES[recipe.profile].blockSize, {
          threads: LAYER_THREADS,
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
