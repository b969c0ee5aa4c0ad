/** Where a name may be given. */
export type Surface = 'action' | 'sign' | 'root-hash' | 'verify-action' | 'verify' | 'inspect';

export interface InputSpec {
  /** Input of the Action, and `--NAME` of the CLI. */
  name: string;
  /** One or two sentences without a final full stop; plain text. */
  description: string;
  /** As the user would write it. */
  default?: string;
  /** Placeholder in the CLI's help; a flag has none. */
  value?: string;
  /** A list: separated by commas or new lines, or the option given several times. */
  list?: boolean;
  on: readonly Surface[];
}

export const EVERYWHERE = ['action', 'sign', 'root-hash', 'verify-action', 'verify', 'inspect'] as const;
/** Where layers are converted. */
export const CONVERTING = ['action', 'sign', 'root-hash', 'verify-action', 'verify'] as const;
export const SIGNING = ['action', 'sign'] as const;
export const VERIFYING = ['verify-action', 'verify'] as const;
/** Where there is a report. */
export const REPORTING = ['action', 'sign', 'verify-action', 'verify'] as const;
/** Where there are referrers. */
export const REFERRERS = ['action', 'sign', 'verify-action', 'verify', 'inspect'] as const;
export const ACTIONS = ['action', 'verify-action'] as const;
