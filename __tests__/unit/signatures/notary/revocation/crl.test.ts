import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { FormatError } from '../../../../../src/formats/format-error.ts';
import { readCrl, readDelta, stateIn } from '../../../../../src/signatures/notary/revocation/crl.ts';
import { coverAllReasons } from '../../../../../src/signatures/notary/revocation/crl-scope.ts';
import { encode, encodeOid } from '../../../../../src/signatures/x509/asn1/encode.ts';
import {
  algorithm,
  CA_EXTENSIONS,
  type CrlFields,
  entry,
  extension,
  integer,
  name,
  reason,
  sequence,
  time,
  writeCertificate,
  writeCrl,
} from '../../../../helpers/der-pki.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const LIST_URL = 'http://example.org/a.crl';
const SCOPE = { names: [LIST_URL], ca: false };

const ca = writeCertificate({ subject: 'ca', extensions: CA_EXTENSIONS });
const { certificate: leaf } = writeCertificate({ subject: 'leaf', issuer: ca, serial: [0x7f, 1, 2] });
const own = (date?: string, extensions?: Uint8Array[]) => entry(leaf.raw.serial, date, extensions);
const other = (last: number) => entry(integer(0x7f, 1, last));

const crlNumber = (value: number) => extension('2.5.29.20', integer(value));
const deltaOf = (value: number) => extension('2.5.29.27', integer(value), true);
const scopeOf = (...fields: Uint8Array[]) => extension('2.5.29.28', sequence(...fields), true);
const flag = (tag: number, value = 0xff) => encode(tag, Uint8Array.of(value));
const uri = (url: string) => encode(0xa0, encode(0xa0, encode(0x86, Buffer.from(url))));

function read(fields: CrlFields, scope = SCOPE) {
  return readCrl(writeCrl(ca, fields), ca.certificate, scope, NOW);
}

function state(fields: CrlFields, signingTime?: Date): string {
  return stateIn([read(fields)], leaf, signingTime);
}

describe('what a list says of a certificate', () => {
  const invalid = extension('2.5.29.24', time('20240101000000Z'));
  const before = new Date('2023-06-01T00:00:00Z');

  test.each<[string, string, CrlFields, Date?]>([
    ['an empty list', 'good', {}],
    ['other entries only', 'good', { entries: [other(1), other(3)] }],
    [
      'serial numbers that begin or end like its own',
      'good',
      {
        entries: [entry(integer(0x7f, 1)), entry(integer(1, 2)), entry(integer(0x7f, 1, 2, 0))],
      },
    ],
    ['an entry without extensions', 'revoked', { entries: [other(1), own()] }],
    ['a date as GeneralizedTime', 'revoked', { entries: [own('20500101000000Z')] }],
    ['keyCompromise', 'revoked', { entries: [own(undefined, [reason(1)])] }],
    ['certificateHold', 'revoked', { entries: [own(undefined, [reason(6)])] }],
    ['removeFromCRL', 'good', { entries: [own(undefined, [reason(8)])] }],
    [
      'removed after being on hold',
      'good',
      {
        entries: [own('250101000000Z', [reason(6)]), own('250201000000Z', [reason(8)])],
      },
    ],
    [
      'on hold after being removed',
      'revoked',
      {
        entries: [own('250301000000Z', [reason(6)]), own('250201000000Z', [reason(8)])],
      },
    ],
    ['removed, and revoked for good', 'revoked', { entries: [own(undefined, [reason(8)]), own()] }],
    ['invalid since long ago', 'revoked', { entries: [own(undefined, [invalid])] }],
    ['invalid after it signed', 'good', { entries: [own(undefined, [invalid])] }, before],
    ['version 1', 'revoked', { version: [], entries: [own()] }],
  ])('%s: %s', (...[, expected, fields, signingTime]) => {
    expect(state(fields, signingTime)).toBe(expected);
  });

  test('a negative serial number is not the positive one of the same size', () => {
    const { certificate } = writeCertificate({ subject: 'leaf', issuer: ca, serial: [0x81] });
    expect(stateIn([read({ entries: [entry(integer(0x81))] })], certificate)).toBe('good');
    expect(stateIn([read({ entries: [entry(integer(0, 0x81))] })], certificate)).toBe('revoked');
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'a critical certificateIssuer',
      own(undefined, [extension('2.5.29.29', sequence(), true)]),
      /2\.5\.29\.29/,
    ],
    [
      'any other critical extension',
      own(undefined, [extension('1.2.3', integer(1), true)]),
      /not known \(1\.2\.3\)/,
    ],
    [
      'a reason that is no number',
      own(undefined, [extension('2.5.29.21', integer(1))]),
      /reason that is not/,
    ],
    ['the same extension twice', own(undefined, [reason(1), reason(6)]), /twice/],
    [
      'an invalidity date of another type',
      own(undefined, [extension('2.5.29.24', time('240101000000Z'))]),
      /invalidity date/,
    ],
    ['a date of no calendar', own('251301000000Z'), /revocation date that is not/],
    ['no serial number', sequence(time('250101000000Z')), /without a serial number/],
    ['no date', sequence(integer(1)), /without a revocation date/],
    ['a field too many', sequence(integer(1), time('250101000000Z'), sequence(), integer(1)), /another form/],
    ['what is no SEQUENCE', integer(1), /without a serial number/],
  ])('refuses an entry with %s', (_what, element, message) => {
    const crl = read({ entries: [other(1), element] });
    expect(() => stateIn([crl], leaf)).toThrow(message);
    expect(() => stateIn([crl], leaf)).toThrow(FormatError);
  });

  test('extensions of other entries make no difference', () => {
    const critical = [extension('2.5.29.29', sequence(), true)];
    const entries = [entry(integer(5), undefined, critical), own()];
    expect(state({ entries })).toBe('revoked');
  });
});

