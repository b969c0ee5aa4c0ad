import { VeritySignError } from '../../errors.ts';

/** Where an input exists: the three Actions and the commands of the CLI. */
export type Surface =
  | 'action'
  | 'sign'
  | 'root-hash'
  | 'verify-action'
  | 'ipe-policy-action'
  | 'verify'
  | 'inspect'
  | 'remove'
  | 'export'
  | 'fetch'
  | 'csr'
  | 'doctor'
  | 'preflight'
  | 'ipe-policy'
  | 'node-kit'
  | 'version';

/** Groups of inputs in the help and the tables, in this order, with their titles. */
export const GROUPS = {
  essential: 'Essential',
  image: 'Image',
  key: 'Key and signatures',
  trust: 'Trust',
  registry: 'Registry',
  erofs: 'EROFS images',
  preflight: 'Preflight',
  github: 'GitHub',
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
  /** Placeholder in the CLI's help. A boolean has none. */
  value?: string;
  /** All values that are accepted, if there are only a few. */
  choices?: readonly string[];
  /**
   * A list: items are separated by commas or line ends, or the option is repeated. `lines`: by line ends only,
   * because an item may contain commas; the description says so.
   */
  list?: true | 'lines';
  on: readonly Surface[];
}

/** The name of an input as a property: `dry-run` is `dryRun`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

/** Commands for nodes, which verify images as `verify` does. */
const NODE_COMMANDS = ['ipe-policy', 'node-kit', 'export', 'fetch'] as const;
/** These, and the Action that is one of them. */
const NODE = ['ipe-policy-action', ...NODE_COMMANDS] as const;
/** The commands of the CLI that work on images. */
export const COMMANDS = [
  'sign',
  'root-hash',
  'verify',
  'inspect',
  'remove',
  ...NODE_COMMANDS,
  'preflight',
] as const;
/** Surfaces that take images of which some layers are not signed. */
export const SKIPPING = [
  'action',
  'sign',
  'root-hash',
  'verify-action',
  'verify',
  'inspect',
  'remove',
  ...NODE,
  'doctor',
] as const;
/** Surfaces that open an image. */
export const EVERYWHERE = [...SKIPPING, 'preflight'] as const;
/** Surfaces that convert layers. */
export const CONVERTING = [
  'action',
  'sign',
  'root-hash',
  'verify-action',
  'verify',
  'ipe-policy-action',
  'ipe-policy',
  'node-kit',
  'export',
  'preflight',
] as const;
export const SIGNING = ['action', 'sign'] as const;
/** Surfaces that use a private key. */
export const KEYS = ['action', 'sign', 'csr', 'ipe-policy-action', 'ipe-policy', 'node-kit'] as const;
/** Surfaces that sign with a certificate. */
export const CERTIFYING = ['action', 'sign', 'ipe-policy-action', 'ipe-policy', 'node-kit'] as const;
/** Surfaces that make or check a policy of a name. */
export const POLICY = ['ipe-policy-action', 'ipe-policy'] as const;
export const VERIFYING = ['verify-action', 'verify', ...NODE] as const;
/** Those that may rebuild layers to compare root hashes; the others convert layers anyway, or none. */
export const RECOMPUTING = ['verify-action', 'verify', ...POLICY, 'node-kit'] as const;
/** Surfaces on which certificates and stores say whom to trust. */
export const TRUSTING = [...VERIFYING, 'doctor'] as const;
/** Surfaces that write a report. */
export const REPORTING = [
  'action',
  'sign',
  'verify-action',
  'verify',
  'remove',
  ...NODE,
  'preflight',
] as const;
/** Surfaces that attach or read referrers. */
export const REFERRERS = [
  'action',
  'sign',
  'verify-action',
  'verify',
  'inspect',
  'remove',
  ...NODE,
  'preflight',
] as const;
/** The Actions that give a verdict on each image. */
export const IMAGE_ACTIONS = ['action', 'verify-action'] as const;
export const ACTIONS = [...IMAGE_ACTIONS, 'ipe-policy-action'] as const;
export type ActionSurface = (typeof ACTIONS)[number];

/**
 * An option that is given and has nothing. An input of the Actions without a value is an absent one, but whoever
 * writes an option wants its effect: without a `signer-identity`, every signer of the authority would do.
 */
export function emptyValue(label: string): VeritySignError {
  return new VeritySignError('usage', `${label} is empty`, {
    remedy: 'Check the variable that is inserted there, or omit the option',
  });
}
