/** Timestamps of signatures by an authority. [RFC 3161; Notary trust-store-trust-policy, authentic timestamp] */
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { FormatError, readPart } from '../../../formats/format-error.ts';
import type { KeySpec } from '../../../model/signing.ts';
import { sameBytes } from '../../x509/asn1/der.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { signatureScheme, verifies } from '../../x509/signature.ts';
import { requireTimestampingChain } from '../certificates/timestamp-chain.ts';
import { postQuery } from './http.ts';
import { encodeQuery, tokenOf } from './query.ts';
import { readToken, type TimestampToken } from './token.ts';

export interface TimestampOptions {
  /** `http:` or `https:`. */
  url: string;
  /** DER certificates: the roots that the authority's certificate must lead to. */
  certificates: readonly Uint8Array[];
  signal: AbortSignal;
  /** Milliseconds for one request. */
  timeout: number;
}

export interface Timestamp {
  time: Date;
  /** By how much the true time may be earlier or later, milliseconds. */
  accuracyMs: number;
  /** DER: the authority's certificate first, the root last. */
  chain: readonly Uint8Array[];
}

const NONCE_BYTES = 16;

/**
 * Requests a timestamp for a signature's bytes and checks the reply as a verifier will.
 * @returns the token, DER.
 * @throws VeritySignError 'usage' (URL), 'environment' (no usable reply), 'key' (not trusted),
 * 'cancelled'
 */
export async function requestTimestamp(
  signature: Uint8Array,
  spec: KeySpec,
  { url, certificates, signal, timeout }: TimestampOptions,
): Promise<Uint8Array> {
  const nonce = randomBytes(NONCE_BYTES);
  // A positive number without leading zeros.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  const reply = await postQuery(encodeQuery(signature, spec.digest, nonce), { url, signal, timeout });
  const token = answered(() => {
    const bytes = tokenOf(reply);
    const { info } = readToken(bytes);
    if (info.nonce !== BigInt(`0x${nonce.toString('hex')}`)) throw new FormatError('is for another query');
    checkImprint(info, signature);
    return bytes;
  });
  await verifyTimestamp(token, signature, certificates);
  return token;
}

/**
 * Checks that a token is a timestamp of these signature bytes by an authority whose certificate leads to
 * one of the roots and follows Notary's rules for such chains. All its certificates must have been valid at
 * the time of the token.
 * @throws VeritySignError 'image' for a token that is malformed or of another signature, 'key' if its
 * authority is not trusted
 */
export async function verifyTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  roots: readonly Uint8Array[],
): Promise<Timestamp> {
  const { parsed, authority, others } = readable(() => {
    const parsed = readToken(token);
    checkImprint(parsed.info, signature);
    const certificates = parsed.certificates.map((der) =>
      readPart('a certificate', () => readCertificate(der)),
    );
    const authority = certificates.find((one) => isSigner(one, parsed));
    if (authority === undefined) throw new FormatError('lacks the certificate of its signer');
    checkSignature(parsed, authority.key);
    return { parsed, authority, others: certificates };
  });
  const { time, accuracyMs } = parsed.info;
  const chain = requireTimestampingChain(authority, others, roots.map(readRoot), time);
  return { time, accuracyMs, chain: chain.map(({ der }) => der) };
}

function checkImprint({ imprint }: TimestampToken['info'], signature: Uint8Array): void {
  const expected = createHash(imprint.digest).update(signature).digest();
  if (!expected.equals(imprint.value)) throw new FormatError('belongs to another signature');
}

function isSigner({ der, raw }: Certificate, { signer }: TimestampToken): boolean {
  const { digest, value } = signer.certificate;
  return (
    sameBytes(raw.issuer, signer.issuer) &&
    sameBytes(raw.serial, signer.serial) &&
    createHash(digest).update(der).digest().equals(value)
  );
}

/** [RFC 5652, 5.4] */
function checkSignature({ content, signer }: TimestampToken, key: KeyObject | undefined): void {
  if (!createHash(signer.digest).update(content).digest().equals(signer.contentDigest)) {
    throw new FormatError('has a content that was not signed (messageDigest)');
  }
  const { signatureAlgorithm: algorithm } = signer;
  const scheme = signatureScheme(algorithm);
  const accepted = scheme !== undefined && scheme.key !== 'ed25519';
  if (!accepted || key === undefined || scheme.key !== key.asymmetricKeyType) {
    throw new FormatError(`is signed with the algorithm ${algorithm.oid}, which is not accepted`);
  }
  // RSASSA-PSS and rsaEncryption use the digest of the SignerInfo.
  const digest = scheme.pss ? signer.digest : (scheme.digest ?? signer.digest);
  if (!verifies(key, { digest, pss: scheme.pss }, signer.signedAttributes, signer.signature)) {
    throw new FormatError('was not signed by the certificate that it names');
  }
}

function readRoot(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      'key',
      `a root certificate for timestamps cannot be read: it ${cause.message}`,
      {
        remedy: 'Give the root certificate of the timestamping authority',
        cause,
      },
    );
  }
}

function readable<T>(read: () => T): T {
  return rethrow(read, 'image', 'the timestamp of the Notary signature', 'Sign the image again');
}

function answered<T>(read: () => T): T {
  return rethrow(
    read,
    'environment',
    "the timestamping authority's reply",
    'Use another timestamping authority',
  );
}

function rethrow<T>(read: () => T, code: 'image' | 'environment', subject: string, remedy: string): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(code, `${subject} ${cause.message}`, { remedy, cause });
  }
}
