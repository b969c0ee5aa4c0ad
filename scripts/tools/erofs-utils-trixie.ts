import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architecture, BIN, command, failure, inTempFolder, TOOLS } from './common.ts';
import { EROFS_UTILS_TRIXIE } from './pins.ts';
import type { Tool } from './tool.ts';

const PROGRAM = 'mkfs.erofs-1.8.6';
const FOLDER = join(TOOLS, 'trixie');
/** What the program needs to run, from the same suite: this system may have an older C library. */
const LIBRARIES = [
  'libc6',
  'libdeflate0',
  'liblz4-1',
  'liblzma5',
  'libpcre2-8-0',
  'libselinux1',
  'libuuid1',
  'libxxhash0',
  'libzstd1',
  'zlib1g',
];
const LOADERS = {
  amd64: 'x86_64-linux-gnu/ld-linux-x86-64.so.2',
  arm64: 'aarch64-linux-gnu/ld-linux-aarch64.so.1',
} as const;

/** Starts the program by its own loader with its own libraries, wherever `.tools` is. */
export function launcher(loader: string): string {
  return `#!/bin/sh
here=\${0%/*}/../trixie
exec "$here/lib/${loader}" --library-path "$here/lib/${loader.split('/')[0]}" "$here/mkfs.erofs" "$@"
`;
}

/** mkfs.erofs of Debian 13, unpacked and unchanged: the judge of the class 1.8.6. */
export const EROFS_UTILS_TRIXIE_TOOL: Tool = {
  name: PROGRAM,
  description: `erofs-utils ${EROFS_UTILS_TRIXIE.builds.amd64.version}, Debian trixie`,
  programs: [PROGRAM],
  inputs: [EROFS_UTILS_TRIXIE, LIBRARIES, LOADERS, launcher('')],
  demo: false,
  needs: ['debian'],
  seconds: 10,
  megabytes: 16,
  install: async (origin) => {
    const archive = await origin.requireArchive(PROGRAM);
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    await inTempFolder(async (folder) => {
      await archive.unpack(EROFS_UTILS_TRIXIE, folder);
      for (const name of LIBRARIES) await archive.unpackNewest(name, folder, EROFS_UTILS_TRIXIE.suite);
      await cp(join(folder, 'usr/bin/mkfs.erofs'), join(FOLDER, 'mkfs.erofs'));
      await cp(join(folder, 'usr/lib'), join(FOLDER, 'lib'), { recursive: true, verbatimSymlinks: true });
    });
    const path = join(BIN, PROGRAM);
    await writeFile(path, launcher(LOADERS[architecture()]));
    await chmod(path, 0o755);
    const said = await command([path, '--version']);
    if (said.split('\n')[0] === 'mkfs.erofs (erofs-utils) 1.8.6') return;
    throw failure(`${path} says ${said.trim()}`, 'Check scripts/tools/erofs-utils-trixie.ts');
  },
};
