/** Reading RFC 3161 timestamp tokens: CMS SignedData around a TSTInfo. [RFC 3161, 2.4.2; RFC 5652; RFC 5816] */
import { fromBER, GeneralizedTime, Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import {
  type Attribute,
  ContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  type SignerInfo,
  TSTInfo,
} from 'pkijs';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';

/** A token as far as checking it needs. Nothing in it is trusted yet. */
export interface TimestampToken {
  /** TSTInfo as it was signed. */
  content: Uint8Array;
  info: TimestampInfo;
  /** DER, in the order of the token. */
  certificates: readonly Uint8Array[];
  signer: TokenSigner;
}

export interface TimestampInfo {
  imprint: { digest: DigestName; value: Uint8Array };
  time: Date;
  accuracyMs: number;
  nonce: bigint | undefined;
}

export interface TokenSigner {
  issuer: Uint8Array;
  serial: Uint8Array;
  digest: DigestName;
  /** Object identifier. */
  signatureAlgorithm: string;
  signature: Uint8Array;
  /** The signed attributes in the form that is signed. */
  signedAttributes: Uint8Array;
  /** messageDigest. */
  contentDigest: Uint8Array;
  /** ESSCertIDv2 of the signer. */
  certificate: { digest: DigestName; value: Uint8Array };
}

/** With the certificates of a TSA it has some KiB. */
const MAX_BYTES = 256 * 1024;
const MAX_TOKEN_CERTIFICATES = 10;
const BER_LIMITS = { maxDepth: 40, maxNodes: 4000, maxContentLength: MAX_BYTES };

const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
/** ETSI EN 319 421's and RFC 3628's baseline policy promises a second where the token says nothing. */
const BASELINE_POLICY = '0.4.0.2023.1.1';

export const DIGESTS: Readonly<Record<string, DigestName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** @throws FormatError */
export function readToken(der: Uint8Array): TimestampToken {
  if (der.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
  return decoding('cannot be read', () => {
    const contentInfo = new ContentInfo({ schema: oneElement(der) });
    if (contentInfo.contentType !== ContentInfo.SIGNED_DATA) throw new FormatError('is not CMS SignedData');
    const signedData = new SignedData({ schema: contentInfo.content });
    const { eContentType, eContent } = signedData.encapContentInfo;
    if (signedData.version !== 3 || eContentType !== TST_INFO || eContent === undefined) {
      throw new FormatError('is not a timestamp (SignedData version 3 with a TSTInfo)');
    }
    const [signer, ...others] = signedData.signerInfos;
    if (signer === undefined || others.length > 0) throw new FormatError('does not have exactly one signer');
    const content = new Uint8Array(eContent.getValue());
    return {
      content,
      info: readInfo(content),
      certificates: certificatesOf(contentInfo.content),
      signer: readSigner(signer),
    };
  });
}

/** The parsed form of bytes that hold one BER element and nothing after it. */
export function oneElement(bytes: Uint8Array): NonNullable<ReturnType<typeof fromBER>['result']> {
  const { result, offset } = fromBER(Uint8Array.from(bytes), BER_LIMITS);
  if (offset !== bytes.length) throw new FormatError('is not one ASN.1 value');
  return result;
}

function readInfo(content: Uint8Array): TimestampInfo {
  const element = oneElement(content);
  const info = new TSTInfo({ schema: element });
  if (info.version !== 1) throw new FormatError('is of another version than 1');
  if (info.extensions?.some((extension) => extension.critical) === true) {
    throw new FormatError('has a critical extension that is not understood');
  }
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  return {
    imprint: {
      digest: digestOf(hashAlgorithm.algorithmId, 'its imprint'),
      value: hashedMessage.valueBlock.valueHexView,
    },
    time: timeOf(element, info),
    accuracyMs: accuracyOf(info),
    nonce: info.nonce?.toBigInt(),
  };
}

/** RFC 3161 wants UTC with a `Z`: the library's Date no longer tells. */
function timeOf(element: unknown, { genTime }: TSTInfo): Date {
  const fields = element instanceof Sequence ? element.valueBlock.value : [];
  const field = fields.find((one) => one instanceof GeneralizedTime);
  const text = Buffer.from(field?.valueBlock.valueHexView ?? []).toString('latin1');
  if (!/^\d{14}(\.\d{1,9})?Z$/.test(text) || Number.isNaN(genTime.getTime())) {
    throw new FormatError('has a time that is not in UTC');
  }
  if (genTime.toISOString().slice(0, 19).replaceAll(/\D/g, '') !== text.slice(0, 14)) {
    throw new FormatError('has a time that is not one of the calendar');
  }
  return genTime;
}

/** Milliseconds. [trust-store-trust-policy, steps; as tspclient-go does it] */
function accuracyOf({ accuracy, policy }: TSTInfo): number {
  const ms = (accuracy?.seconds ?? 0) * 1000 + (accuracy?.millis ?? 0) + (accuracy?.micros ?? 0) / 1000;
  if (!Number.isFinite(ms) || ms < 0) throw new FormatError('has an accuracy that is not a number');
  return ms === 0 && policy === BASELINE_POLICY ? 1000 : ms;
}

function certificatesOf(signedData: unknown): Uint8Array[] {
  const fields = signedData instanceof Sequence ? signedData.valueBlock.value : [];
  const field = fields.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0);
  const block: unknown = field?.valueBlock;
  const items = typeof block === 'object' && block !== null && 'value' in block ? block.value : undefined;
  if (!Array.isArray(items) || items.length === 0) throw new FormatError('has no certificate');
  if (items.length > MAX_TOKEN_CERTIFICATES) {
    throw new FormatError(`has more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  }
  return items.map(({ valueBeforeDecodeView }) => Uint8Array.from(valueBeforeDecodeView));
}

function readSigner(signer: SignerInfo): TokenSigner {
  const { sid, signedAttrs, digestAlgorithm, signatureAlgorithm, signature } = signer;
  if (signer.version !== 1 || !(sid instanceof IssuerAndSerialNumber)) {
    throw new FormatError('does not name its signer by issuer and serial number');
  }
  if (signedAttrs === undefined) throw new FormatError('has no signed attributes');
  const attribute = (id: string, name: string) => onlyValue(signedAttrs.attributes, id, name);
  const contentType = attribute(CONTENT_TYPE, 'contentType');
  if (!(contentType instanceof ObjectIdentifier) || contentType.getValue() !== TST_INFO) {
    throw new FormatError('is signed as something else than a timestamp (contentType)');
  }
  const contentDigest = attribute(MESSAGE_DIGEST, 'messageDigest');
  if (!(contentDigest instanceof OctetString)) throw new FormatError('has no messageDigest');
  return {
    issuer: new Uint8Array(sid.issuer.valueBeforeDecode),
    serial: serialOf(sid.serialNumber),
    digest: digestOf(digestAlgorithm.algorithmId, 'its signature'),
    signatureAlgorithm: signatureAlgorithm.algorithmId,
    signature: signature.valueBlock.valueHexView,
    signedAttributes: new Uint8Array(signedAttrs.encodedValue),
    contentDigest: contentDigest.valueBlock.valueHexView,
    certificate: certificateId(attribute(SIGNING_CERTIFICATE_V2, 'signingCertificateV2')),
  };
}

function onlyValue(attributes: readonly Attribute[], id: string, name: string): unknown {
  const [attribute, ...others] = attributes.filter(({ type }) => type === id);
  if (attribute === undefined || attribute.values.length !== 1 || others.length > 0) {
    throw new FormatError(`does not have exactly one attribute ${name}`);
  }
  return attribute.values[0];
}

/**
 * The first ESSCertIDv2: `SEQUENCE { hashAlgorithm DEFAULT sha256, certHash OCTET STRING, issuerSerial
 * OPTIONAL }`. Its issuerSerial tells nothing more than the hash does. [RFC 5035, 4]
 */
function certificateId(value: unknown): TokenSigner['certificate'] {
  const [ids] = children(value);
  const [id] = children(ids);
  const fields = children(id);
  const hash = fields.find((field) => field instanceof OctetString);
  if (hash === undefined) throw new FormatError('has a signingCertificateV2 without a hash');
  const [algorithm] = fields[0] === hash ? [] : children(fields[0]);
  const digest =
    algorithm instanceof ObjectIdentifier
      ? digestOf(algorithm.getValue(), 'its signingCertificateV2')
      : ('sha256' as const);
  return { digest, value: hash.valueBlock.valueHexView };
}

function children(value: unknown): readonly unknown[] {
  if (!(value instanceof Sequence)) throw new FormatError('has a signingCertificateV2 of another form');
  return value.valueBlock.value;
}

function serialOf(serial: unknown): Uint8Array {
  if (!(serial instanceof Integer)) throw new FormatError('does not name its signer by a serial number');
  return serial.valueBlock.valueHexView;
}

function digestOf(oid: string, where: string): DigestName {
  const digest = DIGESTS[oid];
  if (digest === undefined) throw new FormatError(`has a digest other than SHA-2 in ${where}`);
  return digest;
}
