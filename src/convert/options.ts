import type { Logger } from '../logger.ts';
import type { KnownClass, ProfileName } from '../model/index.ts';

/** What converting layers needs of a command's options. */
export interface ConvertOptions {
  profiles: ProfileName[];
  /** What makes the EROFS images: mkfs.erofs, or this program. */
  builder: 'mkfs' | 'native';
  /** Builds with both and compares. */
  crossCheck: boolean;
  /** What mkfs.erofs must be: a version, a class (`A`, `B`, `C`), or `any` to accept an unknown class. */
  erofsUtilsVersion?: string;
  /** Classes that the native builder produces. Default: class C; of `verify`, what the signer recorded. */
  classes?: KnownClass[];
  /** mkfs.erofs options of the node's differ, as one string; without it the profile's default. */
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

/** Where a conversion reports, and what ends it. */
export interface ConvertContext {
  log: Logger;
  signal: AbortSignal;
}
