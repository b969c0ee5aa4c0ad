import { type ChildProcess, spawn } from 'node:child_process';
import { toolEnvironment, toolPath } from '../tools.ts';

export interface ServiceProcess {
  /** The first line that it printed. */
  line: string;
  stop(): Promise<void>;
}

/** Starts a server that prints one line once it listens. */
export async function startService(
  program: string,
  argv: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<ServiceProcess> {
  const child = spawn(toolPath(program), argv, {
    env: toolEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said = (said + part).slice(-4096);
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${program} ended: ${said}`)));
  });
  return { line, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
