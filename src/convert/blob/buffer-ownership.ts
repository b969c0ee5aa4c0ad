/** Memory of pieces that nobody has but who is given the piece. */
const OWN = new WeakSet<ArrayBufferLike>();

export function ownPiece(piece: Uint8Array): void {
  OWN.add(piece.buffer);
}

/**
 * Gives the memory of a piece back at once, if it is one's own: the garbage collector would let tens of
 * megabytes come together first. For whoever has taken all pieces before it, and is done with them.
 */
export function releasePiece({ buffer, byteOffset, length }: Uint8Array): void {
  // Behind a piece that does not reach to the end a decompressor writes on.
  if (OWN.has(buffer) && byteOffset + length === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
}
