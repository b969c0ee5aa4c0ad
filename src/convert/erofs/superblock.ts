import { VeritySignError } from '../../errors.ts';

/** The superblock of an EROFS image, as far as it identifies the image. [Linux fs/erofs/erofs_fs.h] */
export interface ErofsSuperblock {
  uuid: string;
  /** Bytes that the file system has at least; devices that follow it do not count. */
  size: number;
}

const OFFSET = 1024;
const MAGIC = 0xe0f5e1e2;
/** Bytes of an image that contain its superblock. */
export const SUPERBLOCK_END = OFFSET + 128;

/**
 * Reads the superblock of an image.
 * @param head the first bytes of the image
 * @param found what the bytes are if they are no EROFS image, such as `a plain tar`
 * @throws VeritySignError 'image' if there is none
 */
export function readSuperblock(head: Buffer, found: string): ErofsSuperblock {
  if (head.length === 0) throw damaged('it is empty');
  if (!isErofs(head)) {
    throw new VeritySignError('image', `the media type says an EROFS image, but the layer is ${found}`, {
      remedy: 'Build the image again with media types that match its layers',
    });
  }
  const blockBits = head.readUInt8(OFFSET + 12);
  // mkfs.erofs makes blocks of 512 bytes to 64 KiB.
  if (blockBits < 9 || blockBits > 16) {
    throw damaged(`its blocks have 2^${blockBits} bytes`);
  }
  const hex = head.toString('hex', OFFSET + 48, OFFSET + 64);
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { uuid: uuid.join('-'), size: head.readUInt32LE(OFFSET + 36) * 2 ** blockBits };
}

/** Whether the first bytes of a file are those of an EROFS image. */
export function isErofs(head: Buffer): boolean {
  return head.length >= SUPERBLOCK_END && head.readUInt32LE(OFFSET) === MAGIC;
}

/**
 * Returns the superblock.
 * @param size bytes of the image
 * @throws VeritySignError 'image' if the image is shorter than its superblock says
 */
export function checkImageSize(superblock: ErofsSuperblock, size: number): ErofsSuperblock {
  if (superblock.size <= size) return superblock;
  throw damaged(`it has ${size} bytes, and its superblock says ${superblock.size}: it is truncated`);
}

function damaged(what: string): VeritySignError {
  return new VeritySignError('image', `the layer is a damaged EROFS image: ${what}`, {
    remedy: 'Convert the image again, and push it again from its source',
  });
}
