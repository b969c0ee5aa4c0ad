/** Everything that the kernel tests look at: images signed and fetched, disks made, guests booted. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernel, type Kernel } from '../../scripts/kernel/build.ts';
import { Disk } from '../../scripts/kernel/disk.ts';
import type { Report } from '../../scripts/kernel/guest-report.ts';
import { compileGuestProgram } from '../../scripts/kernel/initramfs.ts';
import { prepareMachine } from '../../scripts/kernel/machine.ts';
import type { Machine } from '../../scripts/kernel/qemu.ts';
import { startRegistry } from '../helpers/registry.ts';
import { CASES, OURS, type OwnSigner, signatureMaker } from './cases.ts';
import { debianImage, oddImage, oneLayerImage, type TestImage } from './images.ts';
import { flipByte, guestLayer, type NodeLayer } from './node-layers.ts';
import { extractReference, type Reference } from './reference.ts';
import { signAndFetch } from './signed-image.ts';
import { makeSigners, type Signer, type SignerName } from './signers.ts';
import { addContainer, addStack, nodeLayers, type SignedStack, signedStacks } from './stacks.ts';
import { addTampering } from './tampering.ts';
import { type Presented, verifyCases } from './verify.ts';

export const PROFILES = ['containerd', 'containerd-cache', 'containerd-tar-index'] as const;

/** Name of the case of a layer without any entry. */
export const EMPTY_LAYER = 'empty-tar-index';

export interface KernelRun {
  kernel: Kernel;
  machine: Machine;
  /** Signatures required, IPE enforcing: a node as it should be, with the Debian image. */
  debian: Report;
  /** The same with everything else. */
  enforcing: Report;
  /** Neither: a node before. */
  before: Report;
  /** Signatures not required, IPE enforcing. */
  ipeOnly: Report;
  /** What `verify` says to each case. */
  verdicts: Record<string, string>;
  stacks: SignedStack[];
  references: Record<string, Reference>;
}

interface Workshop {
  folder: string;
  /** Of the registry. */
  host: string;
  signers: Record<SignerName, Signer>;
  /** Path of the listing program. */
  tree: string;
  machine: Promise<Machine>;
}

export async function runKernel(folder: string): Promise<KernelRun> {
  const kernel = await buildKernel();
  const tree = join(folder, 'tree');
  await compileGuestProgram('tree', tree);
  const machine = prepareMachine(kernel, folder);
  machine.catch(() => undefined);
  const signers = await makeSigners(await made(folder, 'signers'));
  const registry = await startRegistry('referrers-api');
  try {
    const workshop = { folder, host: registry.host, signers, tree, machine };
    const [debian, odd] = await Promise.all([runDebian(workshop), runOdd(workshop)]);
    return {
      kernel,
      machine: await machine,
      ...debian,
      ...odd,
      stacks: [...debian.stacks, ...odd.stacks],
      references: { debian: debian.reference, odd: odd.reference },
    };
  } finally {
    await registry.stop();
  }
}

/** A distribution: large, so it has a guest of its own. */
async function runDebian({ folder, host, signers, tree, machine }: Workshop) {
  const image = await debianImage(join(folder, 'debian'));
  const stacks = await signedStacks(image, `${host}/debian`, signers.p256, ['containerd'], folder);
  const disk = await Disk.create(folder);
  for (const stack of stacks) {
    await addStack(disk, stack.name, stack);
    addContainer(disk, stack.name, image);
  }
  const [reference, debian] = await Promise.all([
    extractReference(image, join(folder, 'debian-reference'), tree),
    disk.boot(await machine, ['dm_verity.require_signatures=1']),
  ]);
  return { stacks, reference, debian };
}

