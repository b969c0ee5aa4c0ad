/** IPE policies as values. [Linux Documentation/admin-guide/LSM/ipe.rst, security/ipe/policy_parser.c] */

/** What a policy decides about. */
export const OPERATIONS = [
  'EXECUTE',
  'FIRMWARE',
  'KMODULE',
  'KEXEC_IMAGE',
  'KEXEC_INITRAMFS',
  'POLICY',
  'X509_CERT',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Action = 'ALLOW' | 'DENY';

/** Three numbers of 16 bits. */
export type PolicyVersion = readonly [major: number, minor: number, revision: number];

export interface IpeRule {
  /** Line of the text, from 1. */
  line: number;
  operation: Operation;
  /** Such as `boot_verified=TRUE`; digests in lowercase. All of them must hold. */
  properties: readonly string[];
  action: Action;
}

export interface IpePolicy {
  name: string;
  version: PolicyVersion;
  /** `DEFAULT action=…`. */
  globalDefault: Action | undefined;
  /** `DEFAULT op=… action=…`. */
  defaults: ReadonlyMap<Operation, Action>;
  /** In the order of the text: the first that matches decides. */
  rules: readonly IpeRule[];
}

/** A decision, and the rule that made it; undefined for a default. */
export interface Decision {
  action: Action;
  rule: IpeRule | undefined;
}

/** The property that a dm-verity device with this root hash has. @param rootHash 64 lowercase hex digits */
export function rootHashProperty(rootHash: string): string {
  return `dmverity_roothash=sha256:${rootHash}`;
}

/**
 * Every property that holds for files of a layer, on a device with this root hash.
 * @param rootHash undefined for one that no rule names
 * @param signed whether the device was opened with a signature; containerd opens it without
 */
export function layerFacts(rootHash: string | undefined, signed: boolean): ReadonlySet<string> {
  return new Set([
    'boot_verified=FALSE',
    `dmverity_signature=${signed ? 'TRUE' : 'FALSE'}`,
    'fsverity_signature=FALSE',
    ...(rootHash === undefined ? [] : [rootHashProperty(rootHash)]),
  ]);
}

/** What the kernel decides. [security/ipe/eval.c, ipe_evaluate_event] @param facts every property that holds */
export function decide(policy: IpePolicy, operation: Operation, facts: ReadonlySet<string>): Decision {
  const rule = policy.rules.find(
    (one) => one.operation === operation && one.properties.every((property) => facts.has(property)),
  );
  return { action: rule?.action ?? defaultAction(policy, operation), rule };
}

/** `signed-only`: only from a device that was opened with a signature, which containerd does not do. */
export type LayerVerdict = 'allowed' | 'signed-only' | 'denied';

/** Whether programs of a layer with this root hash execute, and the rule that decides. */
export function decideLayer(
  policy: IpePolicy,
  rootHash: string,
): { verdict: LayerVerdict; rule: IpeRule | undefined } {
  const unsigned = decide(policy, 'EXECUTE', layerFacts(rootHash, false));
  if (unsigned.action === 'ALLOW') return { verdict: 'allowed', rule: unsigned.rule };
  const signed = decide(policy, 'EXECUTE', layerFacts(rootHash, true));
  return signed.action === 'ALLOW'
    ? { verdict: 'signed-only', rule: signed.rule }
    : { verdict: 'denied', rule: unsigned.rule };
}

/** A policy without a global default has one for each operation. */
export function defaultAction({ defaults, globalDefault }: IpePolicy, operation: Operation): Action {
  const action = defaults.get(operation) ?? globalDefault;
  if (action === undefined) throw new TypeError(`the policy has no default for ${operation}`);
  return action;
}
