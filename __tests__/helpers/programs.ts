import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the bundles are that a run of tests has made of the sources: see programs/set-up.ts. */
export const BUNDLES = 'VERITY_SIGN_TEST_BUNDLES';

/**
 * The path of a program of this project. It is a bundle, as users have it, and starts in a third of the processor
 * time of the sources; in a run of unit tests only, it is the source.
 */
export function programPath(entry: 'cli' | 'sign-action' | 'verify-action' | 'ipe-policy-action'): string {
  const bundles = process.env[BUNDLES];
  return bundles === undefined ? join(ROOT, `src/entry/${entry}.ts`) : join(bundles, `${entry}.js`);
}
