import { chmod, lstat, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { failure } from '../tools/common.ts';

/** Removes every file and folder whose path from `root` matches one of the patterns. */
export async function removeAll(root: string, patterns: readonly RegExp[]): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (patterns.some((pattern) => pattern.test(relative(root, path)))) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** A symbolic link at `path` below `root`. */
export async function link(root: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
}

/**
 * Sets each mode to 0755 or 0644, and that of folders for temporary files to 1777: the modes of new files depend on
 * the umask. Error (`environment`): a file is setuid or setgid, or neither file, folder nor symbolic link.
 */
export async function normalizeModes(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    const { mode } = await lstat(path);
    if (!entry.isFile() && !entry.isDirectory()) throw failure(`${name} is a special file`, 'Remove it');
    if (entry.isFile() && (mode & 0o6000) !== 0) throw failure(`${name} is setuid or setgid`, 'Remove it');
    const temporary = entry.isDirectory() && ['tmp', 'var/tmp'].includes(name);
    const open = entry.isDirectory() || (mode & 0o100) !== 0;
    await chmod(path, temporary ? 0o1777 : open ? 0o755 : 0o644);
  }
}
