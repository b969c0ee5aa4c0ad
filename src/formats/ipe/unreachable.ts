import type { IpePolicy, IpeRule } from './policy.ts';

/** Why a rule never decides anything: an earlier rule that matches whatever it matches, or itself. */
export interface Unreachable {
  rule: IpeRule;
  /** A predicate, such as `never matches: …`. */
  reason: string;
}

/** The rules that never decide anything. */
export function unreachableRules({ rules }: IpePolicy): Unreachable[] {
  const found: Unreachable[] = [];
  /** Matching rules, by operation and properties. */
  const earlier = new Map<string, IpeRule>();
  for (const rule of rules) {
    const reason = contradiction(rule) ?? hiddenBy(rule, earlier);
    if (reason === undefined) earlier.set(keyOf(rule, rule.properties), rule);
    else found.push({ rule, reason });
  }
  return found;
}

function contradiction({ properties }: IpeRule): string | undefined {
  const byName = new Map<string, string>();
  for (const property of properties) {
    const [name = ''] = property.split('=');
    const other = byName.get(name);
    if (other !== undefined && other !== property) return `never matches: ${other} excludes ${property}`;
    byName.set(name, property);
  }
  return undefined;
}

function hiddenBy(rule: IpeRule, earlier: ReadonlyMap<string, IpeRule>): string | undefined {
  const distinct = [...new Set(rule.properties)];
  for (const some of subsets(distinct)) {
    const hiding = earlier.get(keyOf(rule, some));
    if (hiding === undefined) continue;
    const isSame = some.length === distinct.length;
    if (isSame && hiding.action === rule.action) return `repeats line ${hiding.line}`;
    return `is never reached: line ${hiding.line} matches first`;
  }
  return undefined;
}

/** A rule without contradiction has five properties at the most: each has one of five names. */
function subsets(items: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const item of items) all.push(...all.map((one) => [...one, item]));
  return all;
}

function keyOf({ operation }: IpeRule, properties: readonly string[]): string {
  return [operation, ...[...new Set(properties)].sort()].join(' ');
}
