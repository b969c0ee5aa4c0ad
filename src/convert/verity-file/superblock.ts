import { ALGORITHM, SALT } from '../verity/params.ts';

/** Bytes. */
export const SUPERBLOCK_SIZE = 512;
const SIGNATURE = Buffer.from('verity\0\0', 'latin1');
const VERSION = 1;
/** The salt comes before the data. */
const HASH_TYPE = 1;

export interface SuperblockFields {
  /** No reader of a layer uses it, but containerd refuses one that is zero. */
  uuid: string;
  /** Bytes of a data block, and of a hash block. */
  blockSize: number;
  dataBlocks: number;
}

/** The superblock of a dm-verity hash area. [cryptsetup, lib/verity/verity.c, struct verity_sb] */
export function veritySuperblock({ uuid, blockSize, dataBlocks }: SuperblockFields): Buffer {
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  SIGNATURE.copy(bytes, 0);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(HASH_TYPE, 12);
  Buffer.from(uuid.replaceAll('-', ''), 'hex').copy(bytes, UUID_AT);
  bytes.write(ALGORITHM, 32, 'latin1');
  bytes.writeUInt32LE(blockSize, 64);
  bytes.writeUInt32LE(blockSize, 68);
  bytes.writeBigUInt64LE(BigInt(dataBlocks), 72);
  bytes.writeUInt16LE(SALT.length, 80);
  SALT.copy(bytes, 88);
  return bytes;
}

const UUID_AT = 16;
const UUID_END = 32;

/** Whether a superblock has these parameters, whatever its UUID. */
export function hasParameters(superblock: Buffer, fields: Omit<SuperblockFields, 'uuid'>): boolean {
  const expected = veritySuperblock({ ...fields, uuid: superblock.toString('hex', UUID_AT, UUID_END) });
  return superblock.equals(expected);
}
