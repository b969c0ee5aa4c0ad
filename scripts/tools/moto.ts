import { readFileSync } from 'node:fs';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, TOOLS } from './common.ts';
import { pythonEnvironment } from './python.ts';
import type { Tool } from './tool.ts';

const SOURCE = fileURLToPath(new URL('moto', import.meta.url));
const FOLDER = join(TOOLS, 'moto');

/** Uses paths relative to itself, so that `.tools` may be moved or linked. */
const LAUNCHER = `#!/bin/sh
here=$(dirname "$0")
exec "$here/../moto/bin/python" -I "$here/../moto/server.py"
`;

/** AWS for tests: moto from PyPI in its own Python environment, each file pinned by hash. */
export const MOTO_TOOL: Tool = {
  name: 'moto',
  description: 'a server of AWS KMS: moto, from PyPI',
  programs: ['moto-server'],
  inputs: [
    LAUNCHER,
    ...['requirements.txt', 'server.py'].map((file) => readFileSync(join(SOURCE, file), 'utf8')),
  ],
  demo: false,
  needs: ['python'],
  seconds: 40,
  megabytes: 140,
  install: async () => {
    await pythonEnvironment(FOLDER, join(SOURCE, 'requirements.txt'));
    await copyFile(join(SOURCE, 'server.py'), join(FOLDER, 'server.py'));
    await writeFile(join(BIN, 'moto-server'), LAUNCHER);
    await chmod(join(BIN, 'moto-server'), 0o755);
  },
};
