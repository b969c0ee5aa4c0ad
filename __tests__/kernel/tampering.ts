import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../../scripts/kernel/disk.ts';
import { GREET } from './images.ts';
import { guestLayer, withHashTree } from './node-layers.ts';
import type { SignedStack } from './stacks.ts';

/** What an attacker can do who may write to the node's disk: variant → meaning. */
export const TAMPERING = {
  intact: 'nothing, for comparison',
  modified: 'changes the program in the layer',
  'new-tree': 'changes it, makes a new hash tree and gives its root hash, with the old signature',
  'new-tree-unsigned': 'the same, without any signature',
  'no-verity': 'changes it and has the layer mounted without dm-verity',
} as const;

const BEFORE = 'greet: original';
const AFTER = 'greet: modified';

/**
 * Puts the variants of the stack's lowest layer on the disk, with signatures if the stack has them; the guest tries
 * the program in each.
 */
export async function addTampering(disk: Disk, stack: SignedStack, folder: string): Promise<void> {
  const [layer] = stack.layers;
  const [signature] = stack.signatures;
  if (layer === undefined) throw new Error('there is no layer to tamper with');
  const bytes = await readFile(layer.path);
  const at = bytes.indexOf(BEFORE);
  if (at === -1 || at !== bytes.lastIndexOf(BEFORE)) throw new Error('the program is not in its layer, once');
  bytes.write(AFTER, at);
  const modified = join(folder, 'modified.img');
  await writeFile(modified, bytes);

  const image = join(folder, 'modified.erofs');
  await writeFile(image, bytes.subarray(0, layer.hashOffset));
  const rehashed = await withHashTree(image, join(folder, 'new-tree.img'), layer.blockSize);

  await disk.layer('tampered/intact', guestLayer(layer, signature));
  await disk.layer('tampered/modified', { ...guestLayer(layer, signature), path: modified });
  await disk.layer('tampered/new-tree', { ...guestLayer(rehashed), signature: signature?.pkcs7 });
  await disk.layer('tampered/new-tree-unsigned', guestLayer(rehashed));
  await disk.plain('tampered/no-verity', modified);
  for (const variant of Object.keys(TAMPERING)) disk.step('tampered', variant, GREET);
}
