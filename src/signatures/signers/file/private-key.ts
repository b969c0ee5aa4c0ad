import { constants, type KeyObject, type SignKeyObjectInput, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { VeritySignError } from '../../../errors.ts';
import type { DigestName } from '../../../model/index.ts';
import type { KeySpec, Purpose, RawSignature, Signer } from '../../../model/signing.ts';
import { keySpecOf } from '../key-spec.ts';

const signAsync = promisify(
  (
    digest: DigestName,
    bytes: Uint8Array,
    key: SignKeyObjectInput,
    done: (error: Error | null, signature: Buffer) => void,
  ) => sign(digest, bytes, key, done),
);

/** Signs with a private key that this process holds. */
export class PrivateKeySigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly spec: KeySpec;
  readonly #key: KeyObject;

  /**
   * @param certificateChain DER certificates, leaf first; empty if the key has none yet.
   * @throws VeritySignError with code `key` if the key is of a kind that cannot sign layers, or is not
   *   the leaf's.
   */
  constructor(key: KeyObject, certificateChain: readonly Uint8Array[]) {
    const [leaf] = certificateChain;
    this.spec = keySpecOf(key);
    if (leaf !== undefined && !new X509Certificate(leaf).checkPrivateKey(key)) {
      throw new VeritySignError(
        'key',
        'the private key does not belong to the first certificate of the chain',
        { remedy: 'Give the certificate that was issued for this key, before its issuers' },
      );
    }
    this.#key = key;
    this.certificateChain = certificateChain;
  }

  async sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
    const { kind, digest } = this.spec;
    const key = this.#key;
    if (kind === 'ec') {
      return {
        scheme: 'ecdsa-der',
        digest,
        value: await signAsync(digest, bytes, { key, dsaEncoding: 'der' }),
      };
    }
    if (purpose !== 'manifest') {
      const padding = constants.RSA_PKCS1_PADDING;
      return { scheme: 'rsa-pkcs1-v1_5', digest, value: await signAsync(digest, bytes, { key, padding }) };
    }
    // JWS and COSE fix the salt at the length of the digest; OpenSSL's default is the longest that fits.
    const pss = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    return { scheme: 'rsa-pss', digest, value: await signAsync(digest, bytes, { key, ...pss }) };
  }
}
