import { normalize } from 'node:path';

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
