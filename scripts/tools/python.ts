import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command, failure, find } from './common.ts';

/** Makes a new Python environment with the packages that the requirements file pins by hash. */
export async function pythonEnvironment(folder: string, requirements: string): Promise<void> {
  await requirePython();
  await rm(folder, { recursive: true, force: true });
  await command(['python3', '-m', 'venv', folder]);
  const pip = [join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await command([...pip, '--require-hashes', '--only-binary', ':all:', '--requirement', requirements]);
}

async function requirePython(): Promise<void> {
  if (await hasPython()) return;
  throw failure(
    'python3 is older than 3.11, or has no venv or pip',
    'Install Python 3.11 or later with venv and pip',
  );
}

/** Debian has `venv` in a separate package. */
export async function hasPython(): Promise<boolean> {
  if (find('python3') === undefined) return false;
  const check = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))';
  return command(['python3', '-c', check]).then(
    () => true,
    () => false,
  );
}
