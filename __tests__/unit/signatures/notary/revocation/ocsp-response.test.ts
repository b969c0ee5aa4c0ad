import { describe, expect, test } from '@jest/globals';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import {
  readBasicResponse,
  readSingle,
} from '../../../../../src/signatures/notary/revocation/ocsp-response.ts';
import { readDer } from '../../../../../src/signatures/x509/asn1/der.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import { algorithm, extension, integer, name, sequence, time } from '../../../../helpers/der-pki.ts';

const NULL = encode(0x05);
const AT = time('20260101000000Z');
const octets = (bytes: Uint8Array): Buffer => encode(0x04, bytes);
const certId = sequence(algorithm(), octets(Buffer.from('name')), octets(Buffer.from('key')), integer(1));
const GOOD = encode(0x80);
const single = (status: Uint8Array, ...more: Uint8Array[]): Buffer => sequence(certId, status, AT, ...more);

describe('one answer', () => {
  const read = (bytes: Uint8Array): string => readSingle(readDer(bytes)).status;
  const revoked = (...fields: Uint8Array[]): Buffer => single(encode(0xa1, ...fields));
  const reason = encode(0xa0, encode(0x0a, Uint8Array.of(1)));

  test.each<[string, Buffer, string]>([
    ['good', single(GOOD), 'good'],
    ['unknown', single(encode(0x82)), 'unknown'],
    ['revoked', revoked(AT), 'revoked'],
    ['revoked for a reason', revoked(AT, reason), 'revoked'],
    ['with a nextUpdate and an extension', single(GOOD, encode(0xa0, AT), encode(0xa1, sequence())), 'good'],
  ])('%s', (_what, bytes, status) => {
    expect(read(bytes)).toBe(status);
  });

  test.each<[string, Buffer, RegExp]>([
    ['good with content', single(encode(0x80, Uint8Array.of(0))), /status of an unknown kind/],
    ['unknown with content', single(encode(0x82, Uint8Array.of(0))), /status of an unknown kind/],
    ['another status', single(encode(0x83)), /status of an unknown kind/],
    ['no status', sequence(certId), /status of an unknown kind/],
    ['revoked without a time', revoked(), /lacks the time/],
    ['revoked at no time', revoked(encode(0x18, Buffer.from('20261301000000Z'))), /a revocation time/],
    ['revoked with a further field', revoked(AT, reason, NULL), /more fields in the RevokedInfo/],
    ['no thisUpdate', sequence(certId, GOOD), /lacks the thisUpdate/],
    ['a nextUpdate at no time', single(GOOD, encode(0xa0, time('20260231000000Z'))), /a nextUpdate/],
    [
      'a nextUpdate with a further field',
      single(GOOD, encode(0xa0, AT, NULL)),
      /more fields in the nextUpdate/,
    ],
    ['a further field', single(GOOD, NULL), /more fields in an answer/],
  ])('%s is refused', (_what, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(FormatError);
  });
});

interface Parts {
  status?: number;
  afterBytes?: Uint8Array;
  type?: string;
  afterType?: Uint8Array;
  responder?: Uint8Array;
  producedAt?: Uint8Array;
  afterData?: Uint8Array;
  certificates?: Uint8Array;
  afterBasic?: Uint8Array;
}

const some = (bytes: Uint8Array | undefined): Uint8Array[] => (bytes === undefined ? [] : [bytes]);

function response(parts: Parts): Buffer {
  const { responder = encode(0xa1, name('ca')), producedAt = AT } = parts;
  const data = sequence(responder, producedAt, sequence(single(GOOD)), ...some(parts.afterData));
  const signature = encode(0x03, Uint8Array.of(0), Buffer.from('signature'));
  const basic = sequence(
    data,
    algorithm(),
    signature,
    ...some(parts.certificates),
    ...some(parts.afterBasic),
  );
  const { type = '1.3.6.1.5.5.7.48.1.1', status = 0 } = parts;
  const typed = sequence(encodeOid(type), octets(basic), ...some(parts.afterType));
  return sequence(encode(0x0a, Uint8Array.of(status)), encode(0xa0, typed), ...some(parts.afterBytes));
}

describe('a response', () => {
  test.each<[string, Parts, number]>([
    ['by the name of its responder', {}, 0],
    ['by the key of its responder', { responder: encode(0xa2, octets(Buffer.alloc(20))) }, 0],
    ['with a certificate', { certificates: encode(0xa0, sequence(sequence(NULL))) }, 1],
    ['with extensions', { afterData: encode(0xa1, sequence(extension('1.2.3', NULL))) }, 0],
  ])('%s', (_what, parts, certificates) => {
    const basic = readBasicResponse(response(parts));
    expect(basic.responses).toHaveLength(1);
    expect(basic.certificates).toHaveLength(certificates);
    expect(Buffer.from(basic.signature).toString()).toBe('signature');
  });

  test.each<[string, Parts, RegExp]>([
    ['a failure', { status: 3 }, /reports a failure \(try later\)/],
    ['another failure', { status: 9 }, /reports a failure \(status 9\)/],
    ['a field after the bytes', { afterBytes: NULL }, /more fields in the response than/],
    ['another type', { type: '1.3.6.1.5.5.7.48.1.2' }, /unknown type/],
    ['a field after the content', { afterType: NULL }, /more fields in the response bytes/],
    ['a responder of another kind', { responder: encode(0xa3, name('ca')) }, /does not name its responder/],
    ['a responder that is no name', { responder: encode(0xa1, NULL) }, /lacks the content/],
    [
      'a key with a further field',
      { responder: encode(0xa2, octets(NULL), NULL) },
      /more fields in the responder/,
    ],
    ['a time that is none', { producedAt: encode(0x18, Buffer.from('yesterday')) }, /has a time that/],
    ['a field after the answers', { afterData: NULL }, /more fields in the response data/],
    ['a field after the certificates', { afterBasic: NULL }, /more fields in the basic response/],
  ])('%s is refused', (_what, parts, message) => {
    expect(() => readBasicResponse(response(parts))).toThrow(message);
  });
});
