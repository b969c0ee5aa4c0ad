import { constants, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { VeritySignError } from '../errors.ts';
import type { DigestName } from '../pipeline/stages.ts';
import type { RawSignature, Signer } from './signer.ts';

const signAsync = promisify(
  (
    digest: DigestName,
    bytes: Uint8Array,
    key: Parameters<typeof sign>[2],
    done: (error: Error | null, signature: Buffer) => void,
  ) => sign(digest, bytes, key, done),
);

/** The digest follows the strength of the key. [Notary signature-specification, algorithm selection] */
const RSA_DIGESTS: Readonly<Record<number, DigestName>> = { 2048: 'sha256', 3072: 'sha384', 4096: 'sha512' };
const EC_DIGESTS: Readonly<Record<string, DigestName>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

/** Signs with a private key that this process holds: RSA PKCS#1 v1.5, or ECDSA in DER. */
export class PemSigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly #key: KeyObject;
  readonly #digest: DigestName;

  /**
   * @param certificateChain DER certificates, leaf first.
   * @throws VeritySignError with code `key` if the key is of a kind that cannot sign layers, or is not
   *   the leaf's.
   */
  constructor(key: KeyObject, certificateChain: readonly Uint8Array[]) {
    const [leaf] = certificateChain;
    if (leaf === undefined) throw new TypeError('a signer needs its certificate');
    this.#digest = digestForKey(key);
    if (!new X509Certificate(leaf).checkPrivateKey(key)) {
      throw new VeritySignError(
        'key',
        'the private key does not belong to the first certificate of the chain',
        {
          remedy: 'Give the certificate that was issued for this key, before its issuers',
        },
      );
    }
    this.#key = key;
    this.certificateChain = certificateChain;
  }

  async sign(bytes: Uint8Array): Promise<RawSignature> {
    if (this.#key.asymmetricKeyType === 'rsa') {
      const key = { key: this.#key, padding: constants.RSA_PKCS1_PADDING };
      return {
        scheme: 'rsa-pkcs1-v1_5',
        digest: this.#digest,
        value: await signAsync(this.#digest, bytes, key),
      };
    }
    const key = { key: this.#key, dsaEncoding: 'der' } as const;
    return { scheme: 'ecdsa-der', digest: this.#digest, value: await signAsync(this.#digest, bytes, key) };
  }
}

function digestForKey(key: KeyObject): DigestName {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const kind = key.asymmetricKeyType;
  const digest =
    kind === 'rsa'
      ? RSA_DIGESTS[modulusLength ?? 0]
      : kind === 'ec'
        ? EC_DIGESTS[namedCurve ?? '']
        : undefined;
  if (digest === undefined) {
    const size = modulusLength === undefined ? (namedCurve ?? '') : `${modulusLength} bits`;
    throw new VeritySignError(
      'key',
      `a private key of the kind ${[kind, size].filter(Boolean).join(' ')} cannot sign layers`,
      {
        remedy: 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
      },
    );
  }
  return digest;
}
