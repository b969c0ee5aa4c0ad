import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { writeCpio } from '../../src/formats/cpio.ts';
import type { GuestArchitecture } from '../../src/model/guest-architecture.ts';
import { SHARED_SOURCES } from '../kernel/initramfs.ts';
import { buildTarget } from '../kernel/target.ts';
import type { TakenKernel } from '../kernel/tree.ts';
import { command, inTempFolder } from '../tools/common.ts';
import { certificateSymbols } from './symbols.ts';

const SOURCES = fileURLToPath(new URL('guest', import.meta.url));

/** A finished kernel. */
export interface GuestKernel extends TakenKernel {
  /** Default: x64. */
  architecture?: GuestArchitecture;
  /** Such as `6.12.48`. */
  version: string;
}

/** Something that the files were made from. */
export interface BuildInput {
  name: string;
  version: string;
  sha256: string;
}

/**
 * Writes `vmlinux.zst`, `initramfs.cpio.zst` and `manifest.json` to `folder`. The same kernel, sources and
 * compilers give the same bytes.
 */
export async function buildGuestFiles(
  kernel: GuestKernel,
  folder: string,
  inputs: readonly BuildInput[] = [],
): Promise<void> {
  const { architecture = 'x64' } = kernel;
  const { prefix } = buildTarget(architecture);
  await mkdir(folder, { recursive: true });
  const vmlinux = await readFile(kernel.vmlinux);
  const symbols = certificateSymbols(vmlinux, await readFile(kernel.symbols, 'utf8'));
  const files = {
    'vmlinux.zst': compressed(vmlinux),
    'initramfs.cpio.zst': compressed(initramfs(await inTempFolder((own) => compileInit(own, prefix)))),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const manifest = {
    version: 1,
    architecture,
    kernel: { release: kernel.version },
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, facts(content)])),
    vmlinux: { ...facts(vmlinux), symbols },
    inputs,
  };
  // Last: the folder is complete when it is there.
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Paths of the sources and headers of /init. */
export async function guestSources(): Promise<string[]> {
  const folders = [SOURCES, SHARED_SOURCES].map(async (folder) => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.[ch]$/.test(name));
    return names.sort().map((name) => join(folder, name));
  });
  return (await Promise.all(folders)).flat();
}

/** Compiles /init of the guest in a folder. It is static; the initramfs has nothing else. */
async function compileInit(folder: string, prefix: string): Promise<Buffer> {
  const files = (await guestSources()).filter((path) => path.endsWith('.c'));
  const sources = files.map((path) => relative(SOURCES, path));
  const target = join(folder, 'init');
  // Paths relative to the sources, and no identifier of the build: the bytes do not depend on the folder.
  const flags = '-static -O2 -s -std=gnu11 -Wall -Wextra -Werror -Wl,--build-id=none'.split(' ');
  await command([`${prefix}gcc`, ...flags, '-o', target, ...sources], SOURCES, { TMPDIR: folder });
  return readFile(target);
}

function initramfs(init: Buffer): Buffer {
  return writeCpio([
    { path: 'dev', mode: 0o040755 },
    // The kernel opens it for the first process.
    { path: 'dev/console', mode: 0o020600, device: [5, 1] },
    { path: 'init', mode: 0o100755, content: init },
  ]);
}

function compressed(content: Buffer): Buffer {
  return zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: content.length,
  });
}

function facts(content: Buffer): { sha256: string; size: number } {
  return { sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
}
