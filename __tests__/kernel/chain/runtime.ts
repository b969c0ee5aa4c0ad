/** The container runtime as one read-only disk with a hash tree, as a node with IPE needs it. */
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toolPath } from '../../helpers/tools.ts';
import { type NodeLayer, withHashTree } from '../node-layers.ts';
import { librariesOf, root, tool } from '../root.ts';

/** Name on the node → program in `.tools/bin`. */
const PROGRAMS = {
  containerd: 'containerd-2.4',
  ctr: 'ctr-2.4',
  'containerd-shim-runc-v2': 'containerd-shim-runc-v2',
  runc: 'runc',
  'mkfs.erofs': 'mkfs.erofs',
} as const;

/** What the C library loads at run time, and ldd does not list. */
const LOADED_LATER = 'libgcc_s.so.1';

/**
 * Makes the disk in `folder`: programs in `bin`, the loader and the libraries of mkfs.erofs in `lib`. The other programs
 * are static.
 */
export async function runtimeDisk(folder: string): Promise<NodeLayer> {
  const tree = join(folder, 'runtime');
  await mkdir(join(tree, 'bin'), { recursive: true });
  await mkdir(join(tree, 'lib'));
  for (const [name, program] of Object.entries(PROGRAMS)) {
    await copyFile(toolPath(program), join(tree, 'bin', name));
  }
  for (const path of await loadedBy(toolPath('mkfs.erofs'))) {
    await copyFile(path, join(tree, 'lib', basename(path)));
  }
  const image = join(folder, 'runtime.erofs');
  await root(['mkfs.erofs', '--quiet', '--all-root', image, tree]);
  return withHashTree(image, join(folder, 'runtime.img'), 4096);
}

async function loadedBy(program: string): Promise<string[]> {
  const known = (await tool('/sbin/ldconfig', ['-p'])).toString();
  const [, later] = new RegExp(`${LOADED_LATER} \\(libc6,x86-64\\) => (\\S+)`).exec(known) ?? [];
  if (later === undefined) throw new Error(`this system has no ${LOADED_LATER}`);
  return [...new Set([...(await librariesOf(program)), later])];
}
