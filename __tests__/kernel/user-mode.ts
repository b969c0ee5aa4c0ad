import { VeritySignError } from '../../src/errors.ts';
import { parsePkcs7 } from '../../src/pkcs7/parse.ts';
import { buildTrustPath, loadTrustAnchors } from '../../src/pkcs7/trust.ts';
import { verifySignature } from '../../src/pkcs7/verify.ts';
import { HashTree } from '../../src/verity/hash-tree.ts';

export interface Presented {
  signature: Uint8Array | undefined;
  rootHash: string;
  /** The EROFS image, padded to whole blocks, without its hash tree. */
  image: Uint8Array;
  blockSize: number;
}

/** What verification outside the kernel says to a layer: `accepted`, or why not. */
export function userModeVerdict(presented: Presented, trustedPem: string, now: Date): string {
  const { signature, rootHash, image, blockSize } = presented;
  if (signature === undefined) return 'there is no signature';
  try {
    const parsed = parsePkcs7(signature);
    verifySignature(parsed, rootHash);
    buildTrustPath(parsed.certificates, loadTrustAnchors(trustedPem), now);
  } catch (error) {
    if (error instanceof VeritySignError) return error.message;
    throw error;
  }
  const { rootHash: recomputed } = new HashTree(blockSize).update(image).digest();
  return recomputed === rootHash ? 'accepted' : `the layer has the root hash ${recomputed}`;
}
