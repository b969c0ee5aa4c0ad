import { readFileSync } from 'node:fs';
import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './apt.ts';
import { BIN, command, failure, find, TOOLS } from './common.ts';
import type { Tool } from './tool-list.ts';

const SOURCE = fileURLToPath(new URL('moto', import.meta.url));
const FOLDER = join(TOOLS, 'moto');

/** Finds itself, so that `.tools` may be moved or linked. */
const LAUNCHER = `#!/bin/sh
here=$(dirname "$0")
exec "$here/../moto/bin/python" -I "$here/../moto/server.py"
`;

/** AWS for tests: moto from PyPI, every file of it pinned by its hash, in a Python environment of its own. */
export const MOTO_TOOL: Tool = {
  name: 'moto',
  description: 'a server of AWS KMS: moto, from PyPI',
  programs: ['moto-server'],
  inputs: [
    LAUNCHER,
    ...['requirements.txt', 'server.py'].map((file) => readFileSync(join(SOURCE, file), 'utf8')),
  ],
  demo: false,
  needsBuildTools: false,
  install: async () => {
    await requirePython();
    await rm(FOLDER, { recursive: true, force: true });
    await command(['python3', '-m', 'venv', FOLDER]);
    const pip = [
      join(FOLDER, 'bin/python'),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
    ];
    const requirements = join(SOURCE, 'requirements.txt');
    await command([...pip, '--require-hashes', '--only-binary', ':all:', '--requirement', requirements]);
    await copyFile(join(SOURCE, 'server.py'), join(FOLDER, 'server.py'));
    await writeFile(join(BIN, 'moto-server'), LAUNCHER);
    await chmod(join(BIN, 'moto-server'), 0o755);
  },
};

/** Debian keeps what `venv` needs in a package of its own. */
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
