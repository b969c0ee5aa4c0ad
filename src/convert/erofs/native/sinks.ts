/**
 * Receives an image in chunks: first the file data, from the second block on, then the other blocks, the first
 * block last. Bytes that are never written are zero.
 */
export interface ImageSink {
  /** The caller may overwrite `bytes` once the promise has resolved, or at once if there is none. */
  write(offset: number, bytes: Uint8Array): Promise<void> | undefined;
  /** Called when everything is written; the image has `size` bytes. */
  end(size: number): Promise<void> | undefined;
}

/** A dm-verity tree to which blocks are added in the order in which the builder produces them. */
export interface TreeSink {
  /** Adds the bytes that follow the first block of the image, in order. */
  update(bytes: Uint8Array): void;
  /** Pads with zeros: the next bytes begin a block. */
  pad(): void;
  /** Adds blocks that were digested before: their digests, concatenated, in chunks. */
  addLeaves(leaves: Iterable<Uint8Array>): void;
  /**
   * Copies the tree; both copies can be continued.
   * @param keeps the copy is that of the image that a sink receives
   */
  fork(keeps?: boolean): TreeSink;
  /** Adds the first block and returns the root hash as 64 hex digits. */
  finish(firstBlock: Uint8Array): string;
}

/** Digests of blocks whose place in the image is not yet known. */
export interface LeafSink extends Iterable<Uint8Array> {
  update(bytes: Uint8Array): void;
  /** Ends the data; the last block is padded with zeros. */
  end(): void;
  /** Removes what is stored outside of memory. */
  close(): void;
}

/** Creates both; convert/verity implements them. */
export interface Hashing {
  tree(blockSize: number): TreeSink;
  leaves(blockSize: number): LeafSink;
}
