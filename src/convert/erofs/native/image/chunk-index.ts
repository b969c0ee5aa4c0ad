import { unsupported } from '../../../tar/refusals.ts';
import { FLAG, type InodeTable } from '../tree/inode-table.ts';
import { put16, put32 } from './put.ts';

/** Block size of a tar index, and of the tar as its data device. */
export const TAR_INDEX_BLOCK = 512;
const BLOCK_BITS = 9;
/** The format has five bits for the bits of a chunk above those of a block. */
const MAX_BITS = BLOCK_BITS + 31;
const WITH_INDEXES = 0x20;
const RECORD = 8;
const TAR_DEVICE = 1;

function chunkBits(size: number): number {
  return Math.min(Math.max(BLOCK_BITS, Math.ceil(Math.log2(size))), MAX_BITS);
}

/**
 * Leaves a file's data in the tar: normally one chunk as large as the file.
 * [erofs-utils, lib/blobchunk.c, tarerofs_write_chunkes]
 */
export function placeInTar(inodes: InodeTable, inode: number, size: number, dataOffset: number): void {
  const block = dataOffset / TAR_INDEX_BLOCK;
  if (block + size / TAR_INDEX_BLOCK > 0xffffffff) throw unsupported('its tar has 2 TiB or more');
  const format = (chunkBits(size) - BLOCK_BITS) | WITH_INDEXES;
  inodes.setUnion(inode, (inodes.union(inode) | format) >>> 0);
  inodes.setFirst(inode, block);
  inodes.setFlag(inode, FLAG.chunked);
}

function chunkCount(size: number): number {
  return Math.ceil(size / 2 ** chunkBits(size));
}

/** Bytes of an inode with its chunk index, if it has one; its other parts have `body` bytes. */
export function chunkIndexSize(inodes: InodeTable, inode: number, body: number): number {
  if (!inodes.has(inode, FLAG.chunked)) return body;
  return Math.ceil(body / 8) * 8 + RECORD * chunkCount(inodes.size(inode));
}

/** Writes the records of the inode, whose other parts end at `at`. */
export function writeChunkIndex(inodes: InodeTable, inode: number, target: Buffer, at: number): void {
  const size = inodes.size(inode);
  const step = 2 ** (chunkBits(size) - BLOCK_BITS);
  let record = Math.ceil(at / 8) * 8;
  for (let chunk = 0; chunk < chunkCount(size); chunk++, record += RECORD) {
    put16(target, record + 2, TAR_DEVICE);
    put32(target, record + 4, inodes.first(inode) + chunk * step);
  }
}
