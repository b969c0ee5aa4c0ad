import type { Readable } from 'node:stream';
import type { BuilderInfo, ImageLayer, LayerFacts, VerityRoot } from '../../model/index.ts';
import type { Recipe } from '../erofs/recipe.ts';

/** Makes the images of a layer, and their root hashes. */
export interface LayerBuilder {
  /** Whether images take room on the disk while they are hashed. */
  readonly needsDisk: boolean;
  /** Reads the blob once for all recipes; results are in their order. After an error nothing is left of it. */
  make(request: LayerBuildRequest): Promise<BuiltLayer>;
}

/** A builder whose test may be under way: nothing that it makes may be relied on before `info` resolves. */
export interface OpenedBuilder {
  builder: LayerBuilder;
  info: Promise<BuilderInfo>;
  /** Ends the test, if it still goes on, and waits for that. */
  stop(): Promise<void>;
}

export interface LayerBuildRequest {
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

export interface BuiltLayer {
  facts: LayerFacts;
  images: readonly BuiltLayerImage[];
}

export interface BuiltLayerImage {
  recipe: Recipe;
  uuid: string;
  verity: VerityRoot;
  seconds: { build: number; verity: number };
}

export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
