/** Queries to timestamp authorities and their replies. [RFC 3161, 2.4] */
import { createHash } from 'node:crypto';
import { FormatError } from '../../../formats/format-error.ts';
import type { DigestName } from '../../../model/index.ts';
import { DIGEST_OIDS } from '../../x509/algorithms.ts';
import { readBer } from '../../x509/asn1/ber.ts';
import { childrenOf } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { encode, encodeInteger, encodeOid } from '../../x509/asn1/encode.ts';
import { fieldsOf } from '../../x509/asn1/fields.ts';
import { smallIntegerOf } from '../../x509/asn1/values.ts';
import { MAX_TOKEN_BYTES } from './token.ts';

/** PKIStatus: granted, and granted with modifications, which the checks of the token see. */
const GRANTED = [0, 1];
const MAX_REASON = 300;

/**
 * TimeStampReq ::= SEQUENCE { version 1, messageImprint, nonce INTEGER, certReq TRUE }, in DER.
 * @param nonce A number without leading zeros, big-endian.
 */
export function encodeQuery(signature: Uint8Array, digest: DigestName, nonce: Uint8Array): Uint8Array {
  const algorithm = encode(TAG.sequence, encodeOid(DIGEST_OIDS[digest]), encode(TAG.null));
  const hash = createHash(digest).update(signature).digest();
  return encode(
    TAG.sequence,
    encodeInteger(Uint8Array.of(1)),
    encode(TAG.sequence, algorithm, encode(TAG.octetString, hash)),
    encodeInteger(nonce),
    encode(TAG.boolean, Uint8Array.of(0xff)),
  );
}

/**
 * The token of TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken OPTIONAL }, byte for byte
 * if the reply is DER, and as DER if it is BER.
 * @throws FormatError, also with the reason where the authority refused.
 */
export function tokenOf(reply: Uint8Array): Uint8Array {
  if (reply.length > MAX_TOKEN_BYTES) throw new FormatError(`has more than ${MAX_TOKEN_BYTES / 1024} KiB`);
  const response = fieldsOf(readBer(reply), 'the reply');
  const info = fieldsOf(response.takeAny(), 'the status');
  const status = smallIntegerOf(info.take(TAG.integer, 'number'));
  const reasons = info.takeIf(TAG.sequence);
  const failure = info.takeIf(TAG.bitString);
  if (status === undefined || !GRANTED.includes(status)) {
    const texts = reasons === undefined ? [] : childrenOf(reasons);
    const bits = failure === undefined ? '' : ` ${Buffer.from(failure.content.subarray(1)).toString('hex')}`;
    const text = [
      `status ${status ?? '(unknown)'}${bits}`,
      ...texts.map(({ content }) => Buffer.from(content).toString('utf8')),
    ].join(', ');
    throw new FormatError(`was refused: ${text.slice(0, MAX_REASON)}`);
  }
  const token = response.takeAny();
  if (token === undefined) throw new FormatError('holds no token');
  return Uint8Array.from(token.bytes);
}
