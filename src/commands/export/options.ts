import type { VerifyOptions } from '../shared/options.ts';

export interface ExportOptions extends VerifyOptions {
  /** Path of the layer cache. */
  folder: string;
}
