import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { debianMirror } from '../apt.ts';
import { checkSha256, command, failure, inTempFolder, TOOLS } from '../common.ts';
import { download } from '../download.ts';
import type { Architecture } from '../pins.ts';
import type { Tool } from '../tool.ts';
import { ARCHITECTURES, type DebianFile, debianFiles, NODE, SNAPSHOT } from './pins.ts';

const FOLDER = join(TOOLS, 'image');

/** The parts of the container image, so that tests need no network. */
export const IMAGE_PARTS_TOOL: Tool = {
  name: 'image-parts',
  description: "packages of the CLI's container image: Debian's archive and npm",
  programs: [],
  inputs: [ARCHITECTURES.map(debianFiles), NODE],
  demo: false,
  needs: [],
  seconds: 40,
  megabytes: 115,
  install: async () => {
    for (const architecture of ARCHITECTURES) {
      for (const file of debianFiles(architecture)) await debianPackage(file);
      await nodePackage(architecture);
    }
  },
};

/** Path of a Debian package whose checksum is the pinned one: the kept one, else from the archive. */
export function debianPackage(file: DebianFile): Promise<string> {
  return kept(`${file.sha256}.deb`, file.sha256, async (target) => {
    // The mirror is near, but has only the newest version of each suite.
    const mirror = await debianMirror().catch(() => undefined);
    await fromFirst(mirror === undefined ? [SNAPSHOT.url] : [mirror, SNAPSHOT.url], file, target);
  });
}

/** Fetches a package from the first of the archives that has it. Error (`environment`): none has. */
export async function fromFirst(
  archives: readonly string[],
  { package: name, path, sha256 }: DebianFile,
  target: string,
): Promise<void> {
  const causes: unknown[] = [];
  for (const archive of archives) {
    try {
      return await download(`${archive.replace(/\/$/, '')}/${path}`, sha256, target);
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw failure(
    `${name} could not be fetched: ${causes.map((cause) => (cause as Error).message).join('; ')}`,
    'Set DEBIAN_MIRROR to the URL of a Debian archive that has it, or update scripts/tools/image/pins.ts',
    causes.at(-1),
  );
}

/** Path of the npm package with Node's program. */
export function nodePackage(architecture: Architecture): Promise<string> {
  const { package: name, sha256 } = NODE[architecture];
  return kept(`${sha256}.tgz`, sha256, (target) =>
    inTempFolder(async (folder) => {
      const file = (await command(['npm', 'pack', '--silent', name], folder)).trim();
      await command(['mv', join(folder, file), target]);
    }),
  );
}

/** Several runs, or images, may fetch the same part: each writes its own file, then renames it. */
async function kept(name: string, sha256: string, fetch: (target: string) => Promise<void>): Promise<string> {
  const path = join(FOLDER, name);
  if (existsSync(path)) {
    await checkSha256(path, sha256);
    return path;
  }
  await mkdir(FOLDER, { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await fetch(temporary);
    await checkSha256(temporary, sha256);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return path;
}
