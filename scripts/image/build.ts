import { createReadStream, readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../src/model/index.ts';
import { type Layer, LayoutWriter } from '../demo-image/layout.ts';
import { command, inTempFolder } from '../tools/common.ts';
import { NODE, SNAPSHOT } from '../tools/image/pins.ts';
import type { Architecture } from '../tools/pins.ts';
import { debianRoot } from './debian.ts';
import type { ImageOptions } from './options.ts';
import { nodeRoot, programRoot } from './program.ts';
import { USER_ID } from './system-files.ts';
import { normalizeModes } from './tree.ts';

export const TAG = 'verity-sign';

const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  description: string;
  license: string;
  homepage: string;
};

const LABELS = {
  'org.opencontainers.image.title': 'verity-sign',
  'org.opencontainers.image.description': packageJson.description,
  'org.opencontainers.image.version': packageJson.version,
  'org.opencontainers.image.licenses': packageJson.license,
  'org.opencontainers.image.source': packageJson.homepage.replace(/#.*/, ''),
};

const RUN = {
  User: `${USER_ID}:${USER_ID}`,
  Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
  Entrypoint: ['/usr/local/bin/verity-sign'],
  Cmd: ['--help'],
  WorkingDir: '/work',
  Labels: LABELS,
};

/**
 * Writes the image into an empty folder as an OCI layout with the tag `verity-sign`: one manifest, or an index of
 * several. Returns the descriptor of what has the tag.
 */
export async function buildImage(dir: string, options: ImageOptions): Promise<Descriptor> {
  const layout = await LayoutWriter.create(dir);
  const created = new Date(options.epoch * 1000).toISOString().replace('.000', '');
  const layer = (createdBy: string, fill: (root: string) => Promise<void>): Promise<Layer> =>
    inTempFolder(async (folder) => {
      const root = join(folder, 'root');
      await mkdir(root);
      await fill(root);
      await normalizeModes(root);
      const tar = join(folder, 'layer.tar');
      await writeTar(root, tar, options.epoch);
      return layout.layer(createReadStream(tar), 'gzip', createdBy);
    });

  // Compression takes most of the time, and each layer's is a thread of its own.
  const program = layer(`npm pack verity-sign@${packageJson.version}`, (root) =>
    programRoot(root, options.package),
  );
  const image = async (architecture: Architecture): Promise<Descriptor> => {
    const layers = await Promise.all([
      layer(`dpkg-deb --extract, ${SNAPSHOT.url}`, (root) => debianRoot(root, architecture)),
      layer(NODE[architecture].package, (root) => nodeRoot(root, architecture)),
      program,
    ]);
    const manifest = await layout.manifest(layers, created, RUN, architecture, LABELS);
    return { ...manifest, platform: { os: 'linux', architecture } };
  };
  const manifests = await Promise.all(options.architectures.map(image));
  const tagged = await topOf(layout, manifests);
  await layout.tag(tagged, TAG);
  return tagged;
}

async function topOf(layout: LayoutWriter, manifests: readonly Descriptor[]): Promise<Descriptor> {
  const [first] = manifests;
  if (first !== undefined && manifests.length === 1) return first;
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return layout.json(mediaType, { schemaVersion: 2, mediaType, manifests, annotations: LABELS });
}

/** A tar whose bytes depend on names, modes and contents only; all files are root's. */
async function writeTar(root: string, target: string, epoch: number): Promise<void> {
  const options = [
    '--sort=name',
    '--format=posix',
    '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    `--mtime=@${epoch}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
  ];
  const names = (await readdir(root)).sort();
  await command(['tar', '--create', `--file=${target}`, ...options, `--directory=${root}`, '--', ...names]);
}
