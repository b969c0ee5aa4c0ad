import { BIN, find, searchPath } from '../../scripts/tools/common.ts';
import { VeritySignError } from '../../src/errors.ts';

/** Absolute path of an outside program, from `.tools/bin` or else from the system. */
export function toolPath(name: string): string {
  const path = find(name);
  if (path !== undefined) return path;
  throw new VeritySignError('environment', `${name} is not installed`, { remedy: 'Run: npm run tools' });
}

/** A value for PATH: `.tools/bin` first, then this process's, then the system's folders. */
export function toolsPath(): string {
  return searchPath();
}

/** An environment for programs of these tests: nothing but PATH and a plain locale. */
export function toolEnvironment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: searchPath(), LC_ALL: 'C', TZ: 'UTC', ...more };
}

export { BIN as toolsFolder };
