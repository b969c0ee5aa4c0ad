import { signaturePath } from '../shared/cache/signature-folder.ts';
import type { LayerFile } from './find-layers.ts';

/** Digits of the root hash in the name of a device. */
const DIGITS = 12;

/** Name of a layer's device under /dev/mapper. */
export function deviceName(rootHash: string): string {
  return `verity-sign-${rootHash.slice(0, DIGITS)}`;
}

/**
 * The command that opens a layer with its signature, as words. Sizes and salt come from the superblock in the file; the
 * root hash covers what they lead to.
 * @param folder of the signatures
 */
export function openCommand({ path, rootHash, hashOffset }: LayerFile, folder: string): string[] {
  return [
    'veritysetup',
    'open',
    `--hash-offset=${hashOffset}`,
    `--root-hash-signature=${signaturePath(folder, rootHash)}`,
    path,
    deviceName(rootHash),
    path,
    rootHash,
  ];
}
