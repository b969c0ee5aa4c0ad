/** Builds a kernel from Debian's source, so that the same source and compilers give the same bytes anywhere. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuestArchitecture } from '../../src/model/guest-architecture.ts';
import { command, failure, fileSha256 } from '../tools/common.ts';
import { Origin } from '../tools/origin.ts';
import type { BuildTarget } from './target.ts';

/** Debian's package of the kernel's source; the newest version that the suite has. */
export const SOURCE_PACKAGE = 'linux-source-6.12';

/** Paths of the files that the configuration for an architecture consists of. */
export const configFiles = (architecture: GuestArchitecture): string[] =>
  ['common', architecture].map((name) => fileURLToPath(new URL(`config/${name}`, import.meta.url)));
export const POLICY = fileURLToPath(new URL('ipe.policy', import.meta.url));

/** What a kernel writes down of its build; the time is that of no release. */
const BUILD_FACTS = {
  KBUILD_BUILD_TIMESTAMP: '2026-01-01 00:00:00 UTC',
  KBUILD_BUILD_USER: 'verity-sign',
  KBUILD_BUILD_HOST: 'verity-sign',
  KBUILD_BUILD_VERSION: '1',
  SOURCE_DATE_EPOCH: '1767225600',
};

export interface KernelTree {
  target: BuildTarget;
  /** Path of the built tree. */
  path: string;
  /** Such as `6.12.48`. */
  version: string;
  /** Of the Debian package. */
  packageVersion: string;
  /** Of the tarball in the package. */
  sourceSha256: string;
}

/**
 * Unpacks the source below `work` and builds it.
 * @param what of the kernel's makefiles
 * @param trusted path of a PEM file with the certificates of the built-in keyring; none if empty
 */
export async function buildTree(
  work: string,
  target: BuildTarget,
  what: string,
  trusted: string,
): Promise<KernelTree> {
  const { path, ...source } = await unpackSource(work);
  // A path of this machine would be a part of the configuration.
  await copyFile(POLICY, join(path, 'ipe.policy'));
  const wanted = [
    ...(await Promise.all(configFiles(target.architecture).map((file) => readFile(file, 'utf8')))),
    `CONFIG_SYSTEM_TRUSTED_KEYS="${trusted}"`,
    'CONFIG_IPE_BOOT_POLICY="ipe.policy"',
    '',
  ].join('\n');
  await writeFile(join(work, 'fragment'), wanted);

  const jobs = `--jobs=${availableParallelism()}`;
  const flags = `KCFLAGS=-ffile-prefix-map=${path}=.`;
  const compiler = [`ARCH=${target.arch}`, `CROSS_COMPILE=${target.prefix}`];
  const make = (goal: string) =>
    command(['nice', '-n', '10', 'make', '--silent', jobs, ...compiler, flags, goal], path, BUILD_FACTS);
  await make('tinyconfig');
  await command(['scripts/kconfig/merge_config.sh', '-m', '.config', join(work, 'fragment')], path);
  await make('olddefconfig');
  await checkConfig(wanted, join(path, '.config'));
  await make(what);
  return { ...source, path, target, version: (await make('kernelversion')).trim() };
}

/** Paths of what is kept of a tree. */
export interface TakenKernel {
  /** The kernel as a VM boots it, without its symbol table: an ELF file, of arm64 an Image. */
  vmlinux: string;
  /** System.map. */
  symbols: string;
}

/** Copies the kernel that a VM boots, its System.map and its configuration. */
export async function takeKernel({ path, target }: KernelTree, folder: string): Promise<TakenKernel> {
  await mkdir(folder, { recursive: true });
  const [vmlinux, symbols] = [join(folder, 'vmlinux'), join(folder, 'System.map')];
  await copyFile(join(path, '.config'), join(folder, 'config'));
  await copyFile(join(path, 'System.map'), symbols);
  const image = join(path, target.image.path);
  if (target.image.stripped) await copyFile(image, vmlinux);
  else await command([`${target.prefix}strip`, '-o', vmlinux, image], path);
  return { vmlinux, symbols };
}

async function unpackSource(work: string): Promise<Omit<KernelTree, 'version' | 'target'>> {
  const origin = new Origin();
  try {
    const archive = await origin.requireArchive(SOURCE_PACKAGE);
    const unpacked = join(work, 'package');
    const packageVersion = await archive.unpackNewest(SOURCE_PACKAGE, unpacked);
    const tarball = join(unpacked, 'usr/src', `${SOURCE_PACKAGE}.tar.xz`);
    await command(['tar', '--extract', '--xz', '--no-same-owner', `--file=${tarball}`], work);
    return { path: join(work, SOURCE_PACKAGE), packageVersion, sourceSha256: await fileSha256(tarball) };
  } finally {
    await origin.close();
  }
}

/** Kconfig drops an option silently if another option excludes it. */
async function checkConfig(wanted: string, path: string): Promise<void> {
  const final = new Set((await readFile(path, 'utf8')).split('\n'));
  const lost = wanted.split('\n').filter((line) => line.startsWith('CONFIG_') && !final.has(line));
  if (lost.length > 0) {
    throw failure(
      `the kernel's configuration lost ${lost.join(', ')}`,
      'Check the files in scripts/kernel/config',
    );
  }
}
