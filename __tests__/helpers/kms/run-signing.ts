import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { run } from '../../../src/lib/process/run.ts';
import type { CloudNetwork } from './cloud-network.ts';
import type { SigningAnswer, SigningJob } from './signing-child.ts';

const SCRIPT = fileURLToPath(new URL('./signing-child.ts', import.meta.url));

export interface SigningRun {
  answers: SigningAnswer[];
  /** All output of the child process. */
  output: string;
}

/** Runs the jobs in sequence in one child process, whose environment is `env` and the network's. */
export async function runSigning(
  network: CloudNetwork,
  jobs: readonly SigningJob[],
  env: Readonly<Record<string, string>>,
  script = SCRIPT,
): Promise<SigningRun> {
  const { stdout, stderr } = await run([process.execPath, script, JSON.stringify(jobs)], {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...network.env, ...env },
    timeout: 300_000,
  });
  const text = stdout.toString('utf8');
  const answers = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as SigningAnswer);
  expect(answers).toHaveLength(jobs.length);
  return { answers, output: `${text}\n${stderr}` };
}

/** The message that a user would read. */
export function errorLine({ error, failedWhile }: SigningAnswer): string {
  if (error === undefined) return 'no error';
  if (error.name !== 'VeritySignError') return `${error.name}: ${error.message}`;
  return `${failedWhile}: [${error.code}] ${error.message}. ${error.remedy}`;
}
