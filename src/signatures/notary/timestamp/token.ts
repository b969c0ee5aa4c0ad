/** Reading RFC 3161 timestamp tokens: CMS SignedData around a TSTInfo. [RFC 3161, 2.4.2; RFC 5652; RFC 5816] */
import { FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import { type AlgorithmIdentifier, OID, readAlgorithm } from '../../x509/algorithms.ts';
import { readBer } from '../../x509/asn1/ber.ts';
import { childrenOf, type Element } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { Fields, fieldsOf, unwrap } from '../../x509/asn1/fields.ts';
import { oidOf, smallIntegerOf } from '../../x509/asn1/values.ts';
import { digestOf, readInfo, type TimestampInfo } from './token-info.ts';

/** A token as far as checking it needs. Nothing in it is trusted yet. */
export interface TimestampToken {
  /** TSTInfo as it was signed. */
  content: Uint8Array;
  info: TimestampInfo;
  /** DER, in the order of the token. */
  certificates: readonly Uint8Array[];
  signer: TokenSigner;
}

export interface TokenSigner {
  /** Whole encodings. */
  issuer: Uint8Array;
  serial: Uint8Array;
  digest: DigestName;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Uint8Array;
  /** The signed attributes in the form that is signed. */
  signedAttributes: Uint8Array;
  /** messageDigest. */
  contentDigest: Uint8Array;
  /** ESSCertIDv2 of the signer. */
  certificate: { digest: DigestName; value: Uint8Array };
}

/** Tokens have some KiB, with the certificates of their authority. */
export const MAX_TOKEN_BYTES = 256 * 1024;
const MAX_TOKEN_CERTIFICATES = 10;

const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/**
 * Reads a token, which may be BER: ContentInfo ::= SEQUENCE { contentType, content [0] SignedData }.
 * @throws FormatError
 */
export function readToken(bytes: Uint8Array): TimestampToken {
  if (bytes.length > MAX_TOKEN_BYTES) throw new FormatError(`has more than ${MAX_TOKEN_BYTES / 1024} KiB`);
  const contentInfo = fieldsOf(readBer(bytes), 'the ContentInfo');
  const type = oidOf(contentInfo.takeAny());
  if (type !== OID.signedData) throw new FormatError('is not CMS SignedData');
  const wrapper = contentInfo.take(TAG.context0, 'content');
  contentInfo.end();
  return readSignedData(new Fields(unwrap(wrapper, TAG.sequence, 'the ContentInfo'), 'the SignedData'));
}

/** SEQUENCE { version, digestAlgorithms, encapContentInfo, certificates [0], crls [1], signerInfos }. */
function readSignedData(signedData: Fields): TimestampToken {
  const version = smallIntegerOf(signedData.take(TAG.integer, 'version'));
  const digests = childrenOf(signedData.take(TAG.set, 'digest algorithms'));
  for (const digest of digests) readAlgorithm(digest, 'a digest algorithm');
  const encapsulated = fieldsOf(signedData.takeAny(), 'the encapsulated content');
  const type = oidOf(encapsulated.takeAny());
  const wrapper = encapsulated.takeIf(TAG.context0);
  encapsulated.end();
  if (version !== 3 || type !== TST_INFO || wrapper === undefined) {
    throw new FormatError('is not a timestamp (SignedData version 3 with a TSTInfo)');
  }
  const { content } = unwrap(wrapper, TAG.octetString, 'the encapsulated content');
  const certificates = certificatesOf(signedData.takeIf(TAG.context0));
  signedData.takeIf(TAG.context1);
  const [signer, ...others] = childrenOf(signedData.take(TAG.set, 'signers'));
  signedData.end();
  if (signer === undefined || others.length > 0) throw new FormatError('does not have exactly one signer');
  return { content, info: readInfo(content), certificates, signer: readSigner(signer) };
}

function certificatesOf(list: Element | undefined): Uint8Array[] {
  const found = list === undefined ? [] : childrenOf(list);
  if (found.length === 0) throw new FormatError('has no certificate');
  if (found.length > MAX_TOKEN_CERTIFICATES) {
    throw new FormatError(`has more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  }
  return found.map(({ bytes }) => Uint8Array.from(bytes));
}

/**
 * SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0], signatureAlgorithm, signature,
 * unsignedAttrs [1] OPTIONAL }.
 */
function readSigner(element: Element): TokenSigner {
  const info = fieldsOf(element, 'the SignerInfo');
  const version = smallIntegerOf(info.take(TAG.integer, 'version'));
  if (version !== 1 || info.next?.tag !== TAG.sequence) {
    throw new FormatError('does not name its signer by issuer and serial number');
  }
  const signerId = fieldsOf(info.takeAny(), 'the signer identifier');
  const issuer = signerId.take(TAG.sequence, 'issuer').bytes;
  const serial = signerId.take(TAG.integer, 'serial number').bytes;
  signerId.end();
  const digestAlgorithm = readAlgorithm(info.takeAny(), 'the digest algorithm');
  const attributes = info.takeIf(TAG.context0);
  if (attributes === undefined) throw new FormatError('has no signed attributes');
  const signatureAlgorithm = readAlgorithm(info.takeAny(), 'the signature algorithm');
  const signature = info.take(TAG.octetString, 'signature').content;
  const unsigned = info.takeIf(TAG.context1);
  if (unsigned !== undefined) readAttributeList(unsigned);
  info.end();
  return {
    issuer,
    serial,
    digest: digestOf(digestAlgorithm.oid, 'its signature'),
    signatureAlgorithm,
    signature,
    // The tag [0] stands for SET OF in what is signed. [RFC 5652, 5.4]
    signedAttributes: attributes.bytes.with(0, TAG.set),
    ...readSignedAttributes(readAttributeList(attributes)),
  };
}

interface Attribute {
  type: string;
  values: readonly Element[];
}

/** SET OF Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET }. */
function readAttributeList(list: Element): Attribute[] {
  return childrenOf(list).map((element) => {
    const attribute = fieldsOf(element, 'an attribute');
    const type = oidOf(attribute.takeAny());
    const values = childrenOf(attribute.take(TAG.set, 'values'));
    attribute.end();
    return { type, values };
  });
}

function readSignedAttributes(
  attributes: readonly Attribute[],
): Pick<TokenSigner, 'contentDigest' | 'certificate'> {
  const contentType = onlyValue(attributes, CONTENT_TYPE, 'contentType');
  if (contentType.tag !== TAG.oid || oidOf(contentType) !== TST_INFO) {
    throw new FormatError('has a contentType other than timestamp');
  }
  const contentDigest = onlyValue(attributes, MESSAGE_DIGEST, 'messageDigest');
  if (contentDigest.tag !== TAG.octetString) throw new FormatError('has no messageDigest');
  const certificate = onlyValue(attributes, SIGNING_CERTIFICATE_V2, 'signingCertificateV2');
  return { contentDigest: contentDigest.content, certificate: certificateId(certificate) };
}

/** The one value of the one attribute of this type. */
function onlyValue(attributes: readonly Attribute[], id: string, name: string): Element {
  const [attribute, ...others] = attributes.filter(({ type }) => type === id);
  const [value] = attribute?.values ?? [];
  if (value === undefined || attribute?.values.length !== 1 || others.length > 0) {
    throw new FormatError(`does not have exactly one attribute ${name}`);
  }
  return value;
}

/**
 * The first ESSCertIDv2: SEQUENCE { hashAlgorithm DEFAULT sha256, certHash OCTET STRING, issuerSerial
 * OPTIONAL }. Its issuerSerial says nothing more than the hash does. [RFC 5035, 4]
 */
function certificateId(value: Element): TokenSigner['certificate'] {
  const name = 'the signingCertificateV2';
  const [first] = childrenOf(fieldsOf(value, name).take(TAG.sequence, 'certificates'));
  const id = fieldsOf(first, name);
  const algorithm = id.takeIf(TAG.sequence);
  const hash = id.takeIf(TAG.octetString);
  if (hash === undefined) throw new FormatError('has a signingCertificateV2 without a hash');
  const digest =
    algorithm === undefined
      ? ('sha256' as const)
      : digestOf(readAlgorithm(algorithm, name).oid, 'its signingCertificateV2');
  return { digest, value: hash.content };
}
