import type { CommonOptions } from '../shared/options.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';

export interface PreflightOptions extends CommonOptions, PreflightSettings {
  image: string;
}
