import { hash } from 'node:crypto';

/**
 * The passphrase, or null for none. PKCS#12 distinguishes none from an empty one, and programs differ in
 * which of the two they write for "no passphrase".
 */
export type Passphrase = string | null;

/** Bytes of each digest, and of the blocks that it works on. */
export const PKCS12_DIGESTS = {
  sha1: { digestBytes: 20, blockBytes: 64 },
  sha256: { digestBytes: 32, blockBytes: 64 },
  sha384: { digestBytes: 48, blockBytes: 128 },
  sha512: { digestBytes: 64, blockBytes: 128 },
} as const;
export type Pkcs12Digest = keyof typeof PKCS12_DIGESTS;

/** What a key is for: the `ID` of the derivation. [RFC 7292, B.3] */
export const [FOR_KEY, FOR_IV, FOR_MAC] = [1, 2, 3] as const;

interface Derivation {
  digest: Pkcs12Digest;
  id: number;
  /** At least 1. */
  iterations: number;
  /** Length of the result. */
  bytes: number;
}

/**
 * The key derivation of PKCS#12. forge has it too, but hashes in JavaScript, which takes many times as long.
 * [RFC 7292, B.2]
 */
export function pkcs12Key(
  passphrase: Passphrase,
  salt: Uint8Array,
  { digest, id, iterations, bytes }: Derivation,
): Buffer {
  const { blockBytes } = PKCS12_DIGESTS[digest];
  const diversifier = Buffer.alloc(blockBytes, id);
  const input = Buffer.concat([
    filled(salt, blockBytes),
    filled(passphrase === null ? Buffer.alloc(0) : bmpString(passphrase), blockBytes),
  ]);
  const parts: Buffer[] = [];
  for (let length = 0; length < bytes; ) {
    let part = hash(digest, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round++) part = hash(digest, part, 'buffer');
    parts.push(part);
    length += part.length;
    const addend = filled(part, blockBytes).subarray(0, blockBytes);
    for (let at = 0; at < input.length; at += blockBytes) add(input.subarray(at, at + blockBytes), addend);
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

/** Copies of the bytes that fill whole blocks; nothing for nothing. */
function filled(bytes: Uint8Array, blockBytes: number): Buffer {
  const length = Math.ceil(bytes.length / blockBytes) * blockBytes;
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** UTF-16, big-endian, with two zeros at its end. */
function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

/** `block = block + addend + 1`, as big-endian numbers, without the carry. */
function add(block: Buffer, addend: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at--) {
    carry += (block[at] ?? 0) + (addend[at] ?? 0);
    block[at] = carry & 0xff;
    carry >>= 8;
  }
}
