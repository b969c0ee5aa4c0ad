import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/lib/process/run.ts';
import { asRoot, failure, find, searchPath } from './common.ts';

/** Milliseconds until containerd must answer. */
const START = 120_000;
/** Milliseconds for one command. */
const COMMAND = 300_000;

/** A containerd of its own, with its files in a temporary folder. */
export interface RunningContainerd {
  folder: string;
  /** The argv of its `ctr`, as root. */
  ctrArgv: readonly string[];
  /** Runs `ctr`; returns its standard output. An error has containerd's log. */
  ctr(args: readonly string[]): Promise<string>;
  /** Ends containerd and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts a containerd (root rights needed, by being root or by `sudo -n`).
 * @param plugins TOML: the tables of the plugins
 * @param version 2.4 for the layer cache
 * Error (`environment`): it is not installed, or does not start.
 */
export async function startContainerd(
  plugins: string,
  version: '' | '-2.4' = '',
): Promise<RunningContainerd> {
  const program = installed(`containerd${version}`);
  const ctrProgram = installed(`ctr${version}`);
  // The path of a Unix socket has at most 108 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'verity-sign-containerd-'));
  await writeFile(join(folder, 'config.toml'), configuration(folder) + plugins);
  const daemon = start(folder, program);
  const stop = async (): Promise<void> => {
    await end(daemon);
    await root(['rm', '-rf', folder]);
  };
  const ctrArgv = asRoot(['env', `PATH=${searchPath()}`, ctrProgram, '--address', join(folder, 'socket')]);
  const ctr = async (args: readonly string[]): Promise<string> => {
    try {
      return (await run([...ctrArgv, ...args], { env: environment(), timeout: COMMAND })).stdout.toString();
    } catch (error) {
      throw new Error(`ctr ${args.join(' ')} failed; containerd's log:\n${daemon.log()}`, { cause: error });
    }
  };
  try {
    await untilServing(ctr, daemon);
    return { folder, ctrArgv, ctr, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a command as root; returns its standard output. */
export async function root(argv: readonly string[]): Promise<string> {
  return (await run(asRoot(argv), { env: environment(), timeout: COMMAND })).stdout.toString();
}

const environment = (): Record<string, string> => ({ PATH: searchPath(), LC_ALL: 'C', TZ: 'UTC' });

function installed(program: string): string {
  const path = find(program);
  if (path === undefined) throw failure(`${program} is not installed`, 'Run npm run tools');
  return path;
}

/** TOML takes JSON's strings and arrays of strings. */
function configuration(folder: string): string {
  return `version = 3
root = ${JSON.stringify(join(folder, 'root'))}
state = ${JSON.stringify(join(folder, 'state'))}
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime"]
[grpc]
  address = ${JSON.stringify(join(folder, 'socket'))}
`;
}

interface Daemon {
  child: ChildProcess;
  ended: Promise<void>;
  log(): string;
}

function start(folder: string, program: string): Daemon {
  // The mounts of the layers live in a mount namespace that ends with the process.
  const containerd = [program, '--config', join(folder, 'config.toml')];
  const argv = asRoot(['env', `PATH=${searchPath()}`, 'unshare', '--mount', ...containerd]);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-8192);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log += error.message;
      resolve();
    });
  });
  return { child, ended, log: () => log };
}

async function untilServing(ctr: RunningContainerd['ctr'], daemon: Daemon): Promise<void> {
  const dead = daemon.ended.then(() => true);
  for (const deadline = Date.now() + START; Date.now() < deadline; ) {
    const answer = ctr(['version']).then(
      () => 'serving',
      () => 'not yet',
    );
    if ((await answer) === 'serving') return;
    if (await Promise.race([dead, sleep(50, false)])) break;
  }
  throw failure(`containerd does not start: ${daemon.log()}`, 'Run as root, or as a user of sudo -n');
}

async function end(daemon: Daemon): Promise<void> {
  const { pid } = daemon.child;
  if (pid === undefined) return;
  for (const signal of ['-TERM', '-KILL']) {
    await root(['kill', signal, String(pid)]).catch(() => undefined);
    const gone = await Promise.race([daemon.ended.then(() => true), sleep(10_000, false, { ref: false })]);
    if (gone) return;
  }
}
