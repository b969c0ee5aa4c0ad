/**
 * `npm test`: fetches the outside programs that are missing, then runs Jest with the given arguments. Unit tests
 * need none: `npm test -- __tests__/unit/lib` fetches nothing.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describeError } from '../src/errors.ts';
import { testsNeedTools } from './tools/setup/needed.ts';
import { requireReadable } from './tools/setup/readable.ts';

const root = dirname(import.meta.dirname);

function step(args: string[]): void {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const given = process.argv.slice(2);
if (testsNeedTools(given)) {
  try {
    requireReadable(root);
  } catch (error) {
    const { line, status } = describeError(error);
    console.error(line);
    process.exit(status);
  }
  step([join(root, 'scripts/tools/install.ts')]);
}
step(['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), ...given]);
