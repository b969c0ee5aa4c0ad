import { inContext } from '../../errors.ts';
import { mapConcurrently } from '../../lib/concurrent.ts';
import type { Logger } from '../../logger.ts';
import type { LayerSignature } from '../../model/index.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { OpenableKey } from './signing-material.ts';

/** What signing needs besides the bytes. */
export interface SigningRun {
  key: OpenableKey;
  /** Calls of the key's holder at the same time. */
  concurrency: number;
  signal: AbortSignal;
  log: Logger;
}

/**
 * Signs each root hash once, however many layers share it: a map by root hash. What is signed is the
 * root hash as 64 lowercase hex digits, for that is what dm-verity hands to the kernel's PKCS#7 check.
 * The key is opened here, and not at all if there is nothing to sign.
 */
export async function signRootHashes(
  rootHashes: readonly string[],
  chain: CertificateChain,
  { key, concurrency, signal, log }: SigningRun,
): Promise<Map<string, LayerSignature>> {
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return new Map();
  // Loaded here: what it is made of is large, and nothing needs it while layers are converted.
  const { buildPkcs7 } = await import('../../signatures/pkcs7/build.ts');
  const signer = await key.open();
  const signed = await mapConcurrently(distinct, concurrency, signal, (rootHash, both) =>
    inContext({ layer: `root hash ${rootHash}` }, async (): Promise<[string, LayerSignature]> => {
      both.throwIfAborted();
      const signature = await signer.sign(Buffer.from(rootHash, 'ascii'), 'layer');
      return [rootHash, { rootHash, pkcs7: buildPkcs7({ signature, chain, rootHash }) }];
    }),
  );
  log.info(`${distinct.length} root hashes signed as ${chain.leaf.subject}`);
  return new Map(signed);
}
