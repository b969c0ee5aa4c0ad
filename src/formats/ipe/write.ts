import type { IpePolicy, IpeRule } from './policy.ts';
import { versionText } from './version.ts';

/** The text of a policy, without comments: header, defaults, rules. A kernel and {@link parsePolicy} read it back. */
export function writePolicy({ name, version, globalDefault, defaults, rules }: IpePolicy): string {
  return [
    `policy_name=${name} policy_version=${versionText(version)}`,
    ...(globalDefault === undefined ? [] : [`DEFAULT action=${globalDefault}`]),
    ...[...defaults].map(([operation, action]) => `DEFAULT op=${operation} action=${action}`),
    ...rules.map(ruleText),
    '',
  ].join('\n');
}

/** A rule as a line of a policy. */
export function ruleText({ operation, properties, action }: Omit<IpeRule, 'line'>): string {
  return [`op=${operation}`, ...properties, `action=${action}`].join(' ');
}
