import type { PolicyVersion } from '../../formats/ipe/policy.ts';
import type { VerifyOptions } from '../shared/options.ts';

/** The images whose layers a policy is about, and how they are verified. */
export interface PolicyImages {
  /** At least one. */
  images: readonly string[];
  verifying: Omit<VerifyOptions, 'image'>;
}

export interface MakePolicyOptions extends PolicyImages {
  /** Lowercase letters, digits and hyphens: name of the policy and of its files. */
  name: string;
  version: PolicyVersion;
  /** Folder of the three files. */
  out: string;
  /** File with the node's own rules. */
  base?: string;
  /** Path, `env://NAME`, or a key in a KMS or notation plugin. */
  key: string;
  /** Path or `env://NAME`. */
  keyPassphrase?: string;
  /** Path, `env://NAME` or PEM; not needed where the key's holder has the chain. */
  certificate?: string;
  /** For a notation plugin. */
  pluginConfig: Record<string, string>;
  /** Redacted in the output of a notation plugin. */
  pluginSecrets?: readonly string[];
  /** `REGISTRY/REPOSITORY:TAG`s that get the signed policy; empty for none. */
  pushTo: readonly string[];
}

export interface CheckPolicyOptions extends PolicyImages {
  /** A policy, as text or signed. */
  check: string;
}
