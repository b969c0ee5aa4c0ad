import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolPath } from './tools.ts';

/** Where verity-sign looks for mkfs.erofs besides PATH. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Words before a command that runs where the system has no mkfs.erofs: none on a machine without one, else a
 * mount namespace that hides it.
 */
export function withoutMkfs(): string[] {
  const found = FOLDERS.map((folder) => join(folder, 'mkfs.erofs')).filter((path) => existsSync(path));
  if (found.length === 0) return [];
  const hide = found.map((path) => `'${toolPath('mount')}' --bind /dev/null '${path}'`);
  const script = [...hide, 'exec "$@"'].join('\n');
  // bash, since dash drops variables such as INPUT_MKFS-PATH.
  return [toolPath('unshare'), '--map-root-user', '--mount', '--', toolPath('bash'), '-ec', script, 'bash'];
}
