import { type Dir, opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_WORKERS, SMALL_BLOB } from '../convert/worker/pool.ts';
import type { WorkerPool } from '../lib/process/worker-pool.ts';
import { splitLocal } from '../oci/image/local-path.ts';
import { requireResources } from './thread-pool.ts';

/** Blobs of a layout that are looked at: images have fewer, and a folder of thousands takes time to read. */
const LOOKED_AT = 100;

/**
 * Starts a thread while the program is still being loaded, if an image is likely to need one: a layout with a large
 * blob. Starting a thread takes 45 ms of processor time, so none is started for what may be small. This is only a
 * guess about the text of a command line: it refuses and reports nothing.
 *
 * @param images as the user wrote them
 */
export function startEarly(
  images: readonly string[],
  threads: Pick<WorkerPool, 'warmUp'> = LAYER_WORKERS,
): void {
  try {
    requireResources();
    if (images.some(hasLargeBlob)) threads.warmUp(1);
  } catch {
    // What is wrong with the layout, or with the limits of the system, is an error where they are needed.
  }
}

/** @throws the error of the file system */
function hasLargeBlob(image: string): boolean {
  const target = image.startsWith('oci:') ? splitLocal(image.slice('oci:'.length), 'folder') : '';
  if (typeof target === 'string') return false;
  const folder = join(target.path, 'blobs', 'sha256');
  const blobs = opendirSync(folder);
  try {
    return someLarge(blobs, folder);
  } finally {
    blobs.closeSync();
  }
}

function someLarge(blobs: Dir, folder: string): boolean {
  for (let count = 0; count < LOOKED_AT; count++) {
    const entry = blobs.readSync();
    if (entry === null) return false;
    if (entry.isFile() && statSync(join(folder, entry.name)).size > SMALL_BLOB) return true;
  }
  return false;
}
