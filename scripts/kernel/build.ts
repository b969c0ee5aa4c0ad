/**
 * `node scripts/kernel/build.ts` builds the kernel that verifies the layers. It builds once for the same
 * inputs and keeps the result in the user's cache folder, outside the checkout.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { architecture, failure } from '../tools/common.ts';
import { installBuildPackages } from './packages.ts';
import { buildTarget } from './target.ts';
import { buildTree, configFiles, POLICY, SOURCE_PACKAGE, takeKernel } from './tree.ts';

const TRUSTED = fileURLToPath(new URL('../../__tests__/fixtures/kernel-pki/trusted.pem', import.meta.url));

export interface Kernel {
  /** Path of the compressed kernel image. */
  image: string;
  /** Path of the same kernel as it was linked, without its symbol table, for PVH. */
  vmlinux: string;
  /** Path of its System.map. */
  symbols: string;
  /** Path of the kernel's own program that inserts certificates. */
  insertCertificates: string;
  /** Such as `6.12.48`. */
  version: string;
  /** Version of the Debian package that the source came from. */
  packageVersion: string;
  /** Seconds that downloading and building took. */
  buildSeconds: number;
}

/** Folder of all kernels in the user's cache. */
export function kernelCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'verity-sign/kernel');
}

/** Whether `buildKernel` has nothing to build. */
export async function isKernelCached(): Promise<boolean> {
  return isComplete(join(kernelCache(), await inputsHash()));
}

/** The kernel, from the cache or built now (minutes). */
export async function buildKernel(): Promise<Kernel> {
  if (architecture() !== 'amd64') {
    throw failure('the test kernel is built for x64 only', 'Run the kernel tests on an x64 machine');
  }
  const folder = join(kernelCache(), await inputsHash());
  if (!isComplete(folder)) {
    await mkdir(kernelCache(), { recursive: true });
    const work = await mkdtemp(join(kernelCache(), 'building-'));
    try {
      const start = performance.now();
      const built = await build(work);
      const buildSeconds = Math.round((performance.now() - start) / 1000);
      await writeFile(join(built.folder, RECORD), JSON.stringify({ ...built.versions, buildSeconds }));
      // If another run was faster, its kernel is used.
      if (!isComplete(folder)) {
        await rm(folder, { recursive: true, force: true });
        await rename(built.folder, folder);
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  const facts = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as BuildFacts;
  const [image, vmlinux, symbols, insertCertificates] = RESULTS.map((name) => join(folder, name));
  return { ...facts, image, vmlinux, symbols, insertCertificates } as Kernel;
}

/** Files of the result that others use. */
const RESULTS = ['bzImage', 'vmlinux', 'System.map', 'insert-sys-cert'] as const;

const RECORD = 'kernel.json';

/** An earlier version of this script kept fewer files. */
function isComplete(folder: string): boolean {
  return [RECORD, ...RESULTS].every((name) => existsSync(join(folder, name)));
}

type BuildFacts = Pick<Kernel, 'version' | 'packageVersion' | 'buildSeconds'>;

/** Hash of everything that decides the kernel, except the version that the archive has that day. */
async function inputsHash(): Promise<string> {
  const hash = createHash('sha256').update(SOURCE_PACKAGE);
  for (const path of [...configFiles('x64'), POLICY, TRUSTED]) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

interface Built {
  folder: string;
  versions: { version: string; packageVersion: string };
}

async function build(work: string): Promise<Built> {
  const target = buildTarget('x64');
  await installBuildPackages(target);
  const tree = await buildTree(work, target, 'bzImage', TRUSTED);
  const folder = join(work, 'result');
  await takeKernel(tree, folder);
  await copyFile(join(tree.path, 'arch/x86/boot/bzImage'), join(folder, 'bzImage'));
  await copyFile(join(tree.path, 'scripts/insert-sys-cert'), join(folder, 'insert-sys-cert'));
  const { version, packageVersion } = tree;
  return { folder, versions: { version, packageVersion } };
}

if (import.meta.main) {
  await buildKernel().then(
    (kernel) => console.log(`Linux ${kernel.version} (${kernel.packageVersion}): ${kernel.image}`),
    (error: unknown) => {
      const { line, status } = describeError(error);
      console.error(line);
      process.exitCode = status;
    },
  );
}
