/**
 * Where an image goes, in pieces and in no order: file data first, from the second block on, then the
 * other blocks, the first one last. What is never written is zero.
 */
export interface ImageSink {
  /** `bytes` belong to the caller again once the promise has resolved, or the call has returned none. */
  write(offset: number, bytes: Uint8Array): Promise<void> | undefined;
  /** Everything is written; the image has `size` bytes. */
  end(size: number): Promise<void> | undefined;
}

/** A dm-verity tree that is built in the order in which the builder has the blocks. */
export interface TreeSink {
  /** Takes what follows the first block of the image, in order. */
  update(bytes: Uint8Array): void;
  /** What comes next begins a block. */
  pad(): void;
  /** Takes blocks that were digested before: digests one after another, in pieces. */
  addLeaves(leaves: Iterable<Uint8Array>): void;
  /** A tree that goes its own way from here. */
  fork(): TreeSink;
  /** Takes the first block and gives the root hash as 64 hex digits. */
  finish(firstBlock: Uint8Array): string;
}

/** Digests blocks whose number is not known yet. */
export interface LeafSink extends Iterable<Uint8Array> {
  update(bytes: Uint8Array): void;
  /** The bytes are over; the last block is filled with zeros. */
  end(): void;
  /** Sets free what it holds outside of memory. */
  close(): void;
}

/** How to make them; the verity stage has both. */
export interface Hashing {
  tree(blockSize: number): TreeSink;
  leaves(blockSize: number): LeafSink;
}
