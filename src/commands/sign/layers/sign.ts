import { inContext } from '../../../errors.ts';
import { mapConcurrently } from '../../../lib/concurrent.ts';
import type { LayerSignature } from '../../../model/index.ts';
import { buildPkcs7 } from '../../../signatures/pkcs7/build.ts';
import type { CertificateChain } from '../../../signatures/pkcs7/signing-chain.ts';
import type { OpenableKey } from '../signing-context.ts';

/** How to call the holder of the key. */
export interface SigningCalls {
  key: OpenableKey;
  /** Maximum number of concurrent calls. */
  concurrency: number;
  signal: AbortSignal;
}

/**
 * Signs each root hash once, however many layers share it: a map by root hash. The signed bytes are the
 * root hash as 64 lowercase hex digits, because dm-verity hands these to the kernel's PKCS#7 check.
 * The key is opened here, and only if there is something to sign.
 */
export async function signRootHashes(
  rootHashes: readonly string[],
  chain: CertificateChain,
  { key, concurrency, signal }: SigningCalls,
): Promise<Map<string, LayerSignature>> {
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return new Map();
  const signer = await key.open();
  const signed = await mapConcurrently(distinct, concurrency, signal, (rootHash, both) =>
    inContext({ layer: `root hash ${rootHash}` }, async (): Promise<[string, LayerSignature]> => {
      both.throwIfAborted();
      const signature = await signer.sign(Buffer.from(rootHash, 'ascii'), 'layer');
      return [rootHash, { rootHash, pkcs7: buildPkcs7({ signature, chain, rootHash }) }];
    }),
  );
  return new Map(signed);
}
