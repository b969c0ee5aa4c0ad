/** What the kernel does with policies of `ipe-policy`: devices open without signatures, as containerd opens them. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildKernel } from '../../scripts/kernel/build.ts';
import { Disk } from '../../scripts/kernel/disk.ts';
import type { Report } from '../../scripts/kernel/guest-report.ts';
import { prepareMachine } from '../../scripts/kernel/machine.ts';
import { openssl } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { toolPath } from '../helpers/tools.ts';
import { GRAMMAR, STRICTER } from './grammar.ts';
import { BUSYBOX, GREET, programImage } from './images.ts';
import { dist } from './root.ts';
import { makeSigners, type Signer, TRUSTED } from './signers.ts';
import { addStack, type SignedStack, signedStacks } from './stacks.ts';
import { addTampering } from './tampering.ts';

export interface PolicyRun {
  report: Report;
  /** Root hashes of the image that the policies are about. */
  rootHashes: string[];
  /** Text of the policy. */
  text: string;
  /** Bytes of signed policies by name. */
  sizes: Record<string, number>;
}

/** What a policy is made of. */
interface Recipe {
  name: string;
  version: string;
  signer: Signer;
  /** Number of further root hashes in the base. */
  more?: number;
}

export async function runPolicies(folder: string): Promise<PolicyRun> {
  const kernel = await buildKernel();
  await mkdir(join(folder, 'signers'));
  const signers = await makeSigners(join(folder, 'signers'));
  const registry = await startRegistry('referrers-api');
  try {
    const stacks: SignedStack[] = [];
    for (const name of ['app', 'other']) {
      const image = await programImage(name, join(folder, name), folder);
      const repository = `${registry.host}/${name}`;
      stacks.push(...(await signedStacks(image, repository, signers.rsa2048, ['containerd'], folder)));
    }
    // containerd gives no signatures to the kernel.
    const [app, other] = stacks.map((stack): SignedStack => ({ ...stack, signatures: [] }));
    if (app === undefined || other === undefined) throw new Error('an image was not signed');

    const disk = await Disk.create(folder);
    const maker = new PolicyMaker(disk, `${registry.host}/app:test`, join(folder, 'policies'));
    const { p256, rsa4096, rogue } = signers;
    await maker.make('first', { name: 'app', version: '1.2.0', signer: p256 });
    await maker.make('rogue', { name: 'app', version: '1.2.0', signer: rogue });
    await maker.make('same', { name: 'app', version: '1.2.0', signer: p256 });
    await maker.make('older', { name: 'app', version: '1.1.65535', signer: p256 });
    await maker.make('newer', { name: 'app', version: '1.2.1', signer: rsa4096 });
    await maker.make('another-older', { name: 'other-name', version: '0.0.0', signer: p256 });
    await maker.make('largest', { name: 'largest', version: '2.0.0', signer: p256, more: LARGEST });
    await maker.sign('one-more', manyRootHashes('one-more', LARGEST + 8), p256);
    await maker.sign('ten-thousand', manyRootHashes('ten-thousand', 10_000), p256);
    for (const [name, text] of Object.entries({ ...GRAMMAR, ...STRICTER })) {
      await maker.sign(`grammar-${name}`, text, p256);
    }

    await addSteps(disk, app, other, folder);
    const report = await disk.boot(await prepareMachine(kernel, folder), ['dm_verity.require_signatures=0']);
    return {
      report,
      rootHashes: app.layers.map(({ rootHash }) => rootHash),
      text: await readFile(join(folder, 'policies/first/app.ipe'), 'utf8'),
      sizes: maker.sizes,
    };
  } finally {
    await registry.stop();
  }
}

/** Root hashes that fit into a policy beside the two of the image and the signature of a P-256 key. */
export const LARGEST = 560;

