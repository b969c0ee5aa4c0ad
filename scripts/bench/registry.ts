import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/lib/process/run.ts';
import { failure, find } from '../tools/common.ts';
import { environment } from './peers/contestant.ts';

/** With the referrers API of distribution-spec 1.1, or without it (clients use the fallback tag), also with TLS. */
export type RegistryKind = 'referrers-api' | 'fallback-tag' | 'tls';

/** Milliseconds until a registry must listen. */
const START = 20_000;

/** A registry that keeps its data in `folder`; loopback, plain HTTP unless its kind is `tls`. */
export interface Registry {
  /** `host:port` */
  host: string;
  /** PEM of its certificate, for TLS. */
  certificate: string;
  stop(): Promise<void>;
}

export async function startRegistry(kind: RegistryKind, folder: string): Promise<Registry> {
  await mkdir(join(folder, 'temp'), { recursive: true });
  const certificate = join(folder, 'tls.pem');
  const [program, ...args] =
    kind === 'referrers-api'
      ? withReferrers(folder)
      : await without(folder, kind === 'tls' ? certificate : undefined);
  const env = { ...environment(folder), OTEL_TRACES_EXPORTER: 'none' };
  const child = spawn(program ?? '', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    return { host: await address(child), certificate, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs `use` with the `host:port` of a registry. */
export async function withRegistry<T>(
  kind: RegistryKind,
  folder: string,
  use: (host: string) => Promise<T>,
): Promise<T> {
  const { host, stop } = await startRegistry(kind, folder);
  try {
    return await use(host);
  } finally {
    await stop();
  }
}

function withReferrers(folder: string): string[] {
  return [find('referrers-registry') ?? 'referrers-registry', '--dir', folder];
}

async function without(folder: string, certificate?: string): Promise<string[]> {
  const config = join(folder, 'config.yml');
  // JSON is YAML.
  const settings = {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    // Clients that keep a list of referrers replace it.
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'one instance', ...(await tls(folder, certificate)) },
  };
  await writeFile(config, JSON.stringify(settings));
  return [find('docker-registry') ?? 'docker-registry', 'serve', config];
}

/** A self-signed certificate for the loopback address. */
async function tls(folder: string, certificate?: string): Promise<object> {
  if (certificate === undefined) return {};
  const key = join(folder, 'tls.key');
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const argv = ['openssl', 'req', '-x509', ...ec, ...name, '-keyout', key, '-out', certificate];
  await run(argv, { env: environment(folder) });
  return { tls: { certificate, key } };
}

/** Both registries print the address once they listen. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = (): void =>
      reject(failure(`the registry did not start: ${printed.slice(-1000)}`, 'Run npm run tools'));
    const timer = setTimeout(fail, START);
    child.once('error', fail).once('exit', fail);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const host = /(?:^|listening on )(127\.0\.0\.1:[1-9]\d*)/m.exec(printed)?.[1];
        if (host === undefined) return;
        clearTimeout(timer);
        resolve(host);
      });
    }
  });
}
