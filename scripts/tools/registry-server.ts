import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/lib/process/run.ts';
import { failure, find, searchPath } from './common.ts';

/** With the referrers API of distribution-spec 1.1, or without it (clients use the fallback tag). */
export type RegistryKind = 'referrers-api' | 'fallback-tag';

export interface LocalRegistry {
  kind: RegistryKind;
  /** `127.0.0.1:PORT`; plain HTTP. */
  host: string;
  /** Ends the registry and removes its data. */
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Basic authentication; only for `fallback-tag`. */
  htpasswd?: { user: string; password: string };
  /** An existing folder in which the folder of the data is made. Default: that of the system for temporary files. */
  parent?: string;
}

/**
 * Starts a registry of `.tools/bin` on a free port of the loopback address, with data in a temporary folder. It ends with
 * this process, even if this process is killed and cannot call `stop`.
 */
export async function startRegistry(
  kind: RegistryKind,
  options: RegistryOptions = {},
): Promise<LocalRegistry> {
  const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'registry-'));
  const server =
    kind === 'referrers-api' ? startWithReferrers(folder, options) : await startWithout(folder, options);
  const stop = async (): Promise<void> => {
    await end(server.child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const host = await server.host;
    await untilAnswering(host, server);
    return { kind, host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of setpriv(1): the program is killed when the process that started it ends. */
const ENDS_WITH_CALLER = ['--pdeathsig=KILL', '--'];

interface Server {
  child: ChildProcess;
  host: Promise<string>;
  /** What it wrote to standard error, the last part. */
  said(): string;
}

function startWithReferrers(folder: string, options: RegistryOptions): Server {
  if (options.htpasswd !== undefined) throw new TypeError('the referrers-api registry has no authentication');
  const argv = [...ENDS_WITH_CALLER, path('referrers-registry'), '--dir', folder];
  const child = spawn('setpriv', argv, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const host = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`referrers-registry ended: ${said()}`)));
  });
  const said = keepStderr(child);
  return { child, host, said };
}

async function startWithout(folder: string, options: RegistryOptions): Promise<Server> {
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'config.yml');
  await writeFile(config, JSON.stringify(await configuration(folder, host, options)));
  const argv = [...ENDS_WITH_CALLER, path('docker-registry'), 'serve', config];
  const env = { ...environment(), OTEL_TRACES_EXPORTER: 'none' };
  const child = spawn('setpriv', argv, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  return { child, host: Promise.resolve(host), said: keepStderr(child) };
}

/** JSON is YAML. */
async function configuration(folder: string, addr: string, options: RegistryOptions): Promise<unknown> {
  const auth = { htpasswd: { realm: 'local', path: join(folder, 'htpasswd') } };
  if (options.htpasswd !== undefined) {
    const { user, password } = options.htpasswd;
    const argv = [path('htpasswd'), '-niBC', '4', user];
    const { stdout } = await run(argv, { env: environment(), stdin: password });
    await writeFile(auth.htpasswd.path, stdout);
  }
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr, secret: 'shared by all instances of a cluster; there is one' },
    ...(options.htpasswd === undefined ? {} : { auth }),
  };
}

function path(program: string): string {
  const found = find(program);
  if (found === undefined) throw failure(`${program} is not installed`, 'Run: npm run tools');
  return found;
}

function environment(): Record<string, string> {
  return { PATH: searchPath(), LC_ALL: 'C', TZ: 'UTC' };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

function keepStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-4096);
  });
  return () => text;
}

async function untilAnswering(host: string, server: Server): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (server.child.exitCode !== null) throw new Error(`the registry ended: ${server.said()}`);
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined && [200, 401].includes(answer.status)) return;
    if (Date.now() > deadline) throw new Error(`the registry did not answer: ${server.said()}`);
    await sleep(25);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
