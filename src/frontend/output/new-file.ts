import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VeritySignError } from '../../errors.ts';

/**
 * Refuses a path at which there is something, before any work.
 * @param label the option that gives the path
 * @throws VeritySignError 'usage'
 */
export function requireNoFile(path: string, label: string): void {
  if (existsSync(resolve(path))) throw existing(path, label);
}

/**
 * Writes a new file that everyone may read, whatever the umask. It never replaces one.
 * @param label the option that gives the path
 * @throws VeritySignError 'usage' if there is something, 'environment'
 */
export async function writeNewFile(path: string, content: string, label: string): Promise<void> {
  try {
    const file = await open(resolve(path), 'wx', 0o644);
    try {
      await file.chmod(0o644);
      await file.writeFile(content);
    } catch (error) {
      await rm(resolve(path), { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw existing(path, label);
    throw new VeritySignError('environment', `${label}: ${path} cannot be written (${code})`, {
      remedy: 'Give a path in a folder that exists and that this user may write to',
      cause,
    });
  }
}

function existing(path: string, label: string): VeritySignError {
  return new VeritySignError('usage', `${label}: ${path} exists already`, {
    remedy: 'Give the path of a new file, or remove this one first',
  });
}
