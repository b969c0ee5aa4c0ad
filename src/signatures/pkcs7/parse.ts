import { VeritySignError } from '../../errors.ts';
import { FormatError, readPart } from '../../formats/format-error.ts';
import type { DigestName } from '../../model/index.ts';
import {
  algorithmName,
  DIGEST_OIDS,
  digestOfOid,
  ECDSA_OIDS,
  OID,
  RSA_WITH_DIGEST_OIDS,
} from '../x509/algorithms.ts';
import { childrenOf, type Element, readDer, sameBytes } from '../x509/asn1/der.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { Fields, fieldsOf, unwrap } from '../x509/asn1/fields.ts';
import { oidOf, smallIntegerOf } from '../x509/asn1/values.ts';
import { type Certificate, certificateName, readCertificate } from '../x509/certificate.ts';
import { followIssuers } from '../x509/chain.ts';
import { kernelChain } from './kernel-links.ts';
import { kernelViolation, MAX_CERTIFICATES, MAX_PKCS7_BYTES, mayHaveIssued } from './kernel-rules.ts';

/** A PKCS#7 signature of the one profile that layers have. */
export interface ParsedPkcs7 {
  digest: DigestName;
  scheme: 'rsa-pkcs1-v1_5' | 'ecdsa-der';
  /** The embedded certificates: signer first, each followed by its issuer, whatever order the file has. */
  certificates: Certificate[];
  /** The first of `certificates`. */
  signer: Certificate;
  /** Whole DER of the issuer's name and of the serial number in the SignerInfo. */
  issuer: Uint8Array;
  serial: Uint8Array;
  signature: Uint8Array;
}

/** `subjectKeyIdentifier [0] IMPLICIT` of a CMS SignerIdentifier. */
const SUBJECT_KEY_IDENTIFIER = 0x80;

/**
 * Reads a detached PKCS#7 signature strictly: DER, SignedData with one digest, no content, the signer's
 * certificate, one SignerInfo by issuer and serial number without attributes, algorithms that the
 * kernel has. Stricter than the kernel, which ignores trailing bytes, further signers and certificates
 * that lead nowhere, and looser than buildPkcs7 only where openssl smime and openssl cms differ: NULL
 * parameters, the order of the certificates, the root among them.
 * The signature itself is not checked: that is for verifySignature.
 * @throws VeritySignError with code `image` and the reason.
 */
export function parsePkcs7(der: Uint8Array): ParsedPkcs7 {
  try {
    const { content, ...parsed } = parseMessage(der, MAX_PKCS7_BYTES);
    if (content !== undefined) throw new FormatError('has embedded content; it must be detached');
    return parsed;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError(
      'image',
      `the PKCS#7 signature is not one that layers may carry: it ${error.message}`,
      { remedy: 'Sign the image again', cause: error },
    );
  }
}

/**
 * Reads a PKCS#7 message, detached or not: its content is undefined if it is detached.
 * @param limit most bytes
 * @throws FormatError
 */
export function parseMessage(
  der: Uint8Array,
  limit: number,
): ParsedPkcs7 & { content: Uint8Array | undefined } {
  if (der.length === 0) throw new FormatError('is empty');
  if (der.length > limit) {
    throw new FormatError(`has ${der.length} bytes, and the kernel accepts at most ${limit}`);
  }
  if (Buffer.from(der.subarray(0, 10)).toString('latin1') === '-----BEGIN') {
    throw new FormatError('is PEM, not DER');
  }
  const contentInfo = fieldsOf(readDer(der), 'the ContentInfo');
  const type = oidOf(contentInfo.take(TAG.oid, 'content type'));
  if (type !== OID.signedData) throw new FormatError(`has the content type ${type}, not SignedData`);
  const wrapper = contentInfo.take(TAG.context0, 'content');
  contentInfo.end();
  const signedData = new Fields(unwrap(wrapper, TAG.sequence, 'the ContentInfo'), 'the SignedData');

  const version = smallIntegerOf(signedData.take(TAG.integer, 'version'));
  const digests = childrenOf(signedData.take(TAG.set, 'digest algorithms'));
  const content = parseContent(signedData.take(TAG.sequence, 'content info'));
  const embedded = signedData.takeIf(TAG.context0);
  if (signedData.takeIf(TAG.context1) !== undefined) throw new FormatError('carries revocation lists');
  const signers = childrenOf(signedData.take(TAG.set, 'signers'));
  signedData.end();

  const [signerElement] = signers;
  if (signerElement === undefined || signers.length !== 1) {
    throw new FormatError(`has ${signers.length} signers instead of one`);
  }
  const signer = parseSigner(signerElement);
  if (version !== 1) throw new FormatError(`has a SignedData of version ${version ?? '(none)'} instead of 1`);
  const [digestElement] = digests;
  if (digestElement === undefined || digests.length !== 1) {
    throw new FormatError(`names ${digests.length} digest algorithms instead of one`);
  }
  if (parseDigest(digestElement) !== signer.digest) {
    throw new FormatError('has different digest algorithms in SignedData and SignerInfo');
  }
  if (embedded === undefined) throw new FormatError("does not embed the signer's certificate");
  const encoded = childrenOf(embedded);
  if (encoded.length > MAX_CERTIFICATES) {
    throw new FormatError(`has ${encoded.length} certificates, more than ${MAX_CERTIFICATES}`);
  }
  const certificates = orderCertificates(
    encoded.map(({ bytes }) => readPart('a certificate', () => readCertificate(bytes))),
    signer,
  );
  const [first] = certificates;
  checkKey(first, signer.scheme);
  return { ...signer, certificates, signer: first, content };
}

