import type { VerifyOptions } from '../shared/options.ts';

export interface FetchOptions extends VerifyOptions {
  /** Path of the folder for the signatures. */
  folder: string;
  /** Path of containerd's EROFS snapshotter, or of a layer cache, whose layers are to be opened. */
  open?: string;
  /** Open them, instead of only saying how. */
  run: boolean;
}
