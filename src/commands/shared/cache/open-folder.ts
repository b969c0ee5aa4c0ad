import { VeritySignError } from '../../../errors.ts';
import { removeLeftovers } from '../../../lib/leftovers/remove.ts';
import { createFolder, whyNotFolder } from '../../../lib/writable.ts';
import { partialsOf } from '../../../oci/partial-file.ts';

/** Mode of folders for a node: its services may be other users. */
const MODE = 0o755;

/**
 * Creates a folder, and those above it, that all can enter and read, whatever the umask. Those that exist stay as they
 * are.
 */
export function createOpenFolder(path: string): void {
  createFolder(path, MODE);
}

/**
 * Creates a folder unless it exists, and removes what killed runs left directly in it.
 * @throws VeritySignError 'environment' if this user cannot create files there
 */
export async function openFolder(path: string): Promise<void> {
  const why = whyNotUsable(path);
  if (why !== undefined) {
    throw new VeritySignError('environment', `${path} cannot be written to (${why})`, {
      remedy: 'Name a folder in which this user may create files',
    });
  }
  await removeLeftovers(path, partialsOf());
}

function whyNotUsable(path: string): string | undefined {
  try {
    createOpenFolder(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  return whyNotFolder(path);
}
