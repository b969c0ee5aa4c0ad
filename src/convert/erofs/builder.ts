import type { ErofsImage, ProfileName } from '../../model/index.ts';

/** Turns a layer's uncompressed tar into the EROFS image that a node would make of it. */
export interface ErofsBuilder {
  /** Starts to build one image of a tar that is written as it comes. */
  start(request: BuildRequest): Promise<Build>;
}

/** An image in the making. Either `finish` or `abort` must be called, once nothing is being written. */
export interface Build {
  /** File descriptors: all of the tar must be written to each. They are the build's own to close. */
  readonly sinks: readonly number[];
  /** Rejects as soon as the build has failed, with what `finish` would reject with. */
  readonly failure: Promise<never>;
  /**
   * Ends the tar and waits for the image. Errors: `image` for a tar that mkfs.erofs refuses; `usage` for
   * options it does not know; `environment` for the rest. After an error no part of an image is left in the folder.
   */
  finish(): Promise<ErofsImage>;
  /** Ends whatever reads the sinks, so that no write to them waits. */
  stop(): void;
  /** Stops, and removes what was written. */
  abort(): Promise<void>;
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
