import type { Readable } from 'node:stream';
import type { BuilderInfo, ErofsImage, ProfileName } from '../pipeline/stages.ts';

/** Turns a layer's uncompressed tar into the EROFS image that a node would make of it. */
export interface ErofsBuilder {
  readonly info: BuilderInfo;
  /**
   * Reads `tar` to its end and writes one image. Errors: those of `tar` as they are; `image` for a
   * tar that mkfs.erofs refuses; `usage` for options it does not know; `environment` for the rest.
   * After an error nothing of it is left in the folder.
   */
  build(tar: Readable, request: BuildRequest): Promise<ErofsImage>;
}

export interface BuildRequest {
  profile: ProfileName;
  uuid: string;
  /** As words; see `mkfsOptionsFor`. */
  mkfsOptions: readonly string[];
  /** A private folder on a file system with room for the image. */
  folder: string;
  /** Of the image in the folder, without extension; unique in it. */
  name: string;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}
