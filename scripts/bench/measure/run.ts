import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { failure } from '../../tools/common.ts';
import { type Peaks, Sampler } from './sampler.ts';

export interface Command {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** Default: the root folder. */
  cwd?: string;
  /** Its disk space is measured. */
  tempFolder?: string;
  /** The command prints the seconds of each part of its work, without its start, separated by blanks. */
  timesItself?: boolean;
  /** Measure the processor time too. */
  processorTime?: boolean;
  /** A program appends a line to this file for each process that is counted. */
  countFile?: string;
}

export interface Sample extends Peaks {
  seconds: number;
  /** Seconds of the longest part of a command that times itself. */
  longest?: number;
  /** Seconds of processor time, user and system, of the process and its descendants. */
  processor?: number;
  /** Counted processes. */
  processes?: number;
}

/** /proc counts in hundredths of a second, bash in thousandths. It must be in English: LC_ALL=C. */
const TIMING = ['bash', '-c', 'TIMEFORMAT="%3R %3U %3S"; time "$@"', 'timing'] as const;

/** Runs a command and measures it. Error (`environment`): it failed; has the end of its output. */
export async function measure(command: Command): Promise<Sample> {
  const [program, ...args] = command.processorTime === true ? [...TIMING, ...command.argv] : command.argv;
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
  const peaks = (sampler as Sampler).stop();
  if (command.timesItself === true) return { ...partsOf(said.stdout), ...peaks };
  if (command.processorTime === true) return { ...timesOf(said.stderr), ...peaks };
  const counted = command.countFile === undefined ? {} : { processes: await lines(command.countFile) };
  return { seconds: (ended - start) / 1000, ...counted, ...peaks };
}

async function lines(path: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').length - 1;
}

/** Sum and maximum of printed numbers. */
export function partsOf(printed: string): { seconds: number; longest: number } {
  const parts = printed.trim().split(/\s+/).map(Number);
  return { seconds: parts.reduce((sum, part) => sum + part, 0), longest: Math.max(...parts) };
}

/** Times in the last line that bash printed. */
export function timesOf(printed: string): { seconds: number; processor: number } {
  const [seconds = Number.NaN, user = Number.NaN, system = Number.NaN] = (
    printed.trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  return { seconds, processor: user + system };
}
