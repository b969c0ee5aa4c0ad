import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parsePolicy } from '../../formats/ipe/parse.ts';
import {
  type Decision,
  decide,
  defaultAction,
  type IpePolicy,
  layerFacts,
  type PolicyVersion,
  rootHashProperty,
} from '../../formats/ipe/policy.ts';
import { unreachableRules } from '../../formats/ipe/unreachable.ts';
import { ruleText, writePolicy } from '../../formats/ipe/write.ts';

/** Without `base`: only the initramfs and the named layers execute. */
const WITHOUT_BASE = `policy_name=base policy_version=0.0.0
DEFAULT action=ALLOW
DEFAULT op=EXECUTE action=DENY
op=EXECUTE boot_verified=TRUE action=ALLOW
`;

export interface Base {
  /** The file, as the user wrote it. */
  file: string;
  bytes: Uint8Array;
}

export interface Composed {
  text: string;
  /** Root hashes that a rule of the base allows. */
  inBase: ReadonlySet<string>;
}

/**
 * The text of a policy: header, the base's defaults and rules in their order, then one rule for each root hash. The
 * first rule that matches decides, so a base that would decide about the layers is refused. Pure.
 * @param rootHashes distinct, 64 lowercase hex digits
 * @throws VeritySignError 'usage' for the base
 */
export function composePolicy(
  name: string,
  version: PolicyVersion,
  base: Base | undefined,
  rootHashes: readonly string[],
): Composed {
  const own = base === undefined ? parsePolicy(Buffer.from(WITHOUT_BASE)) : readBase(base, name);
  const inBase = new Set(rootHashes.filter((rootHash) => allowsAlone(own, rootHash)));
  const added = rootHashes
    .filter((rootHash) => !inBase.has(rootHash))
    .map((rootHash) => ({
      // Rules of the base have their lines.
      line: 0,
      operation: 'EXECUTE' as const,
      properties: [rootHashProperty(rootHash)],
      action: 'ALLOW' as const,
    }));
  const policy: IpePolicy = { ...own, name, version, rules: [...own.rules, ...added] };
  if (base !== undefined) checkDecisions(policy, rootHashes, base.file);
  return { text: writePolicy(policy), inBase };
}

function readBase({ file, bytes }: Base, name: string): IpePolicy {
  let policy: IpePolicy;
  try {
    policy = parsePolicy(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw conflict(`base: ${file} ${error.message}`, 'Correct it: a kernel would refuse the policy');
  }
  if (policy.name !== name) {
    throw conflict(
      `base: ${file} is a policy called ${JSON.stringify(policy.name)}, not ${name}`,
      `Set name to that, or write policy_name=${name} in the base`,
    );
  }
  const [first] = unreachableRules(policy);
  if (first === undefined) return policy;
  throw conflict(
    `base: ${file} line ${first.rule.line}: ${ruleText(first.rule)} ${first.reason}`,
    'Remove the rule, or move it up: the first rule that matches decides',
  );
}

function allowsAlone(policy: IpePolicy, rootHash: string): boolean {
  const { action, rule } = decide(policy, 'EXECUTE', layerFacts(rootHash, false));
  return action === 'ALLOW' && rule?.properties.join() === rootHashProperty(rootHash);
}

/** The layers must be allowed by their root hashes, and no others. */
function checkDecisions(policy: IpePolicy, rootHashes: readonly string[], file: string): void {
  if (defaultAction(policy, 'EXECUTE') === 'ALLOW') {
    throw conflict(
      `base: ${file} allows execution where no rule matches, so root hashes restrict nothing`,
      'Add DEFAULT op=EXECUTE action=DENY',
    );
  }
  for (const signed of [false, true]) {
    const device = signed
      ? 'a device with a signature'
      : 'a device without a signature, as containerd opens it';
    const other = decide(policy, 'EXECUTE', layerFacts(undefined, signed));
    // A node may trust signatures, too.
    if (other.action === 'ALLOW' && !signed) {
      throw conflict(
        `base: ${file} ${place(other)} allows every layer on ${device}, so root hashes restrict nothing`,
        'Remove the rule',
      );
    }
    for (const rootHash of rootHashes) {
      const decision = decide(policy, 'EXECUTE', layerFacts(rootHash, signed));
      if (decision.action === 'ALLOW') continue;
      throw conflict(
        `base: ${file} ${place(decision)} denies the layer with the root hash ${rootHash} on ${device}`,
        'Remove the rule, or omit the image',
      );
    }
  }
}

function place({ rule }: Decision): string {
  return rule === undefined ? '' : `line ${rule.line}: ${ruleText(rule)}`;
}

function conflict(message: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', message, { remedy });
}
