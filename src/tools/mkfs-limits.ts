import { availableParallelism } from 'node:os';
import type { Limits } from '../lib/process/confinement/limits.ts';

const MIB = 2 ** 20;
/** Private memory for a layer of any size. mkfs.erofs needs 0.6 KiB for a file, and 2.6 KiB for a folder. */
const BASE_MEMORY = 160 * MIB;
/** Further memory for each byte of the compressed layer: a file takes 50 bytes there or more. */
const MEMORY_PER_BYTE = 8;
/** No more memory is added for larger layers. */
const COUNTED_SIZE = 128 * MIB;
/** For each thread that compresses: its buffers, and the dictionary of LZMA. */
const COMPRESSION_MEMORY = 128 * MIB;
/** Address space beyond that: libraries, and what the C library reserves for the memory of each thread. */
const RESERVED = 512 * MIB;
const RESERVED_PER_THREAD = 80 * MIB;
/** Shares of the timeout: processor time for a layer of any size, and for each MiB of a compressed layer. */
const BASE_TIME = 1 / 40;
const TIME_PER_MIB = 1 / 300;
/** Seconds. */
const LEAST_TIME = 2;
/** mkfs.erofs makes its output a sparse file of 2 TiB first, and keeps the tar's data in the second half. */
const SPARSE_SIZE = 4 * 2 ** 40;
/**
 * Beside the threads that compress: mkfs.erofs, its own thread, unshare and the shell that wait for it. Memory is limited
 * for each process, so that a low number bounds what all of them can take.
 */
const OTHER_PROCESSES = 8;

/** What decides how much a run of mkfs.erofs may need. */
export interface Need {
  /** Bytes of the compressed layer. */
  blobSize: number;
  /** Milliseconds. */
  timeout: number;
  /** Maximum size of the uncompressed tar, in bytes. */
  maxTarSize: number;
  /** Whether it compresses, which it does in one thread for each processor. */
  compresses: boolean;
}

/**
 * Limits that ordinary layers do not reach. A small layer can describe millions of folders, or files that take
 * quadratic time, so memory and processor time grow with the size of what was downloaded.
 */
export function mkfsLimits({ blobSize, timeout, maxTarSize, compresses }: Need): Limits {
  const threads = compresses ? availableParallelism() : 0;
  const memory =
    BASE_MEMORY + MEMORY_PER_BYTE * Math.min(blobSize, COUNTED_SIZE) + threads * COMPRESSION_MEMORY;
  const seconds = (timeout / 1000) * (BASE_TIME + (blobSize / MIB) * TIME_PER_MIB);
  return {
    memory,
    addressSpace: memory + RESERVED + (threads + 2) * RESERVED_PER_THREAD,
    processorSeconds: Math.max(
      LEAST_TIME,
      Math.ceil(compresses ? timeout / 1000 : Math.min(seconds, timeout / 1000)),
    ),
    fileSize: SPARSE_SIZE + maxTarSize,
    processes: OTHER_PROCESSES + threads,
  };
}
