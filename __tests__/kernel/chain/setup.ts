/**
 * A node with an unmodified containerd, under a policy of `ipe-policy` that names the runtime's disk and the layers of two
 * images, and denies all other execution.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildKernel, type Kernel } from '../../../scripts/kernel/build.ts';
import { Disk } from '../../../scripts/kernel/disk.ts';
import type { Report } from '../../../scripts/kernel/guest-report.ts';
import { prepareMachine } from '../../../scripts/kernel/machine.ts';
import type { Machine } from '../../../scripts/kernel/qemu.ts';
import { PROFILES } from '../../../src/convert/erofs/profile.ts';
import { nodeSettings } from '../../../src/report/node/node-settings.ts';
import { cacheEntries } from '../../helpers/layer-cache.ts';
import { startRegistry } from '../../helpers/registry.ts';
import { toolPath } from '../../helpers/tools.ts';
import { BUSYBOX, GREET, programImage, type TestImage } from '../images.ts';
import { flipByte, guestLayer } from '../node-layers.ts';
import { dist, tool } from '../root.ts';
import { signAndFetch } from '../signed-image.ts';
import { makeSigners, type Signer, TRUSTED } from '../signers.ts';
import { runtimeDisk } from './runtime.ts';

/** The policy names the layers of `app` and `altered`; of `altered`, the node's disk has one byte changed. */
export const IMAGES = ['app', 'other', 'altered'] as const;
type ImageName = (typeof IMAGES)[number];
const LISTED: readonly ImageName[] = ['app', 'altered'];

/** Snapshots that the node converts itself, and the layer cache that `export` filled. */
const WAYS = { differ: 'containerd', cache: 'containerd-cache' } as const;

/** Text of the program that the attacker changes. */
const TEXT = 'greet: original';

export interface ChainRun {
  kernel: Kernel;
  machine: Machine;
  report: Report;
  /** Root hashes in the registry, of the profile `containerd`: those of all images, layer after layer. */
  rootHashes: string[];
}

interface Signed {
  name: ImageName;
  image: TestImage;
  reference: string;
  /** For each profile, in the order of the layers. */
  rootHashes: Record<(typeof WAYS)[keyof typeof WAYS], string[]>;
}

export async function runChain(folder: string): Promise<ChainRun> {
  const kernel = await buildKernel();
  await mkdir(join(folder, 'signers'));
  const { p256 } = await makeSigners(join(folder, 'signers'));
  const registry = await startRegistry('referrers-api');
  try {
    const signed: Signed[] = [];
    for (const name of IMAGES) signed.push(await sign(name, registry.host, p256, folder));
    const disk = await Disk.create(folder);
    await mkdir(join(disk.folder, 'chain'));
    for (const { name, image } of signed) await archive(image, join(disk.folder, `chain/${name}.tar`));
    for (const [way, profile] of Object.entries(WAYS)) {
      const settings = nodeSettings(profile, PROFILES[profile].defaultOptions) ?? '';
      await writeFile(join(disk.folder, `chain/${way}.toml`), `${settings}\n`);
    }
    const runtime = await runtimeDisk(folder);
    await disk.layer('runtime', guestLayer(runtime));
    await makePolicy(disk, signed, runtime.rootHash, p256, folder);
    const offset = await fillCache(disk, signed, p256);
    addSteps(disk, signed, offset);
    const machine = await prepareMachine(kernel, folder);
    const report = await disk.boot(machine, ['dm_verity.require_signatures=0'], 540_000);
    return { kernel, machine, report, rootHashes: signed.flatMap(({ rootHashes }) => rootHashes.containerd) };
  } finally {
    await registry.stop();
  }
}

async function sign(name: ImageName, host: string, signer: Signer, folder: string): Promise<Signed> {
  const image = await programImage(name, join(folder, name), folder);
  const profiles = Object.values(WAYS);
  const fetched = await signAndFetch(image, `${host}/${name}`, signer, profiles);
  const rootHashes = Object.fromEntries(
    profiles.map((profile) => [profile, (fetched.get(profile) ?? []).map(({ rootHash }) => rootHash)]),
  ) as Signed['rootHashes'];
  return { name, image, reference: `${host}/${name}:${image.tag}`, rootHashes };
}

async function archive(image: TestImage, target: string): Promise<void> {
  await tool('tar', ['--create', `--file=${target}`, `--directory=${image.layout}`, '.']);
}

const REGISTRY = ['--plain-http', '--trusted-certificate', TRUSTED];

