import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mutant } from './mutants.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Unused variables and unreachable code are no errors of a mutant. */
const TYPES = {
  extends: './tsconfig.json',
  compilerOptions: {
    noUnusedLocals: false,
    noUnusedParameters: false,
    noImplicitReturns: false,
    allowUnreachableCode: true,
  },
  include: ['src'],
};
export const TYPES_FILE = 'tsconfig.mutation.json';

/** A copy of the checkout in which one mutant after another is tested. */
export interface Tree {
  root: string;
  /** Folder for temporary files of tests, emptied between two runs. */
  temporary: string;
  /** Jest's cache, which stays. */
  cache: string;
}

/**
 * Copies the files that git lists or would add, except `dist`; packages and tools are linked.
 * @param folder empty
 */
export function copyTree(folder: string): Tree {
  const root = join(folder, 'checkout');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const path of listed.toString().split('\0')) {
    if (path === '' || path.startsWith('dist/') || path === 'node_modules' || path === '.tools') continue;
    // A file that is deleted but not yet committed is listed too.
    if (!existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  for (const name of ['node_modules', '.tools']) symlinkSync(join(ROOT, name), join(root, name));
  writeFileSync(join(root, TYPES_FILE), JSON.stringify(TYPES));
  return { root, temporary: join(folder, 'temporary'), cache: join(folder, 'cache') };
}

/** A folder that is removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'verity-sign-mutation-'));
  // Tests also run programs as other users.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return folder;
}

export function writeMutant({ root }: Tree, { file, source }: Mutant): void {
  writeFileSync(join(root, file), source);
}

/** Takes the mutant out of the tree. */
export function writeOriginal({ root }: Tree, { file, original }: Mutant): void {
  writeFileSync(join(root, file), original);
}
