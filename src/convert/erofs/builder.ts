import type { ErofsImage, ProfileName } from '../../model/index.ts';

/** Turns a layer's uncompressed tar into the EROFS image that a node makes of it. */
export interface ErofsBuilder {
  /** Starts to build one image; the tar is then written to the build's sinks. */
  start(request: BuildRequest): Promise<Build>;
}

/** An image under construction. Either `finish` or `abort` must be called once no write is pending. */
export interface Build {
  /** File descriptors, to each of which the whole tar must be written. Only the build closes them. */
  readonly sinks: readonly number[];
  /** Rejects as soon as the build has failed, with the error of `finish`. */
  readonly failure: Promise<never>;
  /**
   * Ends the tar and waits for the image. After an error no part of an image is left in the folder.
   * @throws VeritySignError 'image' for a tar that mkfs.erofs refuses, 'usage' for unknown options,
   *   'environment' for the rest
   */
  finish(): Promise<ErofsImage>;
  /** Ends the readers of the sinks, so that no write to them blocks. */
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
  /** File name of the image, without extension; unique in the folder. */
  name: string;
  /** Bytes of the compressed layer. */
  blobSize: number;
  /** Maximum size of the uncompressed tar, in bytes. */
  maxTarSize: number;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}
