import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Tree, TYPES_FILE } from './tree.ts';

/** Tests that are run together. */
export interface Suite {
  paths: readonly string[];
  /** Tests with this part in their names are not run. */
  except?: string | undefined;
}

export type Result = 'passed' | 'failed' | 'timeout';

const running = new Set<number>();
process.once('exit', () => running.forEach(killGroup));

/** Runs tests in a tree, up to the first suite that fails; at the time limit all their processes are killed. */
export async function runSuite(tree: Tree, { paths, except }: Suite, seconds: number): Promise<Result> {
  rmSync(tree.temporary, { recursive: true, force: true });
  mkdirSync(tree.temporary);
  const names = except === undefined ? [] : ['--testNamePattern', `^(?!.*${except})`];
  const options = ['--bail', '--runInBand', '--forceExit', `--cacheDirectory=${tree.cache}`, ...names];
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  return runNode(tree, [...jest, ...options, ...paths], seconds);
}

/** Whether the sources have no type error. */
export async function compiles(tree: Tree): Promise<boolean> {
  return (await runNode(tree, ['node_modules/typescript/bin/tsc', '-p', TYPES_FILE], 120)) === 'passed';
}

async function runNode(tree: Tree, args: readonly string[], seconds: number): Promise<Result> {
  const log = openSync(join(tree.root, 'mutation.log'), 'w');
  const child = spawn(process.execPath, args, {
    cwd: tree.root,
    env: { ...process.env, TMPDIR: tree.temporary },
    stdio: ['ignore', log, log],
    // A process group of its own: tests start registries and other servers.
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (pid !== undefined) killGroup(pid);
  }, seconds * 1000);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearTimeout(timer);
  if (pid !== undefined) {
    killGroup(pid);
    running.delete(pid);
  }
  if (late) return 'timeout';
  return status === 0 ? 'passed' : 'failed';
}

/** Kills what is left of the processes that a run has started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All have ended.
  }
}
