import type { Readable } from 'node:stream';
import type { Recipe } from './recipe.ts';
import type { BuilderInfo, ImageLayer, LayerFacts, VerityRoot } from './stages.ts';

/** Makes the images of a layer, and their root hashes. */
export interface ImageMaker {
  /** Whether images take room on the disk while they are hashed. */
  readonly needsDisk: boolean;
  /** Reads the blob once for all recipes; results are in their order. After an error nothing is left of it. */
  make(request: ImagesRequest): Promise<MadeImages>;
}

/** A maker whose test may be under way: nothing that it makes may be relied on before `info` resolves. */
export interface OpenedMaker {
  maker: ImageMaker;
  info: Promise<BuilderInfo>;
  /** Ends the test, if it still goes on, and waits for that. */
  stop(): Promise<void>;
}

export interface ImagesRequest {
  layer: ImageLayer;
  /** The layer's blob. */
  open(signal: AbortSignal): Promise<Readable>;
  /** One image each. */
  recipes: readonly Recipe[];
  folder: string;
  /** Milliseconds for one image. */
  timeout: number;
  maxTarSize: number;
  signal: AbortSignal;
  onProgress(compressedBytes: number): void;
}

export interface MadeImages {
  facts: LayerFacts;
  images: readonly MadeImage[];
}

export interface MadeImage {
  recipe: Recipe;
  uuid: string;
  verity: VerityRoot;
  seconds: { build: number; verity: number };
}

export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
