import { normalize } from 'node:path';
import type { Tool } from '../tool.ts';
import type { Machine } from './plan.ts';

/** What tools are for: the tests, the demo, or the tests with those of the kernel. */
export type Scope = 'all' | 'demo' | 'kernel';

/** Whether a tool is installed. The demo leaves out what its machine cannot have, such as a registry outside of Debian. */
export function isWanted(tool: Tool, scope: Scope, machine: Pick<Machine, 'debian'>): boolean {
  if (scope === 'demo') return tool.demo && (machine.debian || !tool.needs.includes('debian'));
  return scope === 'kernel' || tool.kernel !== true;
}

/** Tests here start no outside program but the system's shell. */
const WITHOUT_TOOLS = /^__tests__\/unit(\/|$)/;

/**
 * Whether a run of Jest with these arguments may start outside programs. Only paths of unit tests surely do not:
 * a word may also be the value of an option.
 */
export function testsNeedTools(args: readonly string[]): boolean {
  const words = args.filter((word) => !word.startsWith('-'));
  return words.length === 0 || !words.every((word) => WITHOUT_TOOLS.test(normalize(word)));
}
