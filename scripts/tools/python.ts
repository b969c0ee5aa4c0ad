import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from './apt.ts';
import { command, failure, find } from './common.ts';

/** Makes a new Python environment with the packages that the requirements file pins by hash. */
export async function pythonEnvironment(folder: string, requirements: string): Promise<void> {
  await requirePython();
  await rm(folder, { recursive: true, force: true });
  await command(['python3', '-m', 'venv', folder]);
  const pip = [join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await command([...pip, '--require-hashes', '--only-binary', ':all:', '--requirement', requirements]);
}

/** Debian has `venv` in a separate package. */
async function requirePython(): Promise<void> {
  if (await hasPython()) return;
  await installPackages(['python3', 'python3-venv'], 'Python 3.11 or later with venv and pip');
  if (await hasPython()) return;
  throw failure(
    'python3 is older than 3.11, or has no venv or pip',
    'Install Python 3.11 or later with venv and pip',
  );
}

async function hasPython(): Promise<boolean> {
  if (find('python3') === undefined) return false;
  const check = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))';
  return command(['python3', '-c', check]).then(
    () => true,
    () => false,
  );
}