async function addSteps(disk: Disk, app: SignedStack, other: SignedStack, folder: string): Promise<void> {
  await addStack(disk, 'app', app);
  container(disk, 'before');
  disk.step('policy', 'rogue', 'rogue.p7b', 'new_policy');
  disk.step('policy', 'first', 'first.p7b', 'new_policy');
  container(disk, 'loaded');
  disk.step('activate', 'first', 'app');
  disk.step('container', 'enforced');
  disk.step('own', 'greet', GREET);
  disk.step('own', 'busybox', BUSYBOX, 'echo', 'runs');
  disk.step('dropped', BUSYBOX, GREET);
  disk.step('end_container');
  await addTampering(disk, app, folder);
  for (const name of ['older', 'same', 'newer']) {
    disk.step('policy', name, `${name}.p7b`, 'policies/app/update');
  }
  disk.step('policy', 'another-older', 'another-older.p7b', 'new_policy');
  disk.step('activate', 'another-older', 'other-name');
  for (const name of ['ten-thousand', 'one-more', 'largest']) {
    disk.step('policy', name, `${name}.p7b`, 'new_policy');
  }
  for (const name of Object.keys({ ...GRAMMAR, ...STRICTER })) {
    disk.step('policy', `grammar-${name}`, `grammar-${name}.p7b`, 'new_policy');
  }
  disk.step('activate', 'largest', 'largest');
  await addStack(disk, 'app-again', app);
  container(disk, 'largest');
  await addStack(disk, 'other', other);
  container(disk, 'other');
}

/** Runs the image's program in a container of the stack made last. */
function container(disk: Disk, name: string): void {
  disk.step('container', name);
  disk.step('own', 'greet', GREET);
  disk.step('end_container');
}

/** Signed policies as files on the guest's disk. */
class PolicyMaker {
  readonly sizes: Record<string, number> = {};
  readonly #disk: Disk;
  readonly #image: string;
  readonly #folder: string;

  constructor(disk: Disk, image: string, folder: string) {
    this.#disk = disk;
    this.#image = image;
    this.#folder = folder;
  }

  /** By the command line of dist. */
  async make(file: string, { name, version, signer, more = 0 }: Recipe): Promise<void> {
    const out = join(this.#folder, file);
    await mkdir(out, { recursive: true });
    const base = join(out, 'base');
    await writeFile(base, manyRootHashes(name, more));
    await dist(
      [
        ...['ipe-policy', this.#image, '--plain-http', '--oras-path', toolPath('oras')],
        ...['--trusted-certificate', TRUSTED, '--key', signer.key, '--certificate', signer.chain],
        ...['--name', name, '--policy-version', version, '--out', out],
        ...(more === 0 ? [] : ['--base', base]),
      ],
      dirname(signer.key),
    );
    await this.#add(file, await readFile(join(out, `${name}.p7b`)));
  }

  /** By openssl, what the command line refuses. */
  async sign(file: string, content: string, signer: Signer): Promise<void> {
    const text = join(this.#folder, `${file}.ipe`);
    await writeFile(text, content, 'latin1');
    const how = ['-binary', '-noattr', '-nodetach', '-outform', 'DER', '-in', text];
    const by = ['-signer', signer.certificate, '-inkey', signer.key, '-out', `${text}.p7b`];
    await openssl(['smime', '-sign', ...how, ...by], this.#folder);
    await this.#add(file, await readFile(`${text}.p7b`));
  }

  async #add(file: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.#disk.folder, `${file}.p7b`);
    await writeFile(path, bytes);
    this.sizes[file] = (await stat(path)).size;
  }
}

function manyRootHashes(name: string, count: number): string {
  const hex = (index: number) => index.toString(16).padStart(64, '0');
  return [
    `policy_name=${name} policy_version=1.0.0`,
    'DEFAULT action=ALLOW',
    'DEFAULT op=EXECUTE action=DENY',
    'op=EXECUTE boot_verified=TRUE action=ALLOW',
    ...Array.from({ length: count }, (_, index) => {
      return `op=EXECUTE dmverity_roothash=sha256:${hex(index)} action=ALLOW`;
    }),
    '',
  ].join('\n');
}
