import type { Origin } from './origin.ts';

/** A program, or a set of programs from one source, that the tests or the demo use. */
export interface Tool {
  name: string;
  description: string;
  /** Names in `.tools/bin`. */
  programs: readonly string[];
  /** Everything that decides the result; a change installs the tool again. */
  inputs: unknown;
  /** The demo needs it too, not only the tests. */
  demo: boolean;
  needsBuildTools: boolean;
  install(origin: Origin): Promise<void>;
}
