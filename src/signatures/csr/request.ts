/** Certificate requests, with any key that can sign. [RFC 2986] */
import type { PreparedSigner, Signer } from '../../model/signing.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeBits, encodeInteger, encodeOid } from '../x509/asn1/encode.ts';
import { encodeAlgorithm, signatureBytes } from './algorithm.ts';
import { signerExtensions } from './extensions.ts';

/** PKCS#9 extensionRequest. [RFC 2985, 5.4.2] */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** What a request or a certificate needs of a key. */
export type CertifiableKey = Pick<PreparedSigner, 'spec' | 'publicKey'> & Pick<Signer, 'sign'>;

/**
 * CertificationRequest ::= SEQUENCE { CertificationRequestInfo, AlgorithmIdentifier, BIT STRING }, with the
 * extensions that our rules for signers ask for.
 * @param subject Name in DER
 * @throws VeritySignError 'key'
 */
export async function buildRequest(subject: Uint8Array, key: CertifiableKey): Promise<Buffer> {
  const info = encode(
    TAG.sequence,
    encodeInteger(Uint8Array.of(0)),
    subject,
    key.publicKey,
    encode(
      TAG.context0,
      encode(TAG.sequence, encodeOid(EXTENSION_REQUEST), encode(TAG.set, signerExtensions())),
    ),
  );
  const signature = await key.sign(info, 'request');
  return encode(
    TAG.sequence,
    info,
    encodeAlgorithm(signature),
    encodeBits(signatureBytes(signature, key.spec)),
  );
}
