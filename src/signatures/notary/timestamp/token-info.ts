/** What a timestamp says: TSTInfo. [RFC 3161, 2.4.2] */
import { FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import { DIGEST_OIDS, digestOfOid, readAlgorithm } from '../../x509/algorithms.ts';
import { type Element, readDer } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { Fields, fieldsOf } from '../../x509/asn1/fields.ts';
import { readGeneralizedTime } from '../../x509/asn1/time.ts';
import { bigIntegerOf, oidOf, smallIntegerOf, smallNumber } from '../../x509/asn1/values.ts';
import { readExtensionList } from '../../x509/extensions.ts';

export interface TimestampInfo {
  imprint: { digest: DigestName; value: Uint8Array };
  time: Date;
  accuracyMs: number;
  nonce: bigint | undefined;
}

/** ETSI EN 319 421's and RFC 3628's baseline policy promises a second where the token says nothing. */
const BASELINE_POLICY = '0.4.0.2023.1.1';
/** Tags of `millis [0]` and `micros [1]`, IMPLICIT. */
const MILLIS = 0x80;
const MICROS = 0x81;

/**
 * SEQUENCE { version 1, policy, messageImprint, serialNumber, genTime, accuracy OPTIONAL, ordering DEFAULT
 * FALSE, nonce OPTIONAL, tsa [0] OPTIONAL, extensions [1] OPTIONAL }, in DER.
 * @throws FormatError
 */
export function readInfo(content: Uint8Array): TimestampInfo {
  const fields = fieldsOf(readDer(content), 'the TSTInfo');
  const version = smallIntegerOf(fields.take(TAG.integer, 'version'));
  if (version !== 1) throw new FormatError('has a version other than 1');
  const policy = oidOf(fields.takeAny());
  const imprint = readImprint(fields.take(TAG.sequence, 'imprint'));
  fields.take(TAG.integer, 'serial number');
  const time = readGeneralizedTime(fields.take(TAG.generalizedTime, 'time'), 'a time');
  const accuracy = fields.takeIf(TAG.sequence);
  fields.takeIf(TAG.boolean);
  const nonce = fields.takeIf(TAG.integer);
  fields.takeIf(TAG.context0);
  const extensions = fields.takeIf(TAG.context1);
  fields.end();
  checkExtensions(extensions);
  return {
    imprint,
    time,
    accuracyMs: accuracyOf(accuracy, policy),
    nonce: nonce && bigIntegerOf(nonce),
  };
}

/** MessageImprint ::= SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING }. */
function readImprint(element: Element): TimestampInfo['imprint'] {
  const fields = new Fields(element, 'the imprint');
  const { oid } = readAlgorithm(fields.takeAny(), 'the hash algorithm of the imprint');
  const value = fields.take(TAG.octetString, 'hash').content;
  fields.end();
  return { digest: digestOf(oid, 'its imprint'), value };
}

/** @param where For the message, such as `its imprint`. */
export function digestOf(oid: string, where: string): DigestName {
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === undefined) throw new FormatError(`has a digest other than SHA-2 in ${where}`);
  return digest;
}

/** @param list `[1] IMPLICIT Extensions`. */
function checkExtensions(list: Element | undefined): void {
  const extensions = readExtensionList(list && { ...list, tag: TAG.sequence });
  if ([...extensions.values()].some(({ critical }) => critical)) {
    throw new FormatError('has a critical extension that is not understood');
  }
}

/**
 * Accuracy ::= SEQUENCE { seconds OPTIONAL, millis [0] OPTIONAL, micros [1] OPTIONAL }, in milliseconds.
 * [trust-store-trust-policy, steps; as tspclient-go does it]
 */
function accuracyOf(accuracy: Element | undefined, policy: string): number {
  const fields = accuracy && new Fields(accuracy, 'the accuracy');
  const [seconds, millis, micros] = [TAG.integer, MILLIS, MICROS].map((tag) => {
    const element = fields?.takeIf(tag);
    const value = element === undefined ? 0 : smallNumber(element.content);
    if (value === undefined) throw new FormatError('has an accuracy that is not a number');
    return value;
  });
  fields?.end();
  const ms = (seconds ?? 0) * 1000 + (millis ?? 0) + (micros ?? 0) / 1000;
  return ms === 0 && policy === BASELINE_POLICY ? 1000 : ms;
}
