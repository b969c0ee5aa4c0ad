import type { Origin } from './origin.ts';

/** Debian's archive; Go; Python; the programs that build erofs-utils. */
export type Need = 'debian' | 'go' | 'python' | 'build';

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
  /** Only `npm run test:kernel` needs it. */
  kernel?: true;
  /** What must be there before it can be installed. */
  needs: readonly Need[];
  /** Until it is installed, on two processors; rough. */
  seconds: number;
  /** On disk with what stays in caches; rough. */
  megabytes: number;
  install(origin: Origin): Promise<void>;
}
