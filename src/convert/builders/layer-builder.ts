import type { Readable } from 'node:stream';
import type { BuilderInfo, ImageLayer, LayerFacts, VerityRoot } from '../../model/index.ts';
import type { Recipe } from '../erofs/recipe.ts';

/** Builds the images of a layer and computes their root hashes. */
export interface LayerBuilder {
  /** Whether images occupy the disk while they are hashed. */
  readonly needsDisk: boolean;
  /** Reads the blob once for all recipes; results are in their order. After an error no file is left. */
  build(request: LayerBuildRequest): Promise<BuiltLayer>;
}

/** A builder whose known-answer test may still be running: do not use its results before `info` resolves. */
export interface OpenedBuilder {
  builder: LayerBuilder;
  info: Promise<BuilderInfo>;
  /** Stops the test if it is still running, and waits for its end. */
  stop(): Promise<void>;
}

export interface LayerBuildRequest {
  layer: ImageLayer;
  /** Opens the layer's blob. */
  open(signal: AbortSignal): Promise<Readable>;
  /** The images to build. */
  recipes: readonly Recipe[];
  /** Keeps one of the images in a file. */
  imageFile?: ImageFileRequest;
  /** Private folder for files of the build. */
  folder: string;
  /** Milliseconds for one image. */
  timeout: number;
  /** Maximum size of the uncompressed tar, in bytes. */
  maxTarSize: number;
  signal: AbortSignal;
  onProgress(compressedBytes: number): void;
}

/** A file that gets the image of one recipe with its dm-verity superblock and hash tree. */
export interface ImageFileRequest {
  /** One of those that are built. */
  recipe: Recipe;
  /** Does not exist yet, in a folder that exists. After an error, the caller removes it. */
  path: string;
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

/** Seconds, to a millisecond, since a `performance.now()`. */
export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
