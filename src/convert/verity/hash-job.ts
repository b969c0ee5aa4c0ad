import { createHash } from 'node:crypto';
import type { ImageFile, VerityRoot } from '../../model/index.ts';
import { BlockDigester } from './block-digester.ts';
import { fanOutOf, levelAbove } from './hash-tree.ts';
import { ImageReader } from './image-reader.ts';
import { DIGEST_SIZE } from './params.ts';

/** Bytes of the image that a thread hashes at a time: whole blocks of the first level above the leaves. */
export const SHARE = 1024 * 1024;

/** An image that several threads hash together; they share the memory of `control` and `level`. */
export interface HashJob {
  files: readonly ImageFile[];
  /** Bytes of all files together. */
  size: number;
  blockSize: VerityRoot['blockSize'];
  /** Also compute the SHA-256 of the image. */
  imageDigest: boolean;
  /**
   * Int32 each: the next free share, whether to stop, whether a thread computes the image's digest, and how
   * many shares are done.
   */
  control: SharedArrayBuffer;
  /** Digests of the first level above the leaves; each share fills its own part. */
  level: SharedArrayBuffer;
}

const NEXT = 0;
const STOP = 1;
const DIGEST_TAKEN = 2;
const DONE = 3;

export function newHashJob(
  files: readonly ImageFile[],
  blockSize: VerityRoot['blockSize'],
  imageDigest: boolean,
): HashJob {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const blocks = Math.ceil(size / blockSize);
  return {
    files,
    size,
    blockSize,
    imageDigest,
    control: new SharedArrayBuffer(16),
    level: new SharedArrayBuffer(Math.ceil(blocks / fanOutOf(blockSize)) * DIGEST_SIZE),
  };
}

export function stopHashJob({ control }: HashJob): void {
  Atomics.store(new Int32Array(control), STOP, 1);
}

/** Whether every share has been hashed: only then is `level` complete. */
export function isComplete({ control, size }: HashJob): boolean {
  return Atomics.load(new Int32Array(control), DONE) === Math.ceil(size / SHARE);
}

/** The result of one thread's part in a job. */
export interface HashResult {
  /** 64 lowercase hex digits, from the thread that digested the image. */
  imageSha256?: string;
}

/** One thread's part in a job. */
export class HashWork {
  readonly result: HashResult = {};
  readonly #job: HashJob;
  readonly #control: Int32Array;
  readonly #reader: ImageReader;
  readonly #level: Buffer;
  readonly #digester: BlockDigester;
  readonly #leaves: Buffer;

  /** Throws if a file cannot be opened. */
  constructor(job: HashJob) {
    this.#job = job;
    this.#control = new Int32Array(job.control);
    this.#reader = new ImageReader(job.files);
    this.#level = Buffer.from(job.level);
    const blocks = Math.ceil(Math.min(SHARE, job.size) / job.blockSize);
    this.#digester = new BlockDigester(job.blockSize, blocks);
    this.#leaves = Buffer.alloc(blocks * DIGEST_SIZE);
  }

  /**
   * Computes the image's digest, which cannot be shared, if it is wanted and no other thread does. It blocks
   * the thread until it is done.
   */
  digestWhole(): void {
    if (!this.#job.imageDigest || Atomics.exchange(this.#control, DIGEST_TAKEN, 1) !== 0) return;
    const digesting = this.digestInSteps();
    while (!digesting.next().done);
  }

  /** The same in steps of one share each. */
  *digestInSteps(): Generator<void> {
    const { size } = this.#job;
    const whole = createHash('sha256');
    const buffer = Buffer.alloc(Math.min(SHARE, size));
    for (let from = 0; from < size && Atomics.load(this.#control, STOP) === 0; from += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, size - from));
      this.#reader.read(chunk, from);
      whole.update(chunk);
      yield;
    }
    this.result.imageSha256 = whole.digest('hex');
  }

  /**
   * Hashes the next free share. Returns false if there is none or the job is stopped; throws if a file cannot
   * be read.
   */
  takeShare(): boolean {
    const { size, blockSize } = this.#job;
    const share = Atomics.add(this.#control, NEXT, 1);
    const from = share * SHARE;
    if (from >= size || Atomics.load(this.#control, STOP) !== 0) return false;
    const length = Math.min(SHARE, size - from);
    this.#reader.read(this.#digester.data.subarray(0, length), from);
    const leaves = this.#leaves.subarray(0, this.#digester.digest(length, this.#leaves, 0));
    // A single block has no level above it: its digest is the root hash.
    const above = size <= blockSize ? leaves : levelAbove(leaves, blockSize);
    this.#level.set(above, (from / blockSize / fanOutOf(blockSize)) * DIGEST_SIZE);
    Atomics.add(this.#control, DONE, 1);
    return true;
  }

  close(): void {
    this.#reader.close();
  }
}
