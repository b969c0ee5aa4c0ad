import { join } from 'node:path';
import { readRegular } from '../../../lib/read-regular.ts';
import { openFolder } from './open-folder.ts';
import { publishFile, syncFolder } from './publish-file.ts';

/** Folder of the signatures in a layer cache. */
export const SIGNATURES = 'signatures';

/** Path of a signature in a folder, as `veritysetup open --root-hash-signature` takes it. */
export function signaturePath(folder: string, rootHash: string): string {
  return join(folder, `${rootHash}.p7s`);
}

/**
 * Writes signatures as `ROOT HASH.p7s`, DER, each at once or not at all. A folder that does not exist is created, and
 * what killed runs left there is removed.
 * @param signatures PKCS#7 by root hash
 * @returns how many were written: not those that were there with the same bytes
 * @throws VeritySignError 'environment'
 */
export async function writeSignatures(
  folder: string,
  signatures: ReadonlyMap<string, Uint8Array>,
): Promise<number> {
  await openFolder(folder);
  let written = 0;
  for (const [rootHash, pkcs7] of signatures) {
    const path = signaturePath(folder, rootHash);
    const found = await readRegular(path, pkcs7.length).catch(() => undefined);
    if (found?.equals(pkcs7) === true) continue;
    await publishFile(path, pkcs7);
    written += 1;
  }
  if (written > 0) await syncFolder(folder);
  return written;
}
