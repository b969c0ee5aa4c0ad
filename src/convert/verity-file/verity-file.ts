import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { VeritySignError } from '../../errors.ts';
import type { VerityRoot } from '../../model/index.ts';
import { BlockDigester } from '../verity/block-digester.ts';
import { DigestStore } from '../verity/digest-store.ts';
import { levelAbove } from '../verity/hash-tree.ts';
import { DIGEST_SIZE } from '../verity/params.ts';
import { Slicer } from '../verity/slicer.ts';
import { type FileLayout, fileLayout } from './layout.ts';
import { veritySuperblock } from './superblock.ts';
import { WriteWindow, writeAll } from './write-window.ts';

/** Bytes of digests that stay in memory: those of 512 MiB in blocks of 4096. */
const IN_MEMORY = 4 * 1024 * 1024;

/**
 * A file that receives an image while it is built, and then its dm-verity superblock and hash tree, as
 * `veritysetup` and containerd lay them out. The image is not read again: the tree is made of the digests of its
 * blocks, which whoever computes the root hash has anyway. It must be closed.
 */
export class VerityFile {
  /** Receives the digests of all blocks but the first. */
  readonly leaves: DigestStore;
  readonly #path: string;
  readonly #uuid: string;
  readonly #blockSize: VerityRoot['blockSize'];
  /** The first block comes last. */
  readonly #first: BlockDigester;
  #handle: number | undefined;
  #window: WriteWindow | undefined;

  /**
   * @param path a new file
   * @param uuid of the image; the superblock gets it too, so that equal images are equal files
   * @param folder private folder, for digests that are too many for memory
   */
  constructor(path: string, uuid: string, blockSize: VerityRoot['blockSize'], folder: string) {
    this.#path = path;
    this.#uuid = uuid;
    this.#blockSize = blockSize;
    this.#first = new BlockDigester(blockSize, 1);
    this.leaves = new DigestStore(folder, IN_MEMORY);
  }

  /** Writes bytes of the image, which may be overwritten afterwards. Bytes that are never written are zero. */
  write(offset: number, bytes: Uint8Array): undefined {
    if (offset < this.#blockSize) this.#first.data.set(bytes.subarray(0, this.#blockSize - offset), offset);
    this.#attempt(() => {
      this.#handle ??= openSync(this.#path, 'wx', 0o600);
      this.#window ??= new WriteWindow(this.#handle);
      this.#window.write(offset, bytes);
    });
    return undefined;
  }

  /** The image is complete; `finish` completes the file. */
  end(): undefined {
    this.#attempt(() => this.#window?.flush());
    return undefined;
  }

  /**
   * Adds superblock and tree, and closes the file. It is not synchronised with the disk.
   * @throws VeritySignError 'environment' if the file cannot be written, TypeError if the tree has another root hash
   */
  finish({ imageSize, rootHash }: Pick<VerityRoot, 'imageSize' | 'rootHash'>): void {
    const layout = fileLayout(imageSize, this.#blockSize);
    if (this.leaves.size !== (layout.dataBlocks - 1) * DIGEST_SIZE) {
      throw new TypeError(`${this.leaves.size} bytes of digests for ${layout.dataBlocks} blocks`);
    }
    const root = this.#attempt(() => this.#writeTree(layout));
    if (root !== rootHash) throw new TypeError(`the hash tree has root hash ${root} instead of ${rootHash}`);
    this.close();
  }

  /** Closes the file. A caller that has not finished it removes it. */
  close(): void {
    this.leaves.close();
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  /** Returns the root hash. */
  #writeTree(layout: FileLayout): string {
    const handle = this.#handle;
    if (handle === undefined) throw new TypeError('the file has no image');
    // The padding of the last level, too.
    ftruncateSync(handle, layout.size);
    const [uuid, blockSize] = [this.#uuid, this.#blockSize];
    writeAll(handle, veritySuperblock({ uuid, blockSize, dataBlocks: layout.dataBlocks }), layout.hashOffset);
    const first = Buffer.alloc(DIGEST_SIZE);
    this.#first.digest(blockSize, first, 0);
    let digests: Buffer = first;
    for (const [height, { offset, blocks }] of layout.levels.entries()) {
      if (height === 0) digests = this.#writeLeaves(handle, first, offset, blocks);
      else {
        writeAll(handle, digests, offset);
        digests = levelAbove(digests, blockSize);
      }
    }
    return digests.toString('hex');
  }

  /** Writes the digests of the image's blocks, and returns those of the blocks that they fill. */
  #writeLeaves(handle: number, first: Buffer, offset: number, blocks: number): Buffer {
    const above = Buffer.alloc(blocks * DIGEST_SIZE);
    let filled = 0;
    const slicer = new Slicer(this.#blockSize, (digests) => {
      filled += digests.copy(above, filled);
    });
    let at = offset;
    for (const chunk of [[first], this.leaves].values()) {
      for (const digests of chunk) {
        writeAll(handle, digests, at);
        at += digests.length;
        slicer.update(digests);
      }
    }
    slicer.flush();
    return above;
  }

  #attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new VeritySignError('environment', `cannot write ${this.#path} (${code ?? message})`, {
        remedy: 'Check write permission and free space there',
        cause: error,
      });
    }
  }
}
