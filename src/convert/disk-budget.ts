import { statfs } from 'node:fs/promises';
import type { ImageLayer } from '../model/index.ts';

/** A tar is about three times as large as its gzip blob; more is a layer that compresses well. */
const EXPANSION = 4;
/** Of the free space, what others may need. */
const USABLE = 0.9;

/** Lets layers be converted side by side as far as their images have room on the disk; one always may. */
export class DiskBudget {
  readonly #usable: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #taken = 0;

  /** `usable` in bytes. */
  constructor(usable: number) {
    this.#usable = usable;
  }

  /** Of the file system that holds `folder`. */
  static async of(folder: string): Promise<DiskBudget> {
    const { bavail, bsize } = await statfs(folder);
    return new DiskBudget(bavail * bsize * USABLE);
  }

  /** Runs `work`, which takes about so many bytes, once there is room. */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    while (this.#running > 0 && this.#taken + bytes > this.#usable) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
    this.#taken += bytes;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#taken -= bytes;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

/** Bytes that `images` images of a layer may take together: an estimate, for nothing tells it ahead. */
export function likelySize({ compression, descriptor }: ImageLayer, images: number): number {
  return descriptor.size * (compression === 'none' ? 1 : EXPANSION) * images;
}
