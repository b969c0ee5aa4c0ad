/**
 * Limits of what a layer may describe. A small download can expand to millions of names, so that the memory and time
 * of a layer must not grow with the tar alone. Ordinary layers reach none of them.
 */

/** Bytes of the names and link targets of a layer, all of which are in memory until the image is written. */
export const MAX_NAME_BYTES = 48 * 1024 * 1024;

/** Names in the paths of all entries, of which long ones count as several: a global PAX path is walked again for each entry. */
export const MAX_WALKED_NAMES = 64_000_000;

/** Files and directories in a layer of any size; each takes about 100 bytes of memory for each release that is built. */
const BASE_INODES = 150_000;
/** The same if several releases are built side by side. */
const BASE_INODES_OF_SEVERAL = 75_000;
/** Bytes of a compressed layer for each further one. An ordinary file takes 50 or more, a link 25. */
const BYTES_PER_INODE = 40;

/**
 * Maximum number of files and directories.
 * @param blobSize bytes of the compressed layer
 * @param releases that are built side by side
 */
export function maxInodes(blobSize: number, releases = 1): number {
  const base = releases > 1 ? BASE_INODES_OF_SEVERAL : BASE_INODES;
  return base + Math.floor(blobSize / BYTES_PER_INODE);
}

/** Maximum number of names for each file that a layer may have: hard links take less of a compressed layer. */
export const NAMES_PER_INODE = 2;
