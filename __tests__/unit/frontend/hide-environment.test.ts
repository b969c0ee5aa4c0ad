import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { warnOfVisibleEnvironment } from '../../../src/frontend/hide-environment.ts';
import { fixedEnvironment } from '../../../src/lib/process/environment.ts';
import { run } from '../../../src/lib/process/run.ts';
import { silentLogger } from '../../../src/logger.ts';

const SUBJECT = fileURLToPath(new URL('../../../src/frontend/hide-environment.ts', import.meta.url));

test('CI systems still find the processes of a job, and nothing else is shown', async () => {
  const job = {
    RUNNER_TRACKING_ID: 'github_1',
    VSTS_PROCESS_LOOKUP_ID: 'vsts_1',
    JENKINS_NODE_COOKIE: 'cookie',
    BUILD_ID: '7',
  };
  const script = `
    const { hideEnvironment } = await import(${JSON.stringify(SUBJECT)});
    const reason = hideEnvironment();
    const { readFileSync } = await import('node:fs');
    console.log(JSON.stringify({ reason, shown: readFileSync('/proc/self/environ', 'utf8').replace(/\\0+$/, '') }));`;
  const { stdout } = await run([process.execPath, '--no-warnings', '--input-type=module', '-e', script], {
    env: { ...fixedEnvironment(), ...job, GITHUB_TOKEN: 'hush', 'INPUT_REGISTRY-PASSWORD': 'hush' },
  });
  const { reason, shown } = JSON.parse(stdout.toString()) as { reason?: string; shown: string };
  expect(reason).toBeUndefined();
  expect(shown.split('\0').sort()).toEqual(
    Object.entries(job)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  );
});

test('a visible environment is warned of with the reason and a remedy', () => {
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  warnOfVisibleEnvironment(log, undefined);
  expect(warnings).toEqual([]);
  warnOfVisibleEnvironment(log, 'EACCES: permission denied');
  expect(warnings).toEqual([
    `/proc/${process.pid}/environ still shows the environment (EACCES: permission denied): other processes of this user can read secrets in it. Pass secrets in files instead`,
  ]);
});
