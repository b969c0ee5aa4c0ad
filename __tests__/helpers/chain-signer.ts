/** Signs by a chain as it is, without the checks of `sign`. */
import { sign } from 'node:crypto';
import type { RawSignature } from '../../src/model/signing.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import type { Written } from './der-pki.ts';

export type Chain = readonly Written[];

/** By the key of the leaf, which is on P-256. */
export function signer([leaf]: Chain): (bytes: Uint8Array) => Promise<RawSignature> {
  if (leaf === undefined) throw new TypeError('an empty chain');
  return async (bytes) => ({
    scheme: 'ecdsa-der',
    digest: 'sha256',
    value: sign('sha256', bytes, leaf.key),
  });
}

/** The PKCS#7 signature of one root hash. */
export async function layerPkcs7(chain: Chain, rootHash: string): Promise<Uint8Array> {
  const [leaf, ...issuers] = chain.map(({ certificate }) => certificate);
  if (leaf === undefined) throw new TypeError('an empty chain');
  const root = issuers.pop();
  const signature = await signer(chain)(Buffer.from(rootHash));
  return buildPkcs7({ signature, chain: { leaf, intermediates: issuers, root, warnings: [] }, rootHash });
}
