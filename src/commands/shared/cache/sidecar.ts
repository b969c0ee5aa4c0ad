import * as z from 'zod';
import type { VerityRoot } from '../../../model/index.ts';

/** What containerd keeps beside an image with a hash tree. */
export interface Sidecar {
  rootHash: string;
  /** Bytes: where the dm-verity superblock is, and the padded image ends. */
  hashOffset: number;
}

/** Far more than containerd writes. */
export const MOST_SIDECAR_BYTES = 64 * 1024;

const sidecar = z.object({
  roothash: z.string().regex(/^[0-9a-f]{64}$/),
  hashoffset: z.int().positive(),
});

/** The text of a `.dmverity` file, byte for byte as containerd writes it. [containerd, internal/dmverity] */
export function sidecarText({ rootHash, dataSize }: VerityRoot): string {
  return JSON.stringify({ roothash: rootHash, hashoffset: dataSize }, undefined, 2);
}

/** Undefined for anything that is not the text of a `.dmverity` file. */
export function readSidecar(text: string): Sidecar | undefined {
  try {
    const { roothash, hashoffset } = sidecar.parse(JSON.parse(text));
    return { rootHash: roothash, hashOffset: hashoffset };
  } catch {
    return undefined;
  }
}
