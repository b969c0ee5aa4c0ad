import { crc32cRegister } from '../../../../lib/crc32c.ts';
import type { Layout } from './layout.ts';

const OFFSET = 1024;
const SIZE = 128;
const MAGIC = 0xe0f5e1e2;
const COMPAT = { checksum: 1, mtime: 2, xattrFilter: 4 } as const;
const INCOMPAT_DEVICES = 8;
const CHECKSUM = 4;

/** Bytes at the beginning without inodes; the device table follows the superblock. */
export const RESERVED = { withoutDevices: OFFSET + SIZE, withTar: OFFSET + 2 * SIZE } as const;

export interface SuperblockFacts {
  layout: Layout;
  blockSize: number;
  /** 16 bytes. */
  uuid: Buffer;
  /** 16 bytes, from a volume header of the tar. */
  volumeName: Buffer | undefined;
  /** Index of the root inode. */
  rootNid: number;
  /** The first block with the superblock has a checksum. */
  checksum: boolean;
  /** Bytes of the tar, if it is the data device. */
  tarSize: bigint | undefined;
}

/**
 * Writes the superblock and the device slot of the tar into the first blocks of the image, then the checksum
 * of the first block: the inodes in it must be written before.
 * [Linux fs/erofs/erofs_fs.h; erofs-utils, lib/super.c]
 */
export function writeSuperblock(head: Buffer, facts: SuperblockFacts): void {
  const { layout, blockSize, tarSize } = facts;
  const at = (field: number): number => OFFSET + field;
  head.writeUInt32LE(MAGIC, at(0));
  const compat = [
    COMPAT.mtime,
    facts.checksum ? COMPAT.checksum : 0,
    layout.filters ? COMPAT.xattrFilter : 0,
  ];
  head.writeUInt32LE(
    compat.reduce((bits, bit) => bits | bit),
    at(8),
  );
  head.writeUInt8(Math.log2(blockSize), at(12));
  head.writeUInt16LE(facts.rootNid & 0xffff, at(14));
  head.writeUInt32LE(layout.inodeCount, at(16));
  head.writeUInt32LE(layout.totalBlocks, at(36));
  head.writeUInt32LE(layout.metaBlock, at(40));
  facts.uuid.copy(head, at(48));
  facts.volumeName?.copy(head, at(64));
  if (tarSize !== undefined) {
    head.writeUInt32LE(INCOMPAT_DEVICES, at(80));
    head.writeUInt16LE(1, at(86));
    // Slots are numbered from the beginning of the image.
    head.writeUInt16LE((OFFSET + SIZE) / SIZE, at(88));
    const slot = OFFSET + SIZE;
    head.writeUInt32LE(Number((tarSize + BigInt(blockSize) - 1n) / BigInt(blockSize)), slot + 64);
    head.writeUInt32LE(layout.totalBlocks, slot + 68);
  }
  if (!facts.checksum) return;
  const end = blockSize > OFFSET ? blockSize : OFFSET + blockSize;
  head.writeUInt32LE(crc32cRegister(head.subarray(OFFSET, end)), at(CHECKSUM));
}
