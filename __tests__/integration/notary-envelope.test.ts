import { beforeAll, describe, expect, test } from '@jest/globals';
import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';
import { VeritySignError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type NotaryEnvelope,
} from '../../src/signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../src/signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../src/signatures/notary/envelope/verify.ts';
import { identity, type NotaryIdentity, requestFor } from '../helpers/notary.ts';
import { KEY_TYPES } from '../helpers/pki.ts';

const FORMATS = ['jws', 'cose'] as const;
const TARGET: Descriptor = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'5'.repeat(64)}`,
  size: 1234,
};
const TIME = new Date('2026-03-04T05:06:07.890Z');
const SCHEME = 'io.cncf.notary.signingScheme';
const SIGNING_TIME = 'io.cncf.notary.signingTime';
const AUTHENTIC = 'io.cncf.notary.authenticSigningTime';
const EXPIRY = 'io.cncf.notary.expiry';
const CTY = 'application/vnd.cncf.notary.payload.v1+json';

let who: NotaryIdentity;
beforeAll(async () => {
  who = await identity('p256');
});

const read = (format: EnvelopeFormat, bytes: Uint8Array): NotaryEnvelope => {
  const envelope = parseEnvelope(ENVELOPE_MEDIA_TYPE[format], bytes);
  checkIntegrity(envelope);
  return envelope;
};
const url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const cbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions);

function refusal(format: EnvelopeFormat, bytes: Uint8Array): string {
  try {
    read(format, bytes);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    expect(error.code).toBe('image');
    return error.message;
  }
  return 'accepted';
}

describe.each(FORMATS)('an envelope made here, %s', (format) => {
  test.each(KEY_TYPES)('holds what was asked for, %s', async (key) => {
    const signer = await identity(key);
    const target = { ...TARGET, annotations: { 'com.example': 'é' } };
    const expiry = new Date(TIME.getTime() + 60_000);
    for (const sign of [signer.sign, signer.signP1363]) {
      const more = { target, signingTime: TIME, expiry, timestamp: async () => Buffer.from('token') };
      const bytes = await buildEnvelope(format, requestFor(signer, TARGET, more), sign);
      const { signature, signed, ...envelope } = read(format, bytes);
      expect(envelope).toEqual({
        format,
        target,
        algorithm: `${signer.spec.kind === 'rsa' ? 'PS' : 'ES'}${signer.spec.digest.slice(3)}`,
        chain: signer.chain.map((der) => expect.objectContaining(Uint8Array.from(der))),
        signingScheme: 'notary.x509',
        signingTime: new Date('2026-03-04T05:06:07Z'),
        expiry: new Date('2026-03-04T05:07:07Z'),
        agent: 'verity-sign/0.0.0',
        timestamp: expect.objectContaining(Uint8Array.from(Buffer.from('token'))),
        critical: [],
      });
      expect(Buffer.from(signed).includes(Buffer.from(signature))).toBe(false);
    }
  });

  test('what is timestamped is the signature', async () => {
    const seen: Uint8Array[] = [];
    const timestamp = async (signature: Uint8Array) => {
      seen.push(signature);
      return Buffer.from('token');
    };
    const bytes = await buildEnvelope(format, requestFor(who, TARGET, { timestamp }), who.sign);
    expect(seen.map((one) => url(one))).toEqual([url(read(format, bytes).signature)]);
  });

  test('fault 42: a signature by another key is refused', async () => {
    const other = await identity('chainedEc');
    await expect(buildEnvelope(format, requestFor(who, TARGET), other.sign)).rejects.toMatchObject({
      code: 'key',
      message: expect.stringContaining('does not verify'),
    });
  });

  test('fault 48: PKCS#1 v1.5, another digest and garbage are refused', async () => {
    const rsa = await identity('rsa2048');
    const value = Buffer.alloc(256, 1);
    const build = (signer: NotaryIdentity, raw: Awaited<ReturnType<NotaryIdentity['sign']>>) =>
      buildEnvelope(format, requestFor(signer, TARGET), async () => raw);
    await expect(build(rsa, { scheme: 'rsa-pkcs1-v1_5', digest: 'sha256', value })).rejects.toThrow(
      'PKCS#1 v1.5',
    );
    await expect(build(rsa, { scheme: 'rsa-pss', digest: 'sha384', value })).rejects.toThrow(
      'instead of PS256',
    );
    await expect(build(rsa, { scheme: 'ecdsa-der', digest: 'sha256', value })).rejects.toThrow(
      'instead of PS256',
    );
    await expect(build(rsa, { scheme: 'rsa-pss', digest: 'sha256', value })).rejects.toThrow(
      'does not verify',
    );
    for (const hex of [
      '',
      '00',
      '3000',
      '3006020101020100',
      '300602010102010100',
      `3003020101${'00'.repeat(70)}`,
    ]) {
      const garbage = { scheme: 'ecdsa-der', digest: 'sha256', value: Buffer.from(hex, 'hex') } as const;
      await expect(build(who, garbage)).rejects.toThrow('not ECDSA in DER');
    }
    for (const length of [0, 63, 64, 65]) {
      const halves = { scheme: 'ecdsa-p1363', digest: 'sha256', value: Buffer.alloc(length, 7) } as const;
      await expect(build(who, halves)).rejects.toThrow('does not verify');
    }
  });

  test('an expiry that is over at once and reserved metadata are refused', async () => {
    const at = new Date();
    const expiring = requestFor(who, TARGET, { signingTime: at, expiry: at });
    await expect(buildEnvelope(format, expiring, who.sign)).rejects.toMatchObject({ code: 'usage' });
    const target = { ...TARGET, annotations: { 'io.cncf.notary.mine': '' } };
    const reserved = requestFor(who, TARGET, { target });
    await expect(buildEnvelope(format, reserved, who.sign)).rejects.toMatchObject({ code: 'usage' });
  });

  test('a chain that breaks the rules is refused before anything is signed', async () => {
    const request = { ...requestFor(who, TARGET), chain: who.chain.slice(0, 1) };
    const never = () => Promise.reject(new Error('must not be asked'));
    await expect(buildEnvelope(format, request, never)).rejects.toMatchObject({ code: 'key' });
    const late = requestFor(who, TARGET, { signingTime: new Date('2070-01-01') });
    await expect(buildEnvelope(format, late, never)).rejects.toThrow('expired');
  });

  test('an envelope of the other format, or of none, is refused', async () => {
    const bytes = await buildEnvelope(format, requestFor(who, TARGET), who.sign);
    expect(refusal(format === 'jws' ? 'cose' : 'jws', bytes)).not.toBe('accepted');
    expect(() => parseEnvelope('application/json', bytes)).toThrow('not the media type');
    for (const none of [
      Buffer.alloc(0),
      Buffer.from('null'),
      Buffer.from('f6', 'hex'),
      Buffer.alloc(2 << 20),
    ]) {
      expect(refusal(format, none)).not.toBe('accepted');
    }
  });
});

/** A correctly signed JWS of any content. */
async function jws(parts: {
  header?: string;
  payload?: string;
  unsigned?: string;
  envelope?: (fields: Record<string, string>) => string;
}): Promise<Uint8Array> {
  const header = url(parts.header ?? jwsHeader());
  const payload = url(parts.payload ?? JSON.stringify({ targetArtifact: TARGET }));
  const { value } = await who.signP1363(Buffer.from(`${header}.${payload}`));
  const x5c = JSON.stringify(who.chain.map((der) => Buffer.from(der).toString('base64')));
  const fields = {
    payload,
    protected: header,
    signature: url(value),
    header: parts.unsigned ?? `{"x5c":${x5c}}`,
  };
  const write =
    parts.envelope ??
    ((all) =>
      `{"payload":"${all.payload}","protected":"${all.protected}","header":${all.header},"signature":"${all.signature}"}`);
  return Buffer.from(write(fields));
}

function jwsHeader(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    alg: 'ES256',
    cty: CTY,
    crit: [SCHEME],
    [SCHEME]: 'notary.x509',
    [SIGNING_TIME]: '2026-03-04T05:06:07Z',
    ...change,
  });
}

const AUTHORITY = { [SCHEME]: 'notary.x509.signingAuthority', [SIGNING_TIME]: undefined };

describe('a correctly signed JWS is accepted', () => {
  test.each<[string, Record<string, unknown>, Partial<NotaryEnvelope>]>([
    ['as it is', {}, { critical: [] }],
    [
      'of a signing authority',
      { ...AUTHORITY, [AUTHENTIC]: '2026-03-04T05:06:07.5+01:00', crit: [AUTHENTIC, SCHEME] },
      {
        signingScheme: 'notary.x509.signingAuthority',
        authenticSigningTime: new Date('2026-03-04T04:06:07.5Z'),
      },
    ],
    [
      'with critical attributes of a plugin, which are told',
      { crit: [SCHEME, 'io.cncf.notary.verificationPlugin'], 'io.cncf.notary.verificationPlugin': 'x' },
      { critical: ['io.cncf.notary.verificationPlugin'] },
    ],
    ['with attributes that are not critical', { 'com.example': { a: [1] } }, { critical: [] }],
  ])('%s', async (_name, change, expected) => {
    expect(read('jws', await jws({ header: jwsHeader(change) }))).toMatchObject(expected);
  });

  test('with a descriptor and unsigned attributes that have more to say', async () => {
    const payload = JSON.stringify({ targetArtifact: { ...TARGET, artifactType: 'a/b', urls: [] } });
    const x5c = who.chain.map((der) => Buffer.from(der).toString('base64'));
    const unsigned = JSON.stringify({ x5c, 'io.cncf.notary.timestamp': 'x' });
    expect(read('jws', await jws({ payload, unsigned })).target).toEqual(TARGET);
  });
});

describe('a JWS is refused, though correctly signed:', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['alg none', { alg: 'none' }, /algorithm other than/],
    ['alg HS256', { alg: 'HS256' }, /algorithm other than/],
    ['alg RS256', { alg: 'RS256' }, /algorithm other than/],
    ['alg of another key', { alg: 'ES384' }, /claims the algorithm ES384/],
    ['alg of another kind', { alg: 'PS256' }, /claims the algorithm PS256/],
    ['no alg', { alg: undefined }, /malformed at alg/],
    ['another content type', { cty: 'application/json' }, /malformed at cty/],
    ['no crit', { crit: undefined }, /malformed at crit/],
    ['empty crit', { crit: [] }, /malformed at crit/],
    ['crit without the scheme', { crit: ['a'], a: 1 }, /does not list io.cncf.notary.signingScheme/],
    ['crit with what is not there', { crit: [SCHEME, 'a'] }, /lacks the critical attribute a/],
    ['crit with a registered name', { crit: [SCHEME, 'alg'] }, /lists alg/],
    ['crit with the signing time', { crit: [SCHEME, SIGNING_TIME] }, /lists io.cncf.notary.signingTime/],
    ['crit with a name twice', { crit: [SCHEME, SCHEME] }, /twice/],
    ['an unknown scheme', { [SCHEME]: 'notary.x510' }, /signing scheme other/],
    ['no scheme', { [SCHEME]: undefined }, /malformed at io.cncf.notary.signingScheme/],
    ['no signing time', { [SIGNING_TIME]: undefined }, /lacks io.cncf.notary.signingTime/],
    ['both times', { [AUTHENTIC]: '2026-03-04T05:06:07Z' }, /has io.cncf.notary.authenticSigningTime/],
    ['an authority without its time', { ...AUTHORITY }, /lacks io.cncf.notary.authenticSigningTime/],
    [
      'an authority whose time is not critical',
      { ...AUTHORITY, [AUTHENTIC]: '2026-03-04T05:06:07Z' },
      /does not list io.cncf.notary.authenticSigningTime/,
    ],
    [
      'an expiry that is not critical',
      { [EXPIRY]: '2026-03-05T05:06:07Z' },
      /does not list io.cncf.notary.expiry/,
    ],
    [
      'an expiry before the signing',
      { [EXPIRY]: '2026-03-04T05:06:07Z', crit: [SCHEME, EXPIRY] },
      /expires before it was signed/,
    ],
    ...[
      '2026-02-30T00:00:00Z',
      '2026-03-04',
      '2026-03-04T24:00:00Z',
      '2026-03-04T05:06:60Z',
      '1',
      '2026-03-04t05:06:07z',
      '2026-03-04T05:06:07+99:99',
    ].map((time): [string, Record<string, unknown>, RegExp] => [
      `time ${time}`,
      { [SIGNING_TIME]: time },
      /not one of RFC 3339/,
    ]),
    ['a time that is a number', { [SIGNING_TIME]: 1 }, /malformed/],
    ['a name in other case', { CRIT: ['x'] }, /which Go programs read as/],
    ['a name with a long s', { 'io.cncf.notary.ſigningTime': 'x' }, /which Go programs read as/],
  ])('%s', async (_name, change, message) => {
    expect(refusal('jws', await jws({ header: jwsHeader(change) }))).toMatch(message);
  });

  test.each<[string, Parameters<typeof jws>[0], RegExp]>([
    [
      'a header name twice',
      { header: jwsHeader().replace('{', '{"alg":"ES256",') },
      /has the name "\w+" twice/,
    ],
    [
      'an escaped name twice',
      { header: jwsHeader().replace('{', '{"al\\u0067":"ES256",') },
      /has the name "\w+" twice/,
    ],
    ['bytes after the header', { header: `${jwsHeader()} x` }, /not valid JSON/],
    ['a byte order mark', { header: `\ufeff${jwsHeader()}` }, /not valid JSON/],
    ['a header that is no object', { header: '[]' }, /malformed/],
    ['a payload that is no JSON', { payload: 'x' }, /not valid JSON/],
    ['no payload', { payload: '' }, /not valid JSON/],
    ['a payload without a target', { payload: '{}' }, /malformed at targetArtifact/],
    [
      'two targets',
      { payload: `{"targetArtifact":${JSON.stringify(TARGET)},"targetArtifact":{}}` },
      /has the name "\w+" twice/,
    ],
    [
      'targets that differ in case',
      { payload: `{"targetArtifact":${JSON.stringify(TARGET)},"TargetArtifact":{}}` },
      /which Go programs read as/,
    ],
    [
      'a digest that is none',
      { payload: JSON.stringify({ targetArtifact: { ...TARGET, digest: 'sha256:1' } }) },
      /digest/,
    ],
    ['a negative size', { payload: JSON.stringify({ targetArtifact: { ...TARGET, size: -1 } }) }, /size/],
    ['a fractional size', { payload: JSON.stringify({ targetArtifact: { ...TARGET, size: 1.5 } }) }, /size/],
    ['no certificate', { unsigned: '{"x5c":[]}' }, /no certificate/],
    ['no x5c', { unsigned: '{}' }, /malformed at header.x5c/],
    ['x5c that is no certificate', { unsigned: '{"x5c":["AAAA"]}' }, /a certificate that cannot be read/],
    ['x5c in base64url', { unsigned: '{"x5c":["_-8="]}' }, /not canonical base64/],
    [
      'a signed name unsigned as well',
      { unsigned: '{"x5c":["AAAA"],"alg":"ES256"}' },
      /both signed and unsigned/,
    ],
    [
      'another top-level name',
      {
        envelope: (f) =>
          `{"payload":"${f.payload}","protected":"${f.protected}","header":${f.header},"signature":"${f.signature}","signatures":[]}`,
      },
      /malformed/,
    ],
    [
      'a payload twice',
      {
        envelope: (f) =>
          `{"payload":"e30","payload":"${f.payload}","protected":"${f.protected}","header":${f.header},"signature":"${f.signature}"}`,
      },
      /has the name "\w+" twice/,
    ],
    [
      'padded base64url',
      {
        envelope: (f) =>
          `{"payload":"${f.payload}","protected":"${f.protected}","header":${f.header},"signature":"${f.signature}=="}`,
      },
      /not canonical base64url/,
    ],
    [
      'a signature in other bits',
      {
        envelope: (f) =>
          `{"payload":"${f.payload}","protected":"${f.protected}","header":${f.header},"signature":"${f.signature?.slice(0, -1)}${f.signature?.endsWith('B') ? 'C' : 'B'}"}`,
      },
      /not canonical base64url/,
    ],
    [
      'the general serialisation',
      {
        envelope: (f) =>
          `{"payload":"${f.payload}","signatures":[{"protected":"${f.protected}","header":${f.header},"signature":"${f.signature}"}]}`,
      },
      /malformed/,
    ],
    [
      'the compact serialisation',
      { envelope: (f) => `${f.protected}.${f.payload}.${f.signature}` },
      /not valid JSON/,
    ],
  ])('%s', async (_name, parts, message) => {
    expect(refusal('jws', await jws(parts))).toMatch(message);
  });

  test('more certificates than a chain has', async () => {
    const x5c = Array.from({ length: 11 }, () => Buffer.from(who.chain[0] ?? []).toString('base64'));
    expect(refusal('jws', await jws({ unsigned: JSON.stringify({ x5c }) }))).toMatch(
      /more than 10 certificates/,
    );
  });

  test('deep nesting', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const message = refusal('jws', await jws({ header: jwsHeader().replace('{', `{"deep":${deep},`) }));
    expect(message).not.toBe('accepted');
  });
});

type Header = [unknown, unknown][];

async function cose(parts: {
  header?: Uint8Array;
  payload?: unknown;
  unsigned?: unknown;
  write?: (fields: unknown[]) => Uint8Array;
}): Promise<Uint8Array> {
  const header = parts.header ?? cbor(new Map(coseHeader()));
  const payload =
    'payload' in parts
      ? parts.payload
      : Uint8Array.from(Buffer.from(JSON.stringify({ targetArtifact: TARGET })));
  const { value } = await who.signP1363(cbor(['Signature1', header, new Uint8Array(), payload]));
  const unsigned = parts.unsigned ?? new Map([[33, who.chain.map((der) => Uint8Array.from(der))]]);
  const write = parts.write ?? ((fields) => cbor(new Tagged(18, fields)));
  return write([header, unsigned, payload, Uint8Array.from(value)]);
}

function coseHeader(change: Header = [], without: unknown[] = []): Header {
  const all = new Map<unknown, unknown>([
    [1, -7],
    [2, [SCHEME]],
    [3, CTY],
    [SCHEME, 'notary.x509'],
    [SIGNING_TIME, new Tagged(1, 1_772_600_767)],
    ...change,
  ]);
  for (const label of without) all.delete(label);
  return [...all];
}

describe('a correctly signed COSE_Sign1 is accepted', () => {
  test.each<[string, Header, unknown[], Partial<NotaryEnvelope>]>([
    ['as it is', [], [], { critical: [], signingTime: new Date('2026-03-04T05:06:07Z') }],
    [
      'of a signing authority',
      [
        [SCHEME, 'notary.x509.signingAuthority'],
        [2, [SCHEME, AUTHENTIC]],
        [AUTHENTIC, new Tagged(1, 1_772_600_767.5)],
      ],
      [SIGNING_TIME],
      { authenticSigningTime: new Date('2026-03-04T05:06:07.5Z') },
    ],
    [
      'with critical attributes, which are told',
      [
        [2, [SCHEME, 'x', 99]],
        ['x', 1],
        [99, 1],
      ],
      [],
      { critical: ['x', '99'] },
    ],
  ])('%s', async (_name, change, without, expected) => {
    const header = cbor(new Map(coseHeader(change, without)));
    expect(read('cose', await cose({ header }))).toMatchObject(expected);
  });
});

describe('a COSE_Sign1 is refused, though correctly signed:', () => {
  test.each<[string, Header, unknown[], RegExp]>([
    ['alg HMAC', [[1, 5]], [], /algorithm other than/],
    ['alg as text', [[1, 'x']], [], /algorithm other than/],
    ['alg of another key', [[1, -35]], [], /claims the algorithm ES384/],
    ['no alg', [], [1], /algorithm other than/],
    ['no content type', [], [3], /content type/],
    ['a hash envelope', [[258, -16]], [3], /content type/],
    ['no crit', [], [2], /lacks the list of critical/],
    ['empty crit', [[2, []]], [], /lacks the list of critical/],
    ['crit of other things', [[2, [SCHEME, 1.5]]], [], /neither a number nor text/],
    ['crit with a common label', [[2, [SCHEME, 3]]], [], /lists 3/],
    ['crit with what is not there', [[2, [SCHEME, 99]]], [], /lacks the critical attribute 99/],
    ['no scheme', [], [SCHEME], /lacks the critical attribute/],
    ['a time without its tag', [[SIGNING_TIME, 1_772_600_767]], [], /not in seconds since 1970/],
    ['a time in words', [[SIGNING_TIME, '2026-03-04T05:06:07Z']], [], /not in seconds since 1970/],
    ['a time beyond all years', [[SIGNING_TIME, new Tagged(1, 1e15)]], [], /not in seconds since 1970/],
    ['an expiry that is not critical', [[EXPIRY, new Tagged(1, 1_772_700_000)]], [], /does not list/],
    ['a label that is bytes', [[Uint8Array.of(1), 1]], [], /neither a number nor text/],
  ])('%s', async (_name, change, without, message) => {
    const header = cbor(new Map(coseHeader(change, without)));
    expect(refusal('cose', await cose({ header }))).toMatch(message);
  });

  test.each<[string, Parameters<typeof cose>[0], RegExp]>([
    ['no tag', { write: (fields) => cbor(fields) }, /not a COSE_Sign1_Tagged/],
    ['another tag', { write: (fields) => cbor(new Tagged(98, fields)) }, /not CBOR/],
    ['a fifth field', { write: (fields) => cbor(new Tagged(18, [...fields, 1])) }, /not a COSE_Sign1_Tagged/],
    [
      'bytes after it',
      { write: (fields) => Buffer.concat([cbor(new Tagged(18, fields)), Buffer.from([0])]) },
      /not CBOR/,
    ],
    [
      'an array of indefinite length',
      {
        write: (fields) =>
          Buffer.concat([Buffer.from('d29f', 'hex'), ...fields.map(cbor), Buffer.from('ff', 'hex')]),
      },
      /not CBOR/,
    ],
    [
      'a length that is not the shortest',
      { write: (fields) => Buffer.concat([Buffer.from('d29804', 'hex'), ...fields.map(cbor)]) },
      /not CBOR/,
    ],
    ['a detached payload', { payload: null }, /lacks a payload/],
    ['a payload of text', { payload: 'text' }, /lacks a payload/],
    ['a header that is no map', { header: cbor([1]) }, /not a map/],
    ['an empty header', { header: new Uint8Array() }, /lacks a protected header/],
    ['bytes after the header', { header: Uint8Array.from([...cbor(new Map(coseHeader())), 0]) }, /not CBOR/],
    ['a label twice', { header: Buffer.from('a201260126', 'hex').subarray() }, /not CBOR/],
    ['unsigned no map', { unsigned: [] }, /not a map/],
    ['no certificates', { unsigned: new Map() }, /lacks the list of certificates/],
    [
      'one certificate outside a list',
      { unsigned: new Map([[33, Uint8Array.of(1)]]) },
      /lacks the list of certificates/,
    ],
    ['certificates as text', { unsigned: new Map([[33, ['x']]]) }, /lacks a certificate/],
    [
      'a label signed and unsigned',
      {
        unsigned: new Map<unknown, unknown>([
          [33, [Uint8Array.of(1)]],
          [1, -7],
        ]),
      },
      /both signed and unsigned/,
    ],
    [
      'deep nesting',
      {
        write: () =>
          Buffer.concat([Buffer.from('d284', 'hex'), Buffer.alloc(500_000, 0x81), Buffer.from([0])]),
      },
      /not CBOR/,
    ],
    ['a length beyond all memory', { write: () => Buffer.from('d29bffffffffffffffff00', 'hex') }, /not CBOR/],
  ])('%s', async (_name, parts, message) => {
    const { header, ...others } = parts;
    const plain = header === undefined ? {} : { header: Uint8Array.from(header) };
    expect(refusal('cose', await cose({ ...others, ...plain }))).toMatch(message);
  });
});

test('the COSE encoding is the deterministic one, labels in bytewise order', async () => {
  const expiry = new Date(TIME.getTime() + 60_000);
  const bytes = await buildEnvelope('cose', requestFor(who, TARGET, { signingTime: TIME, expiry }), who.sign);
  const options = { useMaps: true, tags: Tagged.preserve(1, 18) };
  const tagged: Tagged = decode(bytes, options);
  const [header, unsigned] = tagged.value as [Uint8Array, Map<unknown, unknown>];
  const labels = [...(decode(header, options) as Map<unknown, unknown>).keys()];
  expect(labels).toEqual([1, 2, 3, EXPIRY, SIGNING_TIME, SCHEME]);
  expect([...unsigned.keys()]).toEqual([33, 'io.cncf.notary.signingAgent']);
  expect(Buffer.from(cbor(tagged)).equals(bytes)).toBe(true);
});
