import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CONFIGURE } from '../../src/tools/install/erofs-utils-release.ts';
import { command, failure, place } from './common.ts';

const PROGRAMS = ['mkfs/mkfs.erofs', 'fsck/fsck.erofs', 'dump/dump.erofs'];

/**
 * Builds mkfs.erofs, fsck.erofs and dump.erofs in a temporary folder: inside a git work tree the
 * build would add that tree's commit to the version.
 */
export async function buildErofsUtils(fetch: (target: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'erofs-utils-'));
  try {
    const source = await compileErofsUtils(folder, fetch);
    for (const program of PROGRAMS) {
      await place(join(source, program), basename(program));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds a release in `folder`; returns that of the sources, in which `mkfs/mkfs.erofs` is. */
export async function compileErofsUtils(
  folder: string,
  fetch: (target: string) => Promise<void>,
): Promise<string> {
  const tarball = join(folder, 'source.tar.gz');
  await fetch(tarball);
  await command(['tar', '--extract', '--gzip', `--file=${tarball}`, '--no-same-owner'], folder);
  const tree = (await readdir(folder, { withFileTypes: true })).find((entry) => entry.isDirectory());
  if (tree === undefined) throw failure(`${tarball} holds no folder`, 'Check its pin');
  const source = join(folder, tree.name);
  await command(['autoreconf', '--install', '--force'], source);
  await command(['./configure', '--quiet', ...CONFIGURE], source);
  await command(['make', '--silent', `--jobs=${availableParallelism()}`], source);
  return source;
}
