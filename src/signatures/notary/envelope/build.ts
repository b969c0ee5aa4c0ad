import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { RawSignature } from '../../../model/signing.ts';
import { readCertificate } from '../../x509/certificate.ts';
import { derToP1363 } from '../../x509/ecdsa.ts';
import { checkSigningChain } from '../certificates/signing-chain.ts';
import { type Algorithm, algorithmOfKey, algorithmOfSpec, signatureHolds } from './algorithms.ts';
import { wholeSeconds } from './attributes.ts';
import { prepareCose } from './cose.ts';
import type { EnvelopeFormat, EnvelopeRequest } from './envelope.ts';
import { prepareJws } from './jws.ts';
import { encodePayload } from './payload.ts';

const PREPARE = { jws: prepareJws, cose: prepareCose };

/**
 * Makes an envelope under the scheme `notary.x509`. Like notation, it refuses a chain that does not
 * follow Notary's rules at the time of signing; the signature is verified with the leaf's key before it
 * is timestamped and returned.
 * @throws VeritySignError 'key' for the chain, the signature or the timestamp, 'usage' for the target's
 * annotations or the expiry; and whatever `sign` and `timestamp` throw
 */
export async function buildEnvelope(
  format: EnvelopeFormat,
  request: EnvelopeRequest,
  sign: (bytes: Uint8Array) => Promise<RawSignature>,
): Promise<Uint8Array> {
  const rounded = inWholeSeconds(request);
  checkSigningChain(request.chain, rounded.signingTime);
  const algorithm = algorithmOfSpec(request.spec);
  const { toBeSigned, seal } = PREPARE[format](rounded, algorithm, encodePayload(request.target));
  const signature = envelopeSignature(await sign(toBeSigned), algorithm);
  const [leaf = new Uint8Array()] = request.chain;
  const { key, subject } = readCertificate(leaf);
  const holds =
    key !== undefined &&
    algorithmOfKey(key) === algorithm &&
    signatureHolds(key, algorithm, toBeSigned, signature);
  if (!holds) {
    throw new VeritySignError(
      'key',
      `the signer returned a signature that the certificate "${subject}" does not verify`,
      { remedy: 'Give the certificate that belongs to the key' },
    );
  }
  return seal(signature, await request.timestamp?.(signature));
}

function inWholeSeconds(request: EnvelopeRequest): EnvelopeRequest {
  const signingTime = wholeSeconds(request.signingTime);
  if (request.expiry === undefined) return { ...request, signingTime };
  const expiry = wholeSeconds(request.expiry);
  if (expiry <= signingTime) {
    throw new VeritySignError('usage', 'the signature would expire at once', {
      remedy: 'Give an expiry of one second or more',
    });
  }
  return { ...request, signingTime, expiry };
}

/** The signature in the form that envelopes carry: RSASSA-PSS, or ECDSA as r‖s. */
function envelopeSignature({ scheme, digest, value }: RawSignature, algorithm: Algorithm): Uint8Array {
  if (scheme === 'rsa-pkcs1-v1_5') {
    throw new VeritySignError('key', 'the signer returned an RSA PKCS#1 v1.5 signature for a manifest', {
      remedy: 'Use a signer that can make RSASSA-PSS signatures, or an EC key',
    });
  }
  if ((scheme === 'rsa-pss') !== (algorithm.kind === 'rsa') || digest !== algorithm.digest) {
    throw new VeritySignError(
      'key',
      `the signer returned a signature of scheme ${scheme} with ${digest} instead of ${algorithm.name}`,
      { remedy: 'Give the certificate that belongs to the key' },
    );
  }
  return scheme === 'ecdsa-der' ? halves(value, algorithm.signatureBytes / 2) : value;
}

/** ECDSA in DER as r‖s, each half of fixed size. [RFC 7518, 3.4] */
function halves(der: Uint8Array, halfBytes: number): Uint8Array {
  try {
    return derToP1363(der, halfBytes);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      'key',
      `the signer returned a signature that is not ECDSA in DER: it ${cause.message}`,
      {
        remedy: 'Check the signer',
        cause,
      },
    );
  }
}
