import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asRoot } from '../../scripts/tools/common.ts';
import { VeritySignError } from '../../src/errors.ts';
import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment, toolPath, toolsPath } from './tools.ts';

export interface ImportedImage {
  /** The image that containerd's erofs snapshotter made of each layer, in layer order. */
  layers: ImportedLayer[];
  /** Ends containerd and removes its files. */
  stop(): Promise<void>;
}

export interface ImportedLayer {
  /** Path of `layer.erofs`; readable by root, until `stop`. */
  path: string;
  sha256: string;
  /** Bytes. */
  size: number;
}

/**
 * Imports an OCI archive into a containerd of its own (root rights needed, by being root or by
 * `sudo -n`), unpacked by the erofs snapshotter as on a node. [containerd docs/snapshotters/erofs.md]
 */
export async function importWithContainerd(
  ociArchiveTar: string,
  options: { mkfsOptions?: readonly string[]; platform?: string } = {},
): Promise<ImportedImage> {
  const mkfsOptions = options.mkfsOptions ?? ['-T0', '--mkfs-time', '--sort=none'];
  const daemon = await startContainerd(`[plugins."io.containerd.differ.v1.erofs"]
  mkfs_options = ${JSON.stringify(mkfsOptions)}
[plugins."io.containerd.service.v1.diff-service"]
  default = ["erofs", "walking"]
`);
  try {
    const platform = options.platform ?? 'linux/amd64';
    const flags = ['--local', '--snapshotter', 'erofs', '--platform', platform];
    await daemon.ctr(['images', 'import', ...flags, ociArchiveTar]);
    return { layers: await layers(daemon.folder), stop: daemon.stop };
  } catch (error) {
    await daemon.stop();
    throw error;
  }
}

/** A containerd of its own, with its files in a temporary folder. */
export interface RunningContainerd {
  folder: string;
  /** Runs `ctr`; returns its standard output. An error has containerd's log. */
  ctr(args: readonly string[]): Promise<string>;
  /** Ends containerd and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts a containerd (root rights needed, by being root or by `sudo -n`).
 * @param plugins TOML: the tables of the plugins
 * @param version 2.4 for the layer cache
 */
export async function startContainerd(
  plugins: string,
  version: '' | '-2.4' = '',
): Promise<RunningContainerd> {
  await requireErofs();
  const folder = await mkdtemp(join(tmpdir(), 'test-containerd-'));
  await writeFile(join(folder, 'config.toml'), configuration(folder) + plugins);
  const daemon = start(folder, `containerd${version}`);
  const stop = async (): Promise<void> => {
    await end(daemon);
    await root(['rm', '-rf', folder]);
  };
  const ctr = async (args: readonly string[]): Promise<string> => {
    try {
      return await root([toolPath(`ctr${version}`), '--address', join(folder, 'socket'), ...args]);
    } catch (error) {
      throw new Error(`ctr ${args.join(' ')} failed; containerd's log:\n${daemon.log()}`, { cause: error });
    }
  };
  try {
    await untilServing(ctr, daemon);
    return { folder, ctr, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function requireErofs(): Promise<void> {
  const known = async (): Promise<boolean> => /\terofs$/m.test(await readFile('/proc/filesystems', 'utf8'));
  if (await known()) return;
  await root(['modprobe', 'erofs']).catch(() => undefined);
  if (await known()) return;
  throw new VeritySignError('environment', 'this kernel has no erofs file system', {
    remedy: 'Run the tests on a kernel with CONFIG_EROFS_FS',
  });
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
  const containerd = [toolPath(program), '--config', join(folder, 'config.toml')];
  const argv = asRoot(['env', `PATH=${toolsPath()}`, 'unshare', '--mount', ...containerd]);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    env: toolEnvironment(),
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
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; ) {
    const answer = ctr(['version']).then(
      () => 'serving',
      () => 'not yet',
    );
    if ((await answer) === 'serving') return;
    if (await Promise.race([dead, sleep(50, false)])) throw new Error('containerd ended');
  }
  throw new Error('containerd does not answer');
}

async function root(argv: readonly string[]): Promise<string> {
  return (await run(asRoot(argv), { env: toolEnvironment(), timeout: 300_000 })).stdout.toString();
}

/** Layers are unpacked one after the other, and snapshots are numbered in the order they are made. */
async function layers(folder: string): Promise<ImportedLayer[]> {
  const snapshots = join(folder, 'root/io.containerd.snapshotter.v1.erofs/snapshots');
  const files = (await root(['find', snapshots, '-mindepth', '2', '-maxdepth', '2', '-name', 'layer.erofs']))
    .split('\n')
    .filter((path) => path !== '');
  const number = (path: string): number => Number(path.slice(snapshots.length).split('/')[1]);
  files.sort((a, b) => number(a) - number(b));
  const sums = (await root(['sha256sum', ...files])).trim().split('\n');
  const sizes = (await root(['stat', '--format=%s', ...files])).trim().split('\n');
  return files.map((path, at) => ({
    path,
    sha256: (sums[at] ?? '').slice(0, 64),
    size: Number(sizes[at]),
  }));
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
