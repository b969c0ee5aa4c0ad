import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { run } from '../../src/lib/process/run.ts';
import { failure, find, searchPath } from '../tools/common.ts';

const SOURCES = fileURLToPath(new URL('guest', import.meta.url));
/** What the guest of preflight is made of too. */
export const SHARED_SOURCES = join(SOURCES, 'shared');

const FOLDERS = ['bin', 'proc', 'sys', 'dev', 'tmp', 'run', 'disk', 'layer', 'merged', 'container'];

/** The applets of busybox that `init` and `chain` call. */
const APPLETS =
  'sh basename cat chmod chroot cp dd grep ifconfig ln losetup mkdir mount reboot rm sleep sync tail tr umount'.split(
    ' ',
  );

/** Compiles a program of the guest. It is static, so that it runs on the host too. */
export async function compileGuestProgram(name: 'probe' | 'tree', target: string): Promise<void> {
  const shared = name === 'probe' ? [join(SHARED_SOURCES, 'device-mapper.c')] : [];
  await compileStatic([join(SOURCES, `${name}.c`), ...shared], target);
}

export async function compileStatic(sources: readonly string[], target: string): Promise<void> {
  const flags = ['-static', '-O2', '-s', '-Wall', '-Wextra', '-Werror'];
  await command(['gcc', ...flags, '-o', target, ...sources], SOURCES);
}

/** Writes the initramfs: busybox, the guest's programs and `init`. Everything else is on disks. */
export async function buildInitramfs(target: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'initramfs-'));
  try {
    for (const folder of FOLDERS) await mkdir(join(root, folder));
    const busybox = find('busybox');
    if (busybox === undefined) throw failure('busybox is not installed', 'Install busybox-static');
    await copyFile(busybox, join(root, 'bin/busybox'));
    for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
    await compileGuestProgram('probe', join(root, 'bin/probe'));
    await compileGuestProgram('tree', join(root, 'bin/tree'));
    await copyFile(join(SOURCES, 'chain'), join(root, 'chain'));
    await copyFile(join(SOURCES, 'init'), join(root, 'init'));
    await chmod(join(root, 'init'), 0o755);
    const names = await readdir(root, { recursive: true });
    const archive = await command(['cpio', '--quiet', '--create', '--format=newc'], root, names.join('\n'));
    await writeFile(target, gzipSync(archive, { level: 1 }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function command(argv: readonly string[], cwd: string, stdin?: string): Promise<Buffer> {
  const env = { PATH: searchPath(), LC_ALL: 'C' };
  return (await run(argv, { cwd, env, timeout: 60_000, ...(stdin === undefined ? {} : { stdin }) })).stdout;
}
