import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTempFolder, place } from './common.ts';
import { goTool } from './go-module.ts';
import { pythonEnvironment } from './python.ts';
import type { Tool } from './tool.ts';

const ZIZMOR_REQUIREMENTS = fileURLToPath(new URL('zizmor/requirements.txt', import.meta.url));

export const ACTIONLINT_TOOL: Tool = goTool({
  name: 'actionlint',
  description: 'checks workflows',
  folder: 'actionlint',
  programs: { actionlint: 'github.com/rhysd/actionlint/cmd/actionlint' },
});

/** A static program in a wheel from PyPI, pinned by hash; the Python environment only unpacks it. */
export const ZIZMOR_TOOL: Tool = {
  name: 'zizmor',
  description: 'checks the security of workflows; from PyPI',
  programs: ['zizmor'],
  inputs: readFileSync(ZIZMOR_REQUIREMENTS, 'utf8'),
  demo: false,
  needsBuildTools: false,
  install: async () => {
    await inTempFolder(async (folder) => {
      const environment = join(folder, 'python');
      await pythonEnvironment(environment, ZIZMOR_REQUIREMENTS);
      await place(join(environment, 'bin/zizmor'), 'zizmor');
    });
  },
};
