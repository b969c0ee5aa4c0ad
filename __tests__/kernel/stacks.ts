/** Images signed by dist in a registry, and their layers as nodes have them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../../scripts/kernel/disk.ts';
import type { ProfileName } from '../../src/model/index.ts';
import { importWithContainerd } from '../helpers/containerd.ts';
import { BUSYBOX, GREET, type TestImage } from './images.ts';
import { guestLayer, mkfs, type NodeLayer, uncompressed, withHashTree } from './node-layers.ts';
import { root, tool } from './root.ts';
import { type FetchedSignature, signAndFetch } from './signed-image.ts';
import type { Signer } from './signers.ts';

/** One image under one profile: the node's layers, and what the registry holds about them. */
export interface SignedStack {
  name: string;
  image: TestImage;
  profile: ProfileName;
  layers: NodeLayer[];
  signatures: FetchedSignature[];
}

/** Programs of the images that their containers run: name, image, argv, first line of output. */
export const OWN_PROGRAMS = [
  ['debian-hello', 'debian', ['/opt/demo/bin/hello', 'node'], 'Hello, node from a signed layer'],
  ['debian-bash', 'debian', ['/bin/bash', '-c', 'echo $((6 * 7))'], '42'],
  ['debian-perl', 'debian', ['/usr/bin/perl', '-e', 'print 6 * 7'], '42'],
  ['busybox', 'odd', [BUSYBOX, 'echo', 'runs'], 'runs'],
  ['symbolic-link', 'odd', ['/usr/bin/echo', 'runs'], 'runs'],
  ['hard-link', 'odd', ['/usr/bin/sleep', '0'], ''],
  ['greet', 'odd', [GREET], 'greet: original'],
] as const;

export async function signedStacks(
  image: TestImage,
  repository: string,
  signer: Signer,
  profiles: readonly ProfileName[],
  folder: string,
): Promise<SignedStack[]> {
  const fetched = await signAndFetch(image, repository, signer, profiles);
  const stacks: SignedStack[] = [];
  for (const profile of profiles) {
    const name = `${image.name}-${profile}`;
    const target = join(folder, name);
    await mkdir(target);
    const layers = await nodeLayers(image, profile, target);
    stacks.push({ name, image, profile, layers, signatures: fetched.get(profile) ?? [] });
  }
  return stacks;
}

/** By a real containerd for its default profile, by mkfs.erofs for the ones it cannot be told to use. */
export async function nodeLayers(
  image: TestImage,
  profile: ProfileName,
  folder: string,
): Promise<NodeLayer[]> {
  const paths =
    profile === 'containerd'
      ? await containerdImages(image, folder)
      : await mkfsImages(image, profile, folder);
  const blockSize = profile === 'containerd-tar-index' ? 512 : 4096;
  return Promise.all(paths.map((path, at) => withHashTree(path, join(folder, `${at}.img`), blockSize)));
}

async function containerdImages(image: TestImage, folder: string): Promise<string[]> {
  const archive = join(folder, 'image.tar');
  await tool('tar', ['--create', `--file=${archive}`, `--directory=${image.layout}`, '.']);
  const imported = await importWithContainerd(archive);
  try {
    const paths: string[] = [];
    for (const [at, { path }] of imported.layers.entries()) {
      const copy = join(folder, `${at}.erofs`);
      await writeFile(copy, await root(['cat', path]));
      paths.push(copy);
    }
    return paths;
  } finally {
    await imported.stop();
  }
}

async function mkfsImages(image: TestImage, profile: ProfileName, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [at, { digest, diffId, mediaType }] of image.layers.entries()) {
    const blob = await readFile(join(image.layout, 'blobs', digest.replace(':', '/')));
    const target = join(folder, `${at}.erofs`);
    await mkfs(profile, { digest, diffId, tar: uncompressed(blob, mediaType) }, target);
    paths.push(target);
  }
  return paths;
}

/** The guest activates and stacks the layers. */
export async function addStack(disk: Disk, name: string, stack: SignedStack): Promise<void> {
  for (const [at, layer] of stack.layers.entries()) {
    await disk.layer(`images/${name}/${layerNumber(at)}`, guestLayer(layer, stack.signatures[at]));
  }
  disk.step('stack', name);
}

/** How the guest names a layer, so that the order of the names is that of the layers. */
export function layerNumber(at: number): string {
  return String(at).padStart(2, '0');
}

/** The guest runs a container from the stack just added, and drops code into the odd image's. */
export function addContainer(disk: Disk, name: string, image: TestImage): void {
  disk.step('container', name);
  for (const [program, from, argv] of OWN_PROGRAMS) {
    if (from === image.name) disk.step('own', program, ...argv);
  }
  if (image.name === 'odd') disk.step('dropped', BUSYBOX, GREET);
  disk.step('end_container');
}
