import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment, toolPath } from './tools.ts';

/** With the referrers API of distribution-spec 1.1, or without it (clients use the fallback tag). */
export type RegistryKind = 'referrers-api' | 'fallback-tag';

export interface TestRegistry {
  kind: RegistryKind;
  /** `127.0.0.1:PORT`; plain HTTP. */
  host: string;
  /** Ends the registry and removes its data. */
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Basic authentication; only for `fallback-tag`. */
  htpasswd?: { user: string; password: string };
}

/** Starts a registry on a free port of the loopback address, with data in a temporary folder. */
export async function startRegistry(
  kind: RegistryKind,
  options: RegistryOptions = {},
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'test-registry-'));
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

interface Server {
  child: ChildProcess;
  host: Promise<string>;
  /** What it wrote to standard error, the last part. */
  said(): string;
}

function startWithReferrers(folder: string, options: RegistryOptions): Server {
  if (options.htpasswd !== undefined) throw new TypeError('the referrers-api registry has no authentication');
  const child = spawn(toolPath('referrers-registry'), ['--dir', folder], {
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  const child = spawn(toolPath('docker-registry'), ['serve', config], {
    env: toolEnvironment({ OTEL_TRACES_EXPORTER: 'none' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { child, host: Promise.resolve(host), said: keepStderr(child) };
}

/** JSON is YAML. */
async function configuration(folder: string, addr: string, options: RegistryOptions): Promise<unknown> {
  const auth = { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } };
  if (options.htpasswd !== undefined) {
    const { user, password } = options.htpasswd;
    const argv = [toolPath('htpasswd'), '-niBC', '4', user];
    const { stdout } = await run(argv, { env: toolEnvironment(), stdin: password });
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
