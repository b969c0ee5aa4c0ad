import { constants, type KeyObject, verify } from 'node:crypto';
import { VeritySignError } from '../../errors.ts';
import type { DigestName } from '../../model/index.ts';
import type { ParsedPkcs7 } from './parse.ts';

/** The signed bytes: the root hash as 64 lowercase hex digits in ASCII, no newline, not the raw hash. */
export function signedContent(rootHash: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(rootHash)) throw new TypeError('a root hash is 64 lowercase hex digits');
  return Buffer.from(rootHash, 'ascii');
}

/** Whether a PKCS#1 v1.5 or ECDSA (DER) signature over the root hash verifies with `key`. */
export function signatureHolds(
  key: KeyObject | undefined,
  digest: DigestName,
  signature: Uint8Array,
  rootHash: string,
): boolean {
  return holdsOver(key, digest, signature, signedContent(rootHash));
}

/** The same over any content. */
export function holdsOver(
  key: KeyObject | undefined,
  digest: DigestName,
  signature: Uint8Array,
  content: Uint8Array,
): boolean {
  if (key === undefined) return false;
  const how = { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: 'der' } as const;
  try {
    return verify(
      digest,
      content,
      key.asymmetricKeyType === 'rsa' ? how : { key, dsaEncoding: 'der' },
      signature,
    );
  } catch {
    // OpenSSL throws for some malformed signatures instead of saying no.
    return false;
  }
}

/**
 * Checks that the signature is one over this root hash by the key of the embedded signer certificate.
 * Says nothing about whether that certificate is trusted: that is for buildTrustPath in trust.ts.
 * @throws VeritySignError with code `image` if it is not.
 */
export function verifySignature(parsed: ParsedPkcs7, rootHash: string): void {
  if (!signatureHolds(parsed.signer.key, parsed.digest, parsed.signature, rootHash)) {
    const other = otherContent(parsed, rootHash);
    const what =
      other === undefined
        ? `the PKCS#7 signature is not one over the root hash ${rootHash}`
        : `the PKCS#7 signature is one over ${other}, not over its 64 lowercase hex digits`;
    throw new VeritySignError('image', what, {
      remedy:
        'Sign the image again. If the image has not changed since it was signed, the signature or the root hash was modified',
    });
  }
}

/** What the signature is over, if it is one of the mistakes that people make with a root hash. */
function otherContent({ signer, digest, signature }: ParsedPkcs7, rootHash: string): string | undefined {
  const mistakes: [string, Uint8Array][] = [
    ['the 32 raw bytes of the root hash', Buffer.from(rootHash, 'hex')],
    ['the root hash in uppercase', Buffer.from(rootHash.toUpperCase())],
    ['the root hash and a line end', Buffer.from(`${rootHash}\n`)],
    ['the root hash with the prefix sha256:', Buffer.from(`sha256:${rootHash}`)],
  ];
  return mistakes.find(([, content]) => holdsOver(signer.key, digest, signature, content))?.[0];
}