type SignerInfo = Omit<ParsedPkcs7, 'certificates' | 'signer'>;

function parseSigner(element: Element): SignerInfo {
  const info = fieldsOf(element, 'the SignerInfo');
  const version = smallIntegerOf(info.take(TAG.integer, 'version'));
  if (info.next?.tag === SUBJECT_KEY_IDENTIFIER) {
    throw new FormatError('names its signer by a subject key identifier instead of issuer and serial number');
  }
  if (version !== 1) throw new FormatError(`has a SignerInfo of version ${version ?? '(none)'} instead of 1`);
  const id = new Fields(info.take(TAG.sequence, 'issuer and serial number'), 'the issuer and serial number');
  const issuer = id.take(TAG.sequence, 'issuer').bytes;
  const serial = id.take(TAG.integer, 'serial number').bytes;
  id.end();
  const digest = parseDigest(info.take(TAG.sequence, 'digest algorithm'));
  if (info.takeIf(TAG.context0) !== undefined) throw new FormatError('has signed attributes');
  const scheme = parseScheme(info.take(TAG.sequence, 'signature algorithm'), digest);
  const signature = info.take(TAG.octetString, 'signature').content;
  if (info.takeIf(TAG.context1) !== undefined) throw new FormatError('has unsigned attributes');
  info.end();
  return { digest, scheme, issuer, serial, signature };
}

/** Undefined if the message is detached. */
function parseContent(element: Element): Uint8Array | undefined {
  const content = new Fields(element, 'the content info');
  const type = oidOf(content.take(TAG.oid, 'type'));
  if (type !== OID.data) throw new FormatError(`is a signature over content of the type ${type}, not data`);
  const wrapper = content.takeIf(TAG.context0);
  content.end();
  return wrapper && unwrap(wrapper, TAG.octetString, 'the content info').content;
}

function parseDigest(element: Element): DigestName {
  const { oid } = parseAlgorithm(element, 'the digest algorithm');
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === undefined) {
    throw new FormatError(`uses the digest ${algorithmName(oid)}, not SHA-256, SHA-384 or SHA-512`);
  }
  return digest;
}

function parseScheme(element: Element, digest: DigestName): ParsedPkcs7['scheme'] {
  const { oid, hasNull } = parseAlgorithm(element, 'the signature algorithm');
  if (oid === OID.rsaEncryption) return 'rsa-pkcs1-v1_5';
  const ecdsaDigest = digestOfOid(ECDSA_OIDS, oid);
  if (ecdsaDigest !== undefined) {
    if (ecdsaDigest !== digest) {
      throw new FormatError('has a signature algorithm with another digest than the SignerInfo');
    }
    if (hasNull) throw new FormatError('has parameters in the signature algorithm');
    return 'ecdsa-der';
  }
  if (digestOfOid(RSA_WITH_DIGEST_OIDS, oid) !== undefined) {
    throw new FormatError('has the signature algorithm RSA with a digest; the kernel wants rsaEncryption');
  }
  throw new FormatError(`has the signature algorithm ${algorithmName(oid)}, which the kernel does not have`);
}

/** An AlgorithmIdentifier whose parameters are NULL (openssl smime) or absent (openssl cms). */
function parseAlgorithm(element: Element, name: string): { oid: string; hasNull: boolean } {
  const algorithm = fieldsOf(element, name);
  const oid = oidOf(algorithm.take(TAG.oid, 'identifier'));
  // Those have parameters of their own; the algorithm is the reason to give.
  if (oid === OID.rsassaPss) return { oid, hasNull: false };
  const hasNull = algorithm.takeIf(TAG.null) !== undefined;
  if (algorithm.next !== undefined) throw new FormatError(`has parameters in ${name}`);
  return { oid, hasNull };
}

/**
 * Signer first, each followed by its issuer: the one that the kernel finds, as long as it finds one. One that
 * leads nowhere has no business in the message.
 */
function orderCertificates(
  embedded: readonly Certificate[],
  signer: SignerInfo,
): [Certificate, ...Certificate[]] {
  const distinct = embedded.filter(
    (one, index) => embedded.findIndex(({ der }) => sameBytes(der, one.der)) === index,
  );
  for (const certificate of distinct) {
    const reason = kernelViolation(certificate);
    if (reason !== undefined) throw new FormatError(`has a ${certificateName(certificate)} that ${reason}`);
  }
  const first = distinct.find(
    ({ raw }) => sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial),
  );
  if (first === undefined) {
    throw new FormatError('has no embedded certificate with the issuer and serial number of the signer');
  }
  const found = kernelChain(first, distinct);
  const last = found.at(-1) ?? first;
  const unseen = distinct.filter((certificate) => !found.includes(certificate));
  const ordered: [Certificate, ...Certificate[]] = [
    ...found,
    ...followIssuers(last, unseen, mayHaveIssued).slice(1),
  ];
  const others = distinct.filter((certificate) => !ordered.includes(certificate));
  if (others.length === 0) return ordered;
  const names = others.map(({ subject }) => `"${subject}"`).join(', ');
  throw new FormatError(`embeds certificates that are not in the signer's chain: ${names}`);
}

function checkKey(certificate: Certificate, scheme: ParsedPkcs7['scheme']): void {
  const isRsa = certificate.keyKind?.startsWith('RSA') === true;
  if (isRsa !== (scheme === 'rsa-pkcs1-v1_5')) {
    throw new FormatError(
      `has a signature algorithm that does not fit the key of the ${certificateName(certificate)}`,
    );
  }
}
