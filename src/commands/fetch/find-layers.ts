import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { statIfThere } from '../../lib/if-there.ts';
import { readRegular } from '../../lib/read-regular.ts';
import { MOST_SIDECAR_BYTES, readSidecar } from '../shared/cache/sidecar.ts';

/** A layer's image with a hash tree, as a `.dmverity` file describes it. */
export interface LayerFile {
  /** Path of the image. */
  path: string;
  rootHash: string;
  /** Bytes: where the dm-verity superblock is. */
  hashOffset: number;
}

/**
 * Where containerd has such images, from the folder of its snapshotter, from `snapshots` in it, or from a layer cache.
 * No other names are followed: they go into commands.
 */
const PLACES: readonly (readonly RegExp[])[] = [
  [/^snapshots$/, /^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^sha(256|512)$/, /^[0-9a-f]{2}$/, /^[0-9a-f]{64,128}\.erofs\.dmverity$/],
];

/**
 * The layers with hash trees in a folder, in the order of their snapshots. A sidecar is no layer unless its image is
 * there and has something at the offset: it could hide the same layer in another snapshot.
 * @throws VeritySignError 'usage' for a folder that is neither, 'environment' for one that cannot be read
 */
export async function findLayers(folder: string): Promise<LayerFile[]> {
  const found: LayerFile[] = [];
  let known = false;
  for (const place of PLACES) {
    const sidecars = await matching(folder, place);
    known ||= sidecars.known;
    for (const path of sidecars.paths) {
      const sidecar = readSidecar(await readText(path));
      // Of a layer that is being unpacked, or by another program.
      if (sidecar === undefined) continue;
      const layer = { path: path.replace(/\.dmverity$/, ''), ...sidecar };
      if (await hasTree(layer)) found.push(layer);
    }
  }
  if (known) return found;
  throw new VeritySignError(
    'usage',
    `${folder} is neither the folder of containerd's EROFS snapshotter nor a layer cache`,
    {
      remedy:
        'Name the folder that has snapshots, such as /var/lib/containerd/io.containerd.snapshotter.v1.erofs',
    },
  );
}

/** Paths whose parts match; `known` if the first part does. */
async function matching(
  folder: string,
  [first, ...rest]: readonly RegExp[],
): Promise<{ paths: string[]; known: boolean }> {
  if (first === undefined) return { paths: [folder], known: true };
  const names = (await namesIn(folder)).filter((name) => first.test(name)).sort(byNumber);
  const paths: string[] = [];
  for (const name of names) paths.push(...(await matching(join(folder, name), rest)).paths);
  return { paths, known: names.length > 0 };
}

async function hasTree({ path, hashOffset }: LayerFile): Promise<boolean> {
  const found = await statIfThere(path);
  return found?.isFile() === true && found.size > hashOffset;
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A snapshot may be removed meanwhile.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw unreadable(folder, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegular(path, MOST_SIDECAR_BYTES)).toString('utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Removed meanwhile, or nothing that containerd wrote. A socket cannot be opened: ENXIO.
    if (['ENOENT', 'EISDIR', 'ENXIO', 'ELOOP', 'not a regular file', 'too large'].includes(code)) return '';
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): VeritySignError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new VeritySignError('environment', `${path} cannot be read (${code ?? message})`, {
    remedy: "Run as root: containerd's folders are closed to others",
    cause: error,
  });
}
