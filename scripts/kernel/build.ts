/**
 * `node scripts/kernel/build.ts` builds the kernel that verifies the layers. It builds once for the same
 * inputs and keeps the result in the user's cache folder, outside the checkout.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { architecture, command, failure } from '../tools/common.ts';
import { Origin } from '../tools/origin.ts';
import { installBuildPackages } from './packages.ts';

/** Debian's package of the kernel's source; the newest version that the suite has. */
const SOURCE_PACKAGE = 'linux-source-6.12';

const CONFIG = fileURLToPath(new URL('config', import.meta.url));
const POLICY = fileURLToPath(new URL('ipe.policy', import.meta.url));
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
    throw failure('the test kernel is built for x86_64 only', 'Run the kernel tests on an x64 machine');
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
  for (const path of [CONFIG, POLICY, TRUSTED]) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

interface Built {
  folder: string;
  versions: { version: string; packageVersion: string };
}

async function build(work: string): Promise<Built> {
  await installBuildPackages();
  const packageVersion = await unpackSource(work);
  const tree = join(work, SOURCE_PACKAGE);
  const fragment = join(work, 'fragment');
  const wanted = [
    await readFile(CONFIG, 'utf8'),
    `CONFIG_SYSTEM_TRUSTED_KEYS="${TRUSTED}"`,
    `CONFIG_IPE_BOOT_POLICY="${POLICY}"`,
    '',
  ].join('\n');
  await writeFile(fragment, wanted);

  const jobs = `--jobs=${availableParallelism()}`;
  const make = (target: string) =>
    command(['nice', '-n', '10', 'make', '--silent', jobs, 'ARCH=x86_64', target], tree);
  await make('tinyconfig');
  await command(['scripts/kconfig/merge_config.sh', '-m', '.config', fragment], tree);
  await make('olddefconfig');
  await checkConfig(wanted, join(tree, '.config'));
  await make('bzImage');
  const version = (await make('kernelversion')).trim();

  const folder = join(work, 'result');
  await mkdir(folder);
  await copyFile(join(tree, 'arch/x86/boot/bzImage'), join(folder, 'bzImage'));
  await copyFile(join(tree, '.config'), join(folder, 'config'));
  await copyFile(join(tree, 'System.map'), join(folder, 'System.map'));
  await copyFile(join(tree, 'scripts/insert-sys-cert'), join(folder, 'insert-sys-cert'));
  await command(['strip', '-o', join(folder, 'vmlinux'), join(tree, 'vmlinux')], tree);
  return { folder, versions: { version, packageVersion } };
}

async function unpackSource(work: string): Promise<string> {
  const origin = new Origin();
  try {
    const archive = await origin.requireArchive(SOURCE_PACKAGE);
    const unpacked = join(work, 'package');
    const version = await archive.unpackNewest(SOURCE_PACKAGE, unpacked);
    const tarball = join(unpacked, 'usr/src', `${SOURCE_PACKAGE}.tar.xz`);
    await command(['tar', '--extract', '--xz', '--no-same-owner', `--file=${tarball}`], work);
    return version;
  } finally {
    await origin.close();
  }
}

/** Kconfig drops an option silently if another option excludes it. */
async function checkConfig(wanted: string, path: string): Promise<void> {
  const final = new Set((await readFile(path, 'utf8')).split('\n'));
  const lost = wanted.split('\n').filter((line) => line.startsWith('CONFIG_') && !final.has(line));
  if (lost.length > 0) {
    throw failure(`the kernel's configuration lost ${lost.join(', ')}`, 'Check scripts/kernel/config');
  }
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
