import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestImage } from './images.ts';
import { root } from './root.ts';

export interface Reference {
  /** The listing of each layer's own tree, whiteouts included, lowest layer first. */
  layers: string[][];
  /** The listing of all layers applied in order. */
  merged: string[];
}

/** Extracts an image's layers with GNU tar and applies them one on the other, without any EROFS. */
export async function extractReference(image: TestImage, folder: string, tree: string): Promise<Reference> {
  await mkdir(folder);
  const list = async (...args: string[]) =>
    (await root([tree, 'list', ...args])).toString().trimEnd().split('\n');
  const layers: string[][] = [];
  let below: string | undefined;
  for (const [at, { digest }] of image.layers.entries()) {
    const target = join(folder, String(at));
    // A folder without an entry, be it the uppermost one, gets the mode 0777 in EROFS as well.
    await root(['mkdir', '--mode=0777', target]);
    const blob = join(image.layout, 'blobs', digest.replace(':', '/'));
    const how = [
      '--preserve-permissions',
      '--same-owner',
      '--numeric-owner',
      '--xattrs',
      '--xattrs-include=*',
    ];
    const extract = ['tar', '--extract', ...how, `--file=${blob}`, `--directory=${target}`];
    await root(['sh', '-c', 'umask 0; exec "$@"', 'sh', ...extract]);
    layers.push(await list('--tar', target));
    if (below !== undefined) await root([tree, 'merge', below, target]);
    below = target;
  }
  if (below === undefined) throw new Error(`${image.name} has no layers`);
  return { layers, merged: await list(below) };
}
