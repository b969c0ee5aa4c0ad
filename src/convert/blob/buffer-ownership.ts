/** Buffers whose memory belongs to the receiver of a chunk alone. */
const OWNED = new WeakSet<ArrayBufferLike>();

/** Declares that the receiver of this chunk owns all of its memory. */
export function markOwned(chunk: Uint8Array): void {
  OWNED.add(chunk.buffer);
}

/**
 * Frees the memory of an owned chunk at once, where the garbage collector would let tens of megabytes
 * accumulate first. The caller must have finished with it and with all chunks before it.
 */
export function releaseOwned({ buffer, byteOffset, length }: Uint8Array): void {
  // A decompressor goes on writing behind a chunk that does not reach the end of its buffer.
  if (OWNED.has(buffer) && byteOffset + length === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
}
