import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { toolEnvironment } from '../tools.ts';
import type { UserWay } from '../users.ts';

export interface Ended {
  status: number | null;
  output: string;
}

/** Runs a script of Node's as a user, with exactly these variables: a shell would drop those of an Action. `until` ends it. */
export function start(
  way: UserWay,
  own: string,
  argv: string[],
  env: Record<string, string>,
  until?: () => boolean,
): Promise<Ended> {
  const variables = Object.entries(
    toolEnvironment({ HOME: own, RUNNER_TEMP: join(own, 'temp'), TMPDIR: join(own, 'temp'), ...env }),
  ).map(([name, value]) => `${name}=${value}`);
  const [program = '', ...args] = way.wrap(['env', '-i', ...variables, process.execPath, ...argv]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: own,
      env: toolEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const timer = setInterval(() => {
      if (until?.() === true) child.kill('SIGKILL');
    }, 100);
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(timer);
      resolve({ status, output });
    });
  });
}

/** The command line of one command of the CLI. */
export function commandLine(command: string, image: string, options: Record<string, string>): string[] {
  const flags = new Set(['plain-http']);
  const words = Object.entries(options).flatMap(([name, value]) =>
    flags.has(name) ? [`--${name}`] : [`--${name}`, value],
  );
  return [command, image, ...words];
}
