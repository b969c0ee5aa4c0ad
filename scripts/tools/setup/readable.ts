import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../common.ts';

/**
 * The outermost folder of a path that keeps other users out, or undefined.
 * @param modeOf mode bits of a folder
 */
export function privateFolder(
  path: string,
  modeOf: (folder: string) => number = (folder) => statSync(folder).mode,
): string | undefined {
  const above = dirname(path);
  const outer = above === path ? undefined : privateFolder(above, modeOf);
  if (outer !== undefined) return outer;
  return (modeOf(path) & 0o001) === 0 ? path : undefined;
}

/**
 * As root, some tests run programs of the checkout as another user, who must be able to read it.
 * Error (`environment`): it is in a folder such as root's home.
 */
export function requireReadable(checkout: string): void {
  if (process.getuid?.() !== 0) return;
  const folder = privateFolder(checkout);
  if (folder === undefined) return;
  throw failure(
    `the tests run as root, and some of them as another user, but ${folder} keeps other users out`,
    'Clone into a folder that others can enter, such as /srv/verity-sign, or run the tests as an ordinary user',
  );
}