/** The signed policy, by the command line of dist, with the node's own rules as its base. */
async function makePolicy(
  disk: Disk,
  signed: readonly Signed[],
  runtimeHash: string,
  signer: Signer,
  folder: string,
): Promise<void> {
  const base = join(folder, 'base.ipe');
  const rules = [
    'policy_name=chain policy_version=0.0.0',
    'DEFAULT action=ALLOW',
    'DEFAULT op=EXECUTE action=DENY',
    'op=EXECUTE boot_verified=TRUE action=ALLOW',
    `op=EXECUTE dmverity_roothash=sha256:${runtimeHash} action=ALLOW`,
  ];
  await writeFile(base, `${rules.join('\n')}\n`);
  const images = signed.filter(({ name }) => LISTED.includes(name)).map(({ reference }) => reference);
  const profiles = Object.values(WAYS).flatMap((profile) => ['--profile', profile]);
  const by = ['--key', signer.key, '--certificate', signer.chain];
  const what = ['--name', 'chain', '--base', base, '--out', join(folder, 'policy')];
  const tools = ['--oras-path', toolPath('oras')];
  await dist(
    ['ipe-policy', ...images, ...REGISTRY, ...profiles, ...by, ...what, ...tools],
    dirname(signer.key),
  );
  await writeFile(join(disk.folder, 'chain.p7b'), await readFile(join(folder, 'policy/chain.p7b')));
}

/**
 * The layer cache of all images, by `export` of dist, with a byte of `altered` inverted.
 * @returns where that byte is in the image of the layer. Profiles differ in the UUID only, so it is there for all.
 */
async function fillCache(disk: Disk, signed: readonly Signed[], signer: Signer): Promise<number> {
  const cache = join(disk.folder, 'cache');
  const tools = ['--oras-path', toolPath('oras')];
  for (const { reference } of signed) {
    const profile = ['--profile', WAYS.cache];
    await dist(['export', reference, cache, ...REGISTRY, ...profile, ...tools], dirname(signer.key));
  }
  const altered = signed.find(({ name }) => name === 'altered')?.image.layers[0]?.diffId ?? '';
  const { path = '' } = cacheEntries(cache).get(altered) ?? {};
  const bytes = await readFile(path);
  const at = bytes.indexOf(TEXT);
  if (at === -1 || at !== bytes.lastIndexOf(TEXT)) throw new Error('the program is not in its layer, once');
  await flipByte(path, at);
  return at;
}

function addSteps(disk: Disk, signed: readonly Signed[], offset: number): void {
  disk.step('start_again');
  disk.step('node');
  disk.step('runs', 'before-policy', '/runtime/bin/runc', '--version');
  disk.step('policy', 'chain', 'chain.p7b', 'new_policy');
  disk.step('activate', 'chain', 'chain');
  disk.step('runs', 'under-policy', '/runtime/bin/runc', '--version');
  disk.step('runs', 'version', '/runtime/bin/containerd', '--version');
  disk.step('runs_elsewhere', '/runtime/bin/runc', '--version');

  disk.step('start_containerd', 'differ');
  for (const { name } of signed) disk.step('import_image', name);
  disk.step('recorded');
  const [lowest = ''] = signed.find(({ name }) => name === 'altered')?.rootHashes.containerd ?? [];
  disk.step('alter', lowest, String(offset));
  mountEach(disk);
  disk.step('run_image', 'app', 'app', GREET);
  disk.step('run_image', 'dropped', 'app', BUSYBOX, 'sh', '-c', `cp ${GREET} /tmp/greet; /tmp/greet`);
  disk.step('run_image', 'copied-up', 'app', BUSYBOX, 'sh', '-c', `chmod 711 ${GREET}; ${GREET}`);
  disk.step('run_image', 'other', 'other', GREET);
  disk.step('run_image', 'altered', 'altered', BUSYBOX, 'sh', '-c', `cat ${GREET} >/dev/null`);
  disk.step('runc_in_initramfs', 'app', GREET);
  disk.step('stop_containerd');

  disk.step('without_mkfs');
  disk.step('start_containerd', 'cache');
  for (const { name } of signed) disk.step('import_image', name);
  disk.step('recorded');
  mountEach(disk);
  disk.step('run_image', 'app', 'app', GREET);
  disk.step('run_image', 'other', 'other', GREET);
  disk.step('stop_containerd');
}

function mountEach(disk: Disk): void {
  for (const name of IMAGES) {
    disk.step('mount_image', name, GREET);
    if (name === 'app') disk.step('dropped', BUSYBOX, GREET);
    disk.step('unmount_image');
  }
}
