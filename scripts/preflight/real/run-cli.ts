import { delimiter, dirname, join } from 'node:path';
import { EXIT_STATUS } from '../../../src/errors.ts';
import { fixedEnvironment } from '../../../src/lib/process/environment.ts';
import { run, ToolError } from '../../../src/lib/process/run.ts';
import { searchPath } from '../../tools/common.ts';

const root = join(import.meta.dirname, '../../..');

/** Exit status of an image that would not run under enforcement. */
export const NOT_ENFORCED = EXIT_STATUS['not-enforced'];

/**
 * Runs the CLI of this checkout, as it is shipped.
 * @returns its exit status: 0 or {@link NOT_ENFORCED}
 * @throws ToolError after any other
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const env = {
    ...fixedEnvironment(),
    HOME: process.env.HOME ?? '/',
    PATH: [searchPath(), dirname(process.execPath)].join(delimiter),
  };
  try {
    await run([process.execPath, join(root, 'dist/cli.js'), ...args], { env, cwd: root, timeout: 600_000 });
    return 0;
  } catch (error) {
    if (error instanceof ToolError && error.exitCode === NOT_ENFORCED) return NOT_ENFORCED;
    throw error;
  }
}
