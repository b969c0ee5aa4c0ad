import { FormatError } from '../../formats/format-error.ts';
import { parsePolicy } from '../../formats/ipe/parse.ts';
import type { IpePolicy } from '../../formats/ipe/policy.ts';
import type { NodeFile, NodeFiles } from './node-files.ts';

/** What IPE decides by. While no policy is active, everything executes. [Linux security/ipe/eval.c] */
export type ActivePolicy =
  | { state: 'active'; policy: IpePolicy }
  | { state: 'none' }
  /** `remedy`: an imperative sentence without a full stop. */
  | { state: 'unknown'; found: string; remedy: string };

export const IPE = '/sys/kernel/security/ipe';
const POLICIES = `${IPE}/policies`;

const UNREADABLE: ActivePolicy = {
  state: 'unknown',
  found: 'the active policy cannot be read',
  remedy: `Run as root, and look at ${POLICIES}/NAME/active`,
};

export async function readActivePolicy(files: NodeFiles): Promise<ActivePolicy> {
  const folder = await files.list(POLICIES);
  if (folder.state !== 'read') return UNREADABLE;
  let allSeen = true;
  for (const name of folder.names) {
    const active = await files.text(`${POLICIES}/${name}/active`);
    if (active === '1') return parsed(name, await files.read(`${POLICIES}/${name}/policy`));
    if (active !== '0') allSeen = false;
  }
  return allSeen ? { state: 'none' } : UNREADABLE;
}

function parsed(name: string, file: NodeFile): ActivePolicy {
  if (file.state !== 'read') return UNREADABLE;
  try {
    return { state: 'active', policy: parsePolicy(file.bytes) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return {
      state: 'unknown',
      found: `the active policy ${name} ${error.message}`,
      remedy: 'Look at the policy',
    };
  }
}