async function runOdd(workshop: Workshop) {
  const { folder, host, signers, tree, machine } = workshop;
  const image = await oddImage(join(folder, 'odd'), folder);
  const stacks = await signedStacks(image, `${host}/odd`, signers.rsa2048, PROFILES, folder);
  const reference = await extractReference(image, join(folder, 'odd-reference'), tree);
  const [first] = stacks;
  if (first === undefined) throw new Error('there is no stack');

  const disk = await Disk.create(folder);
  const verdicts = await addCases(disk, workshop, first.layers[0]?.rootHash ?? '');
  for (const stack of stacks) {
    await addStack(disk, stack.name, stack);
    addContainer(disk, stack.name, image);
  }
  await addTampering(disk, first, folder);
  await addEmptyLayer(disk, workshop);
  const enforcing = await disk.boot(await machine, ['dm_verity.require_signatures=1']);

  const without = await Disk.create(folder);
  const own = first.layers.slice(0, 3);
  await addStack(without, 'unsigned', { ...first, layers: own, signatures: [] });
  addContainer(without, 'unsigned', image);
  await addTampering(without, first, folder);
  const before = await without.boot(await machine, ['dm_verity.require_signatures=0', 'ipe.enforce=0']);
  const ipeOnly = await without.boot(await machine, ['dm_verity.require_signatures=0']);
  return { stacks, reference, verdicts, enforcing, before, ipeOnly };
}

async function addCases(disk: Disk, workshop: Workshop, otherRootHash: string) {
  const { folder, host, signers } = workshop;
  const image = await oneLayerImage(join(folder, 'one-layer'), 'big-gzip');
  const layer = await only(image, await made(folder, 'case-layer'));
  const ours: Partial<Record<OwnSigner, Buffer>> = {};
  for (const signer of Object.keys(OURS) as OwnSigner[]) {
    const fetched = await signAndFetch(image, `${host}/cases/${signer}`, signers[signer], ['containerd']);
    const [signature] = fetched.get('containerd') ?? [];
    if (signature === undefined) throw new Error(`the registry has no signature by ${signer}`);
    ours[signer] = signature.pkcs7;
  }
  const { rootHash, hashOffset } = layer;
  const input = { ours: ours as Record<OwnSigner, Buffer>, signers, rootHash, otherRootHash };
  const builder = signatureMaker(input, folder);

  const presented: Presented[] = [];
  for (const { name, flip, signature: make, ...one } of CASES) {
    let path = layer.path;
    if (flip !== undefined) {
      path = join(folder, `case-${name}.img`);
      await copyFile(layer.path, path);
      await flipByte(path, flip(hashOffset));
    }
    const signature = make === undefined ? undefined : await make(builder);
    const given = one.otherRootHash === true ? otherRootHash : rootHash;
    await disk.layer(`cases/${name}`, { path, hashOffset, rootHash: given, signature });
    disk.step('judge', name);
    presented.push({ name, rootHash: given, signature });
  }
  return verifyCases(image, presented, join(folder, 'presented'));
}

/** A layer without any entry, as a tar index: smaller than a page, which the kernel cannot mount. */
async function addEmptyLayer(disk: Disk, { folder, host, signers }: Workshop): Promise<void> {
  const image = await oneLayerImage(join(folder, 'empty'), 'empty-gzip');
  const profile = 'containerd-tar-index';
  const [stack] = await signedStacks(image, `${host}/empty`, signers.rsa2048, [profile], folder);
  const [layer] = stack?.layers ?? [];
  if (stack === undefined || layer === undefined) throw new Error('the empty layer was not signed');
  await disk.layer(`cases/${EMPTY_LAYER}`, guestLayer(layer, stack.signatures[0]));
  disk.step('judge', EMPTY_LAYER);
  const bare = join(folder, 'empty.erofs');
  await writeFile(bare, (await readFile(layer.path)).subarray(0, layer.hashOffset));
  await disk.plain(`plain/${EMPTY_LAYER}`, bare);
  disk.step('plain', EMPTY_LAYER);
}

async function only(image: TestImage, folder: string): Promise<NodeLayer> {
  const [layer] = await nodeLayers(image, 'containerd', folder);
  if (layer === undefined) throw new Error(`${image.name} has no layer`);
  return layer;
}

async function made(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}
