import { DigestStore } from './digest-store.ts';
import { Slicer } from './slicer.ts';

/** Bytes of digests that stay in memory: those of 1 GiB in blocks of 512. */
const IN_MEMORY = 64 * 1024 * 1024;

/**
 * The leaf digests of data whose place in the image is not yet known: 32 bytes for each block, in memory up
 * to a limit and then in a file. It must be closed.
 */
export class LeafDigests {
  #slicer: Slicer | undefined;
  readonly #blockSize: number;
  readonly #digests: DigestStore;

  /**
   * @param folder private folder for the file
   * @param inMemory bytes of digests to keep in memory, a multiple of 1 MiB
   */
  constructor(blockSize: number, folder: string, inMemory = IN_MEMORY) {
    this.#blockSize = blockSize;
    this.#digests = new DigestStore(folder, inMemory);
  }

  update(bytes: Uint8Array): void {
    this.#slicer ??= new Slicer(this.#blockSize, (digests) => this.#digests.add(digests));
    this.#slicer.update(bytes);
  }

  end(): void {
    this.#slicer?.flush();
  }

  /** All digests in order, in chunks, each valid until the next one; can be iterated more than once. */
  [Symbol.iterator](): Iterator<Buffer> {
    return this.#digests[Symbol.iterator]();
  }

  /** Removes the file, if there is one. */
  close(): void {
    this.#digests.close();
  }
}
