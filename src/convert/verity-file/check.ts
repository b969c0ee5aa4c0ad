import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { VeritySignError } from '../../errors.ts';
import { BlockDigester } from '../verity/block-digester.ts';
import { DIGEST_SIZE } from '../verity/params.ts';
import { fileLayout } from './layout.ts';
import { hasParameters, SUPERBLOCK_SIZE } from './superblock.ts';

/** Where an EROFS image has its UUID. [Linux fs/erofs/erofs_fs.h, struct erofs_super_block] */
const EROFS_UUID = { at: 1024 + 48, size: 16 };

export interface ExpectedFile {
  /** Bytes of the padded image. */
  hashOffset: number;
  blockSize: 512 | 4096;
  /** UUID of the EROFS image; any if it is absent. */
  uuid?: string;
  rootHash: string;
}

/**
 * Why a file is not a complete image with superblock and hash tree; undefined if it is one, as far as a few blocks
 * show: its size, the parameters in the superblock, the UUID of the image, and that the top block of the tree has the
 * root hash. Neither the rest of the tree nor the image is read: the kernel does that on every access.
 */
export async function whyIncomplete(path: string, expected: ExpectedFile): Promise<string | undefined> {
  const { hashOffset, blockSize, uuid, rootHash } = expected;
  const layout = fileLayout(hashOffset, blockSize);
  let file: FileHandle;
  try {
    // A FIFO opens at once.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) return 'is no file';
    if (found.size !== layout.size) return `has ${found.size} bytes instead of ${layout.size}`;
    const superblock = await read(file, hashOffset, SUPERBLOCK_SIZE);
    if (!hasParameters(superblock, { blockSize, dataBlocks: layout.dataBlocks })) {
      return 'has another dm-verity superblock';
    }
    const own = await read(file, EROFS_UUID.at, EROFS_UUID.size);
    if (uuid !== undefined && own.toString('hex') !== uuid.replaceAll('-', '')) {
      return 'has the image of another layer';
    }
    const digester = new BlockDigester(blockSize, 1);
    const top = layout.levels.at(-1)?.offset ?? 0;
    (await read(file, top, blockSize)).copy(digester.data);
    const digest = Buffer.alloc(DIGEST_SIZE);
    digester.digest(blockSize, digest, 0);
    return digest.toString('hex') === rootHash ? undefined : 'has another root hash';
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead === length) return buffer;
  throw new VeritySignError('environment', 'a file of the layer cache became shorter while it was read', {
    remedy: 'Run again when no other program changes the folder',
  });
}
