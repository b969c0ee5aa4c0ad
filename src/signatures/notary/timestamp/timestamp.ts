/** Timestamps of signatures by an authority. [RFC 3161; Notary trust-store-trust-policy, authentic timestamp] */
import { constants, createHash, type KeyObject, randomBytes, verify } from 'node:crypto';
import { Integer, Null, OctetString, Sequence } from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, TimeStampReq, TimeStampResp } from 'pkijs';
import { VeritySignError } from '../../../errors.ts';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import type { KeySpec } from '../../../model/signing.ts';
import { type NotaryCertificate, RSASSA_PSS, readNotaryCertificate } from '../certificates/certificate.ts';
import { refuse } from '../certificates/refusal.ts';
import { chainToRoot, timestampingViolation } from '../certificates/timestamp-chain.ts';
import { postQuery } from './http.ts';
import { DIGESTS, oneElement, readToken, type TimestampToken } from './token.ts';

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
  /** The true time may be this much earlier or later, milliseconds. */
  accuracyMs: number;
  /** DER: the authority's certificate first, the root last. */
  chain: readonly Uint8Array[];
}

const NONCE_BYTES = 16;

/** What a SignerInfo's algorithm says of the digest; `undefined`: it is the one beside it. [RFC 8017, C; RFC 5758] */
const SIGNATURES: Readonly<Record<string, { kind: 'rsa' | 'ec'; digest?: DigestName }>> = {
  '1.2.840.113549.1.1.1': { kind: 'rsa' },
  [RSASSA_PSS]: { kind: 'rsa' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { kind: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ec', digest: 'sha512' },
};

/**
 * Has a signature's bytes timestamped and checks the answer as a verifier will.
 * @returns the token, DER.
 * @throws VeritySignError 'usage' (URL), 'environment' (no or no usable answer), 'key' (not trusted),
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
 * one of the roots and follows Notary's rules for such chains; all its certificates must have been valid at
 * the time that the token tells.
 * @throws VeritySignError 'image' for a token that is malformed or of something else, 'key' if its
 * authority is not to be trusted
 */
export async function verifyTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  roots: readonly Uint8Array[],
): Promise<Timestamp> {
  const { parsed, authority, others } = readable(() => {
    const parsed = readToken(token);
    checkImprint(parsed.info, signature);
    const certificates = parsed.certificates.map(readCertificate);
    const authority = certificates.find((one) => isSigner(one, parsed));
    if (authority === undefined) throw new FormatError('lacks the certificate of its signer');
    checkSignature(parsed, authority.key);
    return { parsed, authority, others: certificates };
  });
  const chain = chainToRoot(authority, others, roots.map(readRoot));
  if (chain === undefined) {
    throw new VeritySignError(
      'key',
      `the timestamping certificate "${authority.name}" does not lead to a trusted root`,
      { remedy: 'Give the root certificate of the timestamping authority' },
    );
  }
  refuse(timestampingViolation(chain, parsed.info.time));
  const { time, accuracyMs } = parsed.info;
  return { time, accuracyMs, chain: chain.map(({ der }) => der) };
}

function encodeQuery(signature: Uint8Array, digest: DigestName, nonce: Uint8Array): Uint8Array {
  const oid = Object.keys(DIGESTS).find((id) => DIGESTS[id] === digest) ?? '';
  const hash = createHash(digest).update(signature).digest();
  const query = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: oid, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(hash).buffer }),
    }),
    nonce: new Integer({ valueHex: Uint8Array.from(nonce).buffer }),
    certReq: true,
  });
  return new Uint8Array(query.toSchema().toBER());
}

/** The token of a reply, byte for byte. [RFC 3161, 2.4.2] */
function tokenOf(reply: Uint8Array): Uint8Array {
  const element = decoding('cannot be read', () => oneElement(reply));
  const { status, statusStrings, failInfo } = decoding('cannot be read', () => {
    const response = new TimeStampResp({ schema: element });
    return { ...response.status, status: Number(response.status.status) };
  });
  // 0: granted; 1: granted with modifications, which the checks of the token look at.
  if (status !== 0 && status !== 1) {
    const reasons = (statusStrings ?? []).map((text) => text.getValue());
    const bits =
      failInfo === undefined ? '' : ` ${Buffer.from(failInfo.valueBlock.valueHexView).toString('hex')}`;
    throw new FormatError(`was refused: ${[`status ${status}${bits}`, ...reasons].join(', ').slice(0, 300)}`);
  }
  const [, token] = element instanceof Sequence ? element.valueBlock.value : [];
  if (token === undefined) throw new FormatError('holds no token');
  return Uint8Array.from(token.valueBeforeDecodeView);
}

function checkImprint({ imprint }: TimestampToken['info'], signature: Uint8Array): void {
  const expected = createHash(imprint.digest).update(signature).digest();
  if (!expected.equals(imprint.value)) throw new FormatError('is not one of this signature');
}

function isSigner(certificate: NotaryCertificate, { signer }: TimestampToken): boolean {
  const { digest, value } = signer.certificate;
  return (
    Buffer.from(certificate.issuer).equals(signer.issuer) &&
    Buffer.from(certificate.serial).equals(signer.serial) &&
    createHash(digest).update(certificate.der).digest().equals(value)
  );
}

/** [RFC 5652, 5.4] */
function checkSignature({ content, signer }: TimestampToken, key: KeyObject | undefined): void {
  if (!createHash(signer.digest).update(content).digest().equals(signer.contentDigest)) {
    throw new FormatError('has a content that was not signed (messageDigest)');
  }
  const algorithm = SIGNATURES[signer.signatureAlgorithm];
  if (key === undefined || algorithm === undefined || algorithm.kind !== key.asymmetricKeyType) {
    throw new FormatError(`is signed with the algorithm ${signer.signatureAlgorithm}, which is not accepted`);
  }
  const digest = algorithm.digest ?? signer.digest;
  const pss = signer.signatureAlgorithm === RSASSA_PSS;
  const how = pss
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key };
  const holds = decoding('has a signature that cannot be checked', () =>
    verify(digest, signer.signedAttributes, how, signer.signature),
  );
  if (!holds) throw new FormatError('was not signed by the certificate that it names');
}

function readCertificate(der: Uint8Array): NotaryCertificate {
  try {
    return readNotaryCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${cause.message}`, { cause });
  }
}

function readRoot(der: Uint8Array): NotaryCertificate {
  try {
    return readNotaryCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError('key', `among the roots for timestamps is ${cause.message}`, {
      remedy: 'Give the root certificate of the timestamping authority',
      cause,
    });
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
