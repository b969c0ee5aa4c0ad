import type { Logger } from '../logger.ts';
import type { BuilderKind, KnownClass, ProfileName } from '../model/index.ts';

/** The options of a command that decide how layers are converted. */
export interface ConvertOptions {
  profiles: ProfileName[];
  /** The builder of EROFS images: mkfs.erofs, or this program. */
  builder: BuilderKind;
  /** Build with both builders and compare. */
  crossCheck: boolean;
  /** The mkfs.erofs to require: a version, a class such as `C`, or `any` to accept an unknown class. */
  erofsUtilsVersion?: string;
  /** Classes that the native builder produces. Default: DEFAULT_CLASS; for `verify`, the class that the signer recorded. */
  classes?: KnownClass[];
  /** The mkfs.erofs options of the node's differ, as one string. Default: those of the profile. */
  mkfsOptions?: string;
  /** Maximum number of layers processed concurrently. */
  concurrency: number;
  /** Milliseconds for one layer. */
  timeout: number;
  /** Maximum size of a layer's uncompressed tar, in bytes. */
  maxLayerSize: number;
  /** Parent of the private temporary folder. */
  tempDir?: string;
  tools: { mkfsPath?: string };
}

/** Where a conversion logs, and the signal that cancels it. */
export interface ConvertContext {
  log: Logger;
  signal: AbortSignal;
}
