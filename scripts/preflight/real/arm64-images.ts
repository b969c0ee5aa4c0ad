import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LayoutWriter } from '../../demo-image/layout.ts';
import { type Entry, writeTar } from '../../demo-image/tar-writer.ts';
import { DebianArchive, debianMirror } from '../../tools/apt.ts';
import { failure, inTempFolder } from '../../tools/common.ts';

/** 2024-01-01: the time of every file, so that the images are reproducible. */
const EPOCH = Date.UTC(2024, 0, 1) / 1000;

/** Debian's static busybox for arm64. It is not executed on this machine. */
export async function busyboxOfArm64(): Promise<Buffer> {
  const mirror = await debianMirror();
  if (mirror === undefined) throw failure('no archive of Debian is known', 'Set DEBIAN_MIRROR to its URL');
  const archive = await DebianArchive.open(mirror, 'arm64');
  try {
    return await inTempFolder(async (folder) => {
      await archive.unpackNewest('busybox-static', folder, 'bookworm');
      return readFile(join(folder, 'bin/busybox'));
    });
  } finally {
    await archive.close();
  }
}

/**
 * Writes an image of linux/arm64 as an OCI layout with the tag `demo` at `dir`: busybox, and a script in a second layer
 * that is its entrypoint.
 */
export async function writeArm64Image(dir: string, busybox: Buffer, script: string): Promise<void> {
  const layout = await LayoutWriter.create(dir);
  const tar = (entries: readonly Entry[]): Readable => Readable.from([writeTar(entries, EPOCH)]);
  const applets = ['sh', 'cp', 'uname'].map((name): Entry => {
    return { path: `bin/${name}`, mode: 0o777, link: { type: 'symbolic', target: 'busybox' } };
  });
  const base: Entry[] = [
    { path: 'bin/' },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'bin/busybox', mode: 0o755, bytes: busybox },
    ...applets,
  ];
  const top: Entry[] = [{ path: 'entrypoint.sh', mode: 0o755, bytes: Buffer.from(`#!/bin/sh\n${script}\n`) }];
  const layers = [
    await layout.layer(tar(base), 'gzip', 'COPY busybox /bin'),
    await layout.layer(tar(top), 'zstd', 'COPY entrypoint.sh /'),
  ];
  const created = new Date(EPOCH * 1000).toISOString().replace('.000', '');
  const run = { Entrypoint: ['/entrypoint.sh'] };
  await layout.tag(await layout.manifest(layers, created, run, 'arm64'), 'demo');
}
