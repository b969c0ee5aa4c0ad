/** Where an input exists: the two Actions and the commands of the CLI. */
export type Surface = 'action' | 'sign' | 'root-hash' | 'verify-action' | 'verify' | 'inspect';

/** Groups of inputs in the help and the tables, in this order, with their titles. */
export const GROUPS = {
  essential: 'Essential',
  image: 'Image',
  key: 'Key and signatures',
  trust: 'Trust',
  registry: 'Registry',
  erofs: 'EROFS images',
  output: 'Output and limits',
} as const;

export interface InputSpec {
  /** Input of the Action, and `--NAME` of the CLI. */
  name: string;
  group: keyof typeof GROUPS;
  /** One or two sentences without a final full stop; plain text. */
  description: string;
  /** The value that an absent input stands for, as the user would write it. */
  default?: string;
  /** Placeholder in the CLI's help; a flag of the CLI has none. */
  value?: string;
  /** A list: items are separated by commas or line ends, or the option is repeated. */
  list?: boolean;
  on: readonly Surface[];
}

export const EVERYWHERE = ['action', 'sign', 'root-hash', 'verify-action', 'verify', 'inspect'] as const;
/** Surfaces that convert layers. */
export const CONVERTING = ['action', 'sign', 'root-hash', 'verify-action', 'verify'] as const;
export const SIGNING = ['action', 'sign'] as const;
export const VERIFYING = ['verify-action', 'verify'] as const;
/** Surfaces that write a report. */
export const REPORTING = ['action', 'sign', 'verify-action', 'verify'] as const;
/** Surfaces that attach or read referrers. */
export const REFERRERS = ['action', 'sign', 'verify-action', 'verify', 'inspect'] as const;
export const ACTIONS = ['action', 'verify-action'] as const;
