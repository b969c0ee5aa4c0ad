import { inContext } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { buildPkcs7 } from '../pkcs7/build.ts';
import type { SigningMaterial } from './signing-material.ts';
import type { LayerSignature } from './stages.ts';

/**
 * Signs each root hash once, however many layers share it: a map by root hash. What is signed is the
 * root hash as 64 lowercase hex digits, for that is what dm-verity hands to the kernel's PKCS#7 check.
 * The key is opened here, and not at all if there is nothing to sign.
 */
export async function signRootHashes(
  rootHashes: readonly string[],
  { chain, open }: SigningMaterial,
  signal: AbortSignal,
  log: Logger,
): Promise<Map<string, LayerSignature>> {
  const signatures = new Map<string, LayerSignature>();
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return signatures;
  const signer = await open();
  for (const rootHash of distinct) {
    signal.throwIfAborted();
    const pkcs7 = await inContext({ layer: `root hash ${rootHash}` }, async () => {
      const signature = await signer.sign(Buffer.from(rootHash, 'ascii'), 'layer');
      return buildPkcs7({ signature, chain, rootHash });
    });
    signatures.set(rootHash, { rootHash, pkcs7 });
  }
  log.info(`${distinct.length} root hashes signed as ${chain.leaf.subject}`);
  return signatures;
}
