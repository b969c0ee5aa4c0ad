import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningContainerd, root, startContainerd as start } from '../../scripts/tools/containerd.ts';
import { VeritySignError } from '../../src/errors.ts';

export type { RunningContainerd };

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

/** As `startContainerd` of the tools, where the kernel can mount what containerd makes. */
export async function startContainerd(
  plugins: string,
  version: '' | '-2.4' = '',
): Promise<RunningContainerd> {
  await requireErofs();
  return start(plugins, version);
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