describe('a list is refused with', () => {
  test.each<[string, CrlFields, RegExp]>([
    ['version 3', { version: [integer(2)] }, /is not a CRL: it has another version than 2/],
    ['two algorithms', { inner: algorithm('1.2.840.10045.4.3.3') }, /two different signature algorithms/],
    ['another issuer', { issuer: name('other') }, /not signed by the issuer/],
    ['no nextUpdate', { nextUpdate: undefined }, /has no nextUpdate/],
    ['a nextUpdate in the past', { nextUpdate: '260501000000Z' }, /^expired on 2026-05-01T/],
    ['a thisUpdate in the future', { thisUpdate: '260602000000Z' }, /thisUpdate that is in the future/],
    ['a time without seconds', { thisUpdate: '2601010000Z' }, /thisUpdate/],
    ['a critical extension', { extensions: [extension('1.2.3.4', integer(1), true)] }, /\(1\.2\.3\.4\)/],
    ['a delta CRL indicator', { extensions: [deltaOf(1)] }, /is a delta CRL/],
    ['the same extension twice', { extensions: [crlNumber(1), crlNumber(2)] }, /twice/],
  ])('%s', (_what, fields, message) => {
    expect(() => read(fields)).toThrow(message);
    expect(() => read(fields)).toThrow(FormatError);
  });

  test('a signature by another key of the same name', () => {
    const twin = writeCertificate({ subject: 'ca', extensions: CA_EXTENSIONS });
    expect(() => readCrl(writeCrl(twin), ca.certificate, SCOPE, NOW)).toThrow(/not signed by the issuer/);
  });

  test('an issuer that is no CA, or may not sign lists', () => {
    const user = writeCertificate({ subject: 'user' });
    expect(() => readCrl(writeCrl(user), user.certificate, SCOPE, NOW)).toThrow(/may not sign CRLs/);
    const usage = extension('2.5.29.15', encode(0x03, Uint8Array.of(2, 0x04)), true);
    const certifier = writeCertificate({ subject: 'x', extensions: [...CA_EXTENSIONS, usage] });
    expect(() => readCrl(writeCrl(certifier), certifier.certificate, SCOPE, NOW)).toThrow(
      /may not sign CRLs/,
    );
  });

  test.each([
    ['SHA-1 with ECDSA', { oid: '1.2.840.10045.4.1', digest: 'sha1' }],
    ['SHA-224 with ECDSA', { oid: '1.2.840.10045.4.3.1', digest: 'sha224' }],
  ])('a signature by %s', (what, signature) => {
    expect(() => read({ signature })).toThrow(`is signed with ${what}, which is not accepted`);
  });

  test('bytes behind it, a byte less, BER', () => {
    const der = writeCrl(ca);
    const refused = (bytes: Uint8Array) => expect(() => readCrl(bytes, ca.certificate, SCOPE, NOW));
    refused(Buffer.concat([der, Buffer.of(0)])).toThrow(/is not a CRL: it has 1 trailing byte/);
    refused(der.subarray(0, -1)).toThrow(/is not a CRL: it ends too early/);
    refused(Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(3), Buffer.of(0, 0)])).toThrow(/indefinite/);
    refused(new Uint8Array()).toThrow(/is not a CRL/);
  });
});

