import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROFILES } from '../../../src/convert/erofs/profile.ts';
import { run } from '../../../src/lib/process/run.ts';
import { type RunningContainerd, startContainerd } from '../../tools/containerd.ts';
import { BUILD_CACHE } from '../cases/names.ts';
import { TAG, writeLayout } from '../data/images.ts';
import { type Contestant, environment } from './contestant.ts';
import type { Task } from './ours.ts';

export const CONTAINERD_PROGRAMS = ['containerd-2.4', 'ctr-2.4'] as const;
const IMAGE = 'bench.example/image';

/** A containerd with an image in its content store, not unpacked. */
export interface Node {
  /** The argv of ctr, as root. */
  ctr: readonly string[];
  stop(): Promise<void>;
}

/** Starts containerd 2.4, as root, and imports the image. Error (`environment`): it does not start. */
export async function startNode({ layers, form }: Task): Promise<Node> {
  const containerd = await startContainerd('', '-2.4');
  try {
    await importImage(containerd, { layers, form });
    return { ctr: containerd.ctrArgv, stop: containerd.stop };
  } catch (error) {
    await containerd.stop();
    throw error;
  }
}

async function importImage(
  { folder, ctr }: RunningContainerd,
  { layers, form }: Pick<Task, 'layers' | 'form'>,
): Promise<void> {
  const [layout, archive] = [join(folder, 'layout'), join(folder, 'image.tar')];
  await writeLayout(layout, layers, form);
  await run(['tar', '--create', `--file=${archive}`, `--directory=${layout}`, '.'], {
    env: environment(folder),
  });
  const options = ['--no-unpack', '--platform', 'linux/amd64', '--base-name', IMAGE];
  await ctr(['images', 'import', ...options, archive]);
  for (const path of [layout, archive]) await rm(path, { recursive: true });
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
