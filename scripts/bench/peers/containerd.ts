import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROFILES } from '../../../src/convert/erofs/profile.ts';
import { run } from '../../../src/lib/process/run.ts';
import { asRoot, failure, find } from '../../tools/common.ts';
import { BUILD_CACHE } from '../cases/names.ts';
import { TAG, writeLayout } from '../data/images.ts';
import { type Contestant, environment } from './contestant.ts';
import type { Task } from './ours.ts';

export const CONTAINERD_PROGRAMS = ['containerd-2.4', 'ctr-2.4'] as const;
const IMAGE = 'bench.example/image';
/** Milliseconds until containerd must answer. */
const START = 60_000;

/** A containerd with an image in its content store, not unpacked. */
export interface Node {
  /** The argv of ctr, as root. */
  ctr: readonly string[];
  stop(): Promise<void>;
}

/** Starts containerd 2.4, as root, and imports the image. Error (`environment`): it does not start. */
export async function startNode({ layers, form }: Task): Promise<Node> {
  // The path of a Unix socket has at most 108 bytes, so it is not in the folder of the run.
  const folder = await mkdtemp(join(tmpdir(), 'bench-containerd-'));
  const settings = {
    version: 3,
    root: join(folder, 'root'),
    state: join(folder, 'state'),
    disabled_plugins: ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images'],
  };
  const toml = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const socket = join(folder, 'socket');
  const config = join(folder, 'config.toml');
  await writeFile(config, [...toml, '[grpc]', `address = ${JSON.stringify(socket)}`, ''].join('\n'));
  const env = environment(folder);
  const [program = '', ctrProgram = ''] = CONTAINERD_PROGRAMS.map((name) => find(name) ?? name);
  // Its mounts end with the process.
  const argv = asRoot(['env', `PATH=${env.PATH}`, 'unshare', '--mount', program, '--config', config]);
  const daemon = spawn(argv[0] ?? '', argv.slice(1), { env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve()).once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    await end(daemon, ended, env);
    await run(asRoot(['rm', '-rf', folder]), { env });
  };
  const ctr = asRoot(['env', `PATH=${env.PATH}`, ctrProgram, '--address', socket]);
  try {
    await untilServing(ctr, ended, env);
    await importImage(ctr, folder, { layers, form });
    return { ctr, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function importImage(
  ctr: readonly string[],
  folder: string,
  { layers, form }: Pick<Task, 'layers' | 'form'>,
): Promise<void> {
  const [layout, archive] = [join(folder, 'layout'), join(folder, 'image.tar')];
  const env = environment(folder);
  await writeLayout(layout, layers, form);
  await run(['tar', '--create', `--file=${archive}`, `--directory=${layout}`, '.'], { env });
  const options = ['--no-unpack', '--platform', 'linux/amd64', '--base-name', IMAGE];
  await run([...ctr, 'images', 'import', ...options, archive], { env, timeout: 300_000 });
  for (const path of [layout, archive]) await run(['rm', '-rf', path], { env });
}

async function untilServing(
  ctr: readonly string[],
  ended: Promise<void>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const dead = ended.then(() => true);
  for (const deadline = Date.now() + START; Date.now() < deadline; ) {
    const serving = await run([...ctr, 'version'], { env }).then(
      () => true,
      () => false,
    );
    if (serving) return;
    if (await Promise.race([dead, sleep(50, false)])) break;
  }
  throw failure('containerd 2.4 does not start', 'Run the benchmark as root');
}

async function end(
  daemon: ChildProcess,
  ended: Promise<void>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (daemon.pid === undefined) return;
  for (const signal of ['-TERM', '-KILL']) {
    await run(asRoot(['kill', signal, String(daemon.pid)]), { env }).catch(() => undefined);
    if (await Promise.race([ended.then(() => true), sleep(10_000, false, { ref: false })])) return;
  }
}

/** containerd's own way to fill a layer cache. It signs nothing. */
export function buildCache({ layers, form }: Task, node: Node): Contestant {
  const options = PROFILES['containerd-cache'].defaultOptions.join(' ');
  return {
    name: BUILD_CACHE,
    async prepare(folder) {
      const tempFolder = join(folder, 'temp');
      await mkdir(tempFolder);
      const command = ['images', 'build-erofs-cache', '--dmverity', '--mkfs-options', options];
      const [program = '', ...args] = [
        ...node.ctr,
        ...command,
        '--platform',
        'linux/amd64',
        `${IMAGE}:${TAG}`,
        join(folder, 'cache'),
      ];
      return { argv: [program, ...args], env: environment(folder), tempFolder };
    },
    async outcome(folder) {
      const hashes = await cacheHashes(join(folder, 'cache'));
      const rootHashes = layers.map((layer) => [
        layer[form].digest.slice(7),
        hashes.get(layer.plain.digest.slice(7)) ?? '',
      ]);
      return { rootHashes: Object.fromEntries(rootHashes) };
    },
  };
}

/** Root hashes of a layer cache, by the hex digits of the diffID. */
async function cacheHashes(cache: string): Promise<Map<string, string>> {
  const END = '.erofs.dmverity';
  const hashes = new Map<string, string>();
  for (const entry of await readdir(cache, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(END)) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    hashes.set(entry.name.slice(0, -END.length), (JSON.parse(text) as { roothash: string }).roothash);
  }
  return hashes;
}