describe('a list is read from', () => {
  test('a CA with an Ed25519 key', () => {
    const keys = generateKeyPairSync('ed25519');
    const edwards = writeCertificate({ subject: 'ed', issuer: ca, extensions: CA_EXTENSIONS, keys });
    const signature = { oid: '1.3.101.112', digest: null };
    const crl = writeCrl(edwards, { signature, entries: [own()] });
    expect(stateIn([readCrl(crl, edwards.certificate, SCOPE, NOW)], leaf)).toBe('revoked');
    const damaged = Buffer.from(crl);
    damaged.writeUInt8((damaged.at(-1) ?? 0) ^ 1, damaged.length - 1);
    expect(() => readCrl(damaged, edwards.certificate, SCOPE, NOW)).toThrow(/not signed by the issuer/);
  });

  test('an issuer whose name it writes as another kind of string', () => {
    const printable = Buffer.from(name('ca'));
    printable.writeUInt8(0x13, printable.indexOf(0x0c));
    expect(state({ issuer: printable, entries: [own()] })).toBe('revoked');
  });
});

describe('the scope of a list', () => {
  test.each<[string, Uint8Array[], boolean, RegExp | undefined]>([
    ['this distribution point', [uri(LIST_URL)], false, undefined],
    ['another distribution point', [uri('http://example.org/b.crl')], false, /another distribution point/],
    ['a name relative to the issuer', [encode(0xa0, encode(0xa1))], false, /another distribution point/],
    ['user certificates', [flag(0x81)], false, undefined],
    ['user certificates, of a CA', [flag(0x81)], true, /does not cover CA certificates/],
    ['CA certificates', [flag(0x82)], true, undefined],
    ['CA certificates, of a user', [flag(0x82)], false, /CA certificates only/],
    ['some reasons', [encode(0x83, Uint8Array.of(6, 0x40))], false, undefined],
    ['several issuers', [flag(0x84)], false, /several issuers/],
    ['attribute certificates', [flag(0x85)], false, /attribute certificates only/],
    ['FALSE, written out', [flag(0x81, 0), flag(0x84, 0)], true, undefined],
    ['a BOOLEAN that is neither', [flag(0x84, 1)], false, /invalid BOOLEAN/],
    ['fields in the wrong order', [flag(0x84), flag(0x81)], false, /more fields/],
    ['an unknown field', [flag(0x86)], false, /more fields/],
    ['a point name of an unknown kind', [encode(0xa0, encode(0xa2))], false, /relative name/],
    ['a GeneralName of an unknown kind', [encode(0xa0, encode(0xa0, encode(0x89)))], false, /GeneralName/],
  ])('%s', (_what, fields, isCa, message) => {
    const check = () => read({ extensions: [scopeOf(...fields)] }, { ...SCOPE, ca: isCa });
    if (message === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(message);
  });
});

describe('the reasons that lists cover', () => {
  const some = (...bits: number[]) => {
    const flags = bits.reduce((all, bit) => all | (0x8000 >> bit), 0);
    const unused = 15 - Math.max(...bits);
    const bytes = unused < 8 ? [unused, flags >> 8, flags & 0xff] : [unused - 8, flags >> 8];
    return read({ extensions: [scopeOf(encode(0x83, Uint8Array.from(bytes)))] });
  };
  const complete = read({});

  test.each<[string, (typeof complete)[], boolean]>([
    ['a complete list', [complete], true],
    ['a complete list beside one of a reason', [some(1), complete], true],
    ['two that make up all', [some(1, 2, 6), some(3, 4, 5, 7, 8)], true],
    ['one of each', [some(1, 2, 3, 4, 5, 6, 7, 8)], true],
    ['one reason', [some(1)], false],
    ['all but the last', [some(1, 2, 3), some(4, 5, 6, 7)], false],
    ['no list', [], false],
  ])('%s', (_what, lists, all) => {
    expect(coverAllReasons(lists.map(({ reasons }) => reasons))).toBe(all);
  });
});

describe('a delta CRL', () => {
  const base = read({ entries: [own(undefined, [reason(6)])], extensions: [crlNumber(5)] });
  const delta = (fields: CrlFields) => readDelta(writeCrl(ca, fields), ca.certificate, base, NOW);

  test('takes a certificate off the list, or puts another one on it', () => {
    const removed = delta({
      entries: [own('250701000000Z', [reason(8)])],
      extensions: [deltaOf(5), crlNumber(6)],
    });
    expect(stateIn([base, removed], leaf)).toBe('good');
    const empty = delta({ extensions: [deltaOf(4), crlNumber(6)] });
    expect(stateIn([base, empty], leaf)).toBe('revoked');
  });

  test('may have the number of its base, which was issued with it', () => {
    const same = (...entries: Uint8Array[]) => delta({ entries, extensions: [deltaOf(4), crlNumber(5)] });
    expect(stateIn([base, same()], leaf)).toBe('revoked');
    const empty = read({ extensions: [crlNumber(5)] });
    expect(stateIn([empty, same()], leaf)).toBe('good');
    expect(stateIn([empty, same(own())], leaf)).toBe('revoked');
  });

  test('comes after its base, also where an entry has the same date', () => {
    const changed = (date: string) =>
      delta({ entries: [own(date, [reason(8)])], extensions: [deltaOf(5), crlNumber(6)] });
    expect(stateIn([base, changed('250601000000Z')], leaf)).toBe('good');
    expect(stateIn([base, changed('250531235959Z')], leaf)).toBe('revoked');
    const both = [reason(6), reason(8)].map((one) => own(undefined, [one]));
    expect(state({ entries: both })).toBe('revoked');
  });

  test('counts although the invalidity date in the base is after the signing time', () => {
    const invalid = extension('2.5.29.24', time('20240101000000Z'));
    const dated = read({ entries: [own(undefined, [reason(1), invalid])], extensions: [crlNumber(5)] });
    const undated = delta({ entries: [own(undefined, [reason(1)])], extensions: [deltaOf(5), crlNumber(6)] });
    const before = new Date('2023-06-01T00:00:00Z');
    expect(stateIn([dated], leaf, before)).toBe('good');
    expect(stateIn([dated, undated], leaf, before)).toBe('revoked');
  });

  test.each<[string, Uint8Array[], RegExp]>([
    ['no indicator', [crlNumber(6)], /is not a delta CRL/],
    ['no number', [deltaOf(5)], /does not match its base/],
    ['a number below that of its base', [deltaOf(4), crlNumber(4)], /does not match its base/],
    ['a later base', [deltaOf(6), crlNumber(7)], /does not match its base/],
    ['another scope', [deltaOf(5), crlNumber(6), scopeOf(flag(0x81))], /other certificates than its base/],
    [
      'an indicator of another type',
      [extension('2.5.29.27', encodeOid('1.2.3'), true), crlNumber(6)],
      /not a delta/,
    ],
  ])('is refused with %s', (_what, extensions, message) => {
    expect(() => delta({ extensions })).toThrow(message);
  });

  test('its place is in freshestCRL', () => {
    const point = sequence(sequence(uri('http://example.org/delta.crl')));
    expect(read({ extensions: [extension('2.5.29.46', point)] }).deltaUrls).toEqual([
      'http://example.org/delta.crl',
    ]);
    const odd = sequence(sequence(encode(0xa3)));
    expect(() => read({ extensions: [extension('2.5.29.46', odd)] })).toThrow(/more fields/);
  });
});
