import { chmod, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uuidOf } from '../../../convert/erofs/recipe.ts';
import { whyIncomplete } from '../../../convert/verity-file/check.ts';
import { removeLeftovers } from '../../../lib/leftovers/remove.ts';
import { readRegular } from '../../../lib/read-regular.ts';
import type { ImageLayer, VerityRoot } from '../../../model/index.ts';
import { type FileLock, lockFile, removeAbandonedLock } from '../../../oci/file-lock.ts';
import { partialPath, partialsOf, writeError } from '../../../oci/partial-file.ts';
import { createOpenFolder, openFolder } from './open-folder.ts';
import { publishFile, syncFolder } from './publish-file.ts';
import { MOST_SIDECAR_BYTES, readSidecar, sidecarText } from './sidecar.ts';

/** Every blob has this block size: the cache holds whole images. */
const BLOCK_SIZE = 4096;
/** Held while the two files of an entry are put in their places. */
const LOCK = '.verity-sign.lock';

/** What was done with the files of one layer. */
export type CacheOutcome = 'written' | 'replaced' | 'already there';

/** What the cache has of a layer: a complete entry, or the reason why it is none. */
export type FoundEntry = { rootHash: string } | { fault: string };

/**
 * A folder that containerd's snapshotter takes as one of its `layer_content_caches`:
 * `ALGORITHM/FIRST TWO DIGITS/DIFFID.erofs` and `….erofs.dmverity`. Any number of runs may write to it.
 * [containerd 2.4, internal/erofsutils, CacheBlobPath; cmd/ctr/commands/images/build_erofs_cache.go]
 */
export class LayerCache {
  readonly path: string;
  readonly #signal: AbortSignal;
  readonly #partials = new Set<string>();

  private constructor(path: string, signal: AbortSignal) {
    this.path = path;
    this.#signal = signal;
  }

  /**
   * Opens a folder, which is created if it does not exist, and removes what killed runs left in it.
   * @throws VeritySignError 'environment'
   */
  static async open(path: string, signal: AbortSignal): Promise<LayerCache> {
    await openFolder(path);
    await removeAbandonedLock(join(path, LOCK));
    for (const shard of await shardsOf(path)) await removeLeftovers(shard, partialsOf());
    return new LayerCache(path, signal);
  }

  /** Path of a layer's image, `….erofs`. */
  blobOf({ diffId }: Pick<ImageLayer, 'diffId'>): string {
    const [algorithm = '', hex = ''] = diffId.split(':');
    return join(this.path, algorithm, hex.slice(0, 2), `${hex}.erofs`);
  }

  /** What the cache has of a layer; undefined if nothing. See `whyIncomplete` for what is checked. */
  async find(layer: ImageLayer): Promise<FoundEntry | undefined> {
    const blob = this.blobOf(layer);
    const text = await readRegular(sidecarOf(blob), MOST_SIDECAR_BYTES).catch(() => undefined);
    if (text === undefined) {
      const names = await readdir(dirname(blob)).catch((): string[] => []);
      return names.includes(blob.slice(dirname(blob).length + 1))
        ? { fault: 'it has no sidecar' }
        : undefined;
    }
    const sidecar = readSidecar(text.toString('utf8'));
    if (sidecar === undefined) return { fault: 'its sidecar is not one of containerd' };
    const { rootHash, hashOffset } = sidecar;
    if (hashOffset % BLOCK_SIZE !== 0) {
      const reason = `which is not a multiple of ${BLOCK_SIZE}`;
      return { fault: `its sidecar has the hash offset ${hashOffset}, ${reason}` };
    }
    // A layer that is an EROFS image keeps its own UUID.
    const uuid = layer.format === 'erofs' ? undefined : uuidOf(layer, 'diffId');
    const expected = { hashOffset, rootHash, blockSize: BLOCK_SIZE, ...(uuid && { uuid }) } as const;
    const fault = await whyIncomplete(blob, expected);
    return fault === undefined ? { rootHash } : { fault: `it ${fault}` };
  }

  /** Path of a new file for a layer's image, beside its place. */
  async begin(layer: ImageLayer): Promise<string> {
    const blob = this.blobOf(layer);
    try {
      createOpenFolder(dirname(blob));
    } catch (error) {
      throw writeError(error, dirname(blob));
    }
    const partial = partialPath(blob);
    this.#partials.add(partial);
    return partial;
  }

  /**
   * Puts a layer's file in its place: the sidecar first, since the snapshotter goes by the blob, and each by a rename
   * when it is on disk. A complete entry with the same root hash stays as it is.
   * @param partial from `begin`
   */
  async publish(layer: ImageLayer, partial: string, verity: VerityRoot): Promise<CacheOutcome> {
    const blob = this.blobOf(layer);
    // A pair of files cannot be exchanged at once: two runs with other classes would mix theirs.
    let lock: FileLock | undefined;
    try {
      await toDisk(partial);
      lock = await lockFile(join(this.path, LOCK), this.#signal);
      const found = await this.find(layer);
      if (found !== undefined && 'rootHash' in found && found.rootHash === verity.rootHash) {
        await this.#discard(partial);
        return 'already there';
      }
      await publishFile(sidecarOf(blob), Buffer.from(sidecarText(verity)));
      await rename(partial, blob);
      this.#partials.delete(partial);
      await syncFolder(dirname(blob));
      return found === undefined ? 'written' : 'replaced';
    } catch (error) {
      throw writeError(error, blob);
    } finally {
      await lock?.release();
    }
  }

  /** Removes what was begun and not published. */
  async close(): Promise<void> {
    for (const partial of [...this.#partials]) await this.#discard(partial);
  }

  async #discard(partial: string): Promise<void> {
    await rm(partial, { force: true });
    this.#partials.delete(partial);
  }
}

function sidecarOf(blob: string): string {
  return `${blob}.dmverity`;
}

async function toDisk(path: string): Promise<void> {
  // The umask may be anything, and containerd may be another user.
  await chmod(path, 0o644);
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Folders `ALGORITHM/xx` of a cache. */
async function shardsOf(path: string): Promise<string[]> {
  const shards: string[] = [];
  for (const algorithm of ['sha256', 'sha512']) {
    const names = await readdir(join(path, algorithm)).catch((): string[] => []);
    shards.push(
      ...names.filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => join(path, algorithm, name)),
    );
  }
  return shards;
}
