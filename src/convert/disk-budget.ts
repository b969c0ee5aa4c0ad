import { statfs } from 'node:fs/promises';
import type { ImageLayer } from '../model/index.ts';

/** A tar is about three times as large as its gzip blob, or larger if it compresses well. */
const EXPANSION = 4;
/** Share of the free space that is used; other programs may need the rest. */
const USABLE = 0.9;

/** Limits concurrent conversions to those whose images fit on the disk; one is always allowed. */
export class DiskBudget {
  readonly #usable: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #reserved = 0;

  /** @param usable bytes */
  constructor(usable: number) {
    this.#usable = usable;
  }

  /** The budget of the file system that contains `folder`. */
  static async of(folder: string): Promise<DiskBudget> {
    const { bavail, bsize } = await statfs(folder);
    return new DiskBudget(bavail * bsize * USABLE);
  }

  /** Runs `work`, which needs about `bytes`, once there is room. */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    while (this.#running > 0 && this.#reserved + bytes > this.#usable) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
    this.#reserved += bytes;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#reserved -= bytes;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

/** Estimated bytes of `images` images of a layer together. */
export function likelySize({ compression, descriptor }: ImageLayer, images: number): number {
  return descriptor.size * (compression === 'none' ? 1 : EXPANSION) * images;
}
