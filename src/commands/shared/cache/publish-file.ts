import { open, rename, rm } from 'node:fs/promises';
import { partialPath, writeError } from '../../../oci/partial-file.ts';

/** Mode of files for a node: its services may be other users. */
const MODE = 0o644;

/**
 * Writes a file that others read: by a rename when it is on disk, and readable by all whatever the umask.
 * @throws VeritySignError 'environment'
 */
export async function publishFile(path: string, bytes: Uint8Array): Promise<void> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, 'wx', MODE);
    try {
      await file.chmod(MODE);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
  }
}

/** After this, the names of its files survive a crash of the machine. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
