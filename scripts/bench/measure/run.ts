import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { failure } from '../../tools/common.ts';
import { type Peaks, Sampler } from './sampler.ts';

export interface Command {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** Default: the root folder. */
  cwd?: string;
  /** Its disk space is measured. */
  tempFolder?: string;
  /** The command prints the seconds that its work took, without its start. */
  timesItself?: boolean;
}

export interface Sample extends Peaks {
  seconds: number;
}

/** Runs a command and measures it. Error (`environment`): it failed; has the end of its output. */
export async function measure(command: Command): Promise<Sample> {
  const [program, ...args] = command.argv;
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: command.cwd ?? '/',
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  let ended = start;
  child.once('exit', () => {
    ended = performance.now();
  });
  const sampler = child.pid === undefined ? undefined : new Sampler(child.pid, command.tempFolder);
  try {
    const [code, signal] = await closed;
    if (code !== 0) {
      const words = said.stderr.trim().split('\n').slice(-5).join('\n');
      throw failure(
        `${command.argv.slice(0, 3).join(' ')} ended with ${signal ?? code}: ${words}`,
        'Run it alone to see why',
      );
    }
  } finally {
    sampler?.stop();
  }
  const seconds = command.timesItself === true ? Number(said.stdout) : (ended - start) / 1000;
  return { seconds, ...(sampler as Sampler).stop() };
}
