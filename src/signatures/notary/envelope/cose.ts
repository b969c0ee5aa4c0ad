/** Envelopes as COSE_Sign1_Tagged. [Notary signature-envelope-cose; RFC 9052, 4.2 and 4.4] */
import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import { type Algorithm, algorithmNamed } from './algorithms.ts';
import {
  checkDisjoint,
  EXPIRY,
  type Label,
  readAttributes,
  SIGNING_AGENT,
  SIGNING_SCHEME,
  SIGNING_TIME,
  TIMESTAMP_SIGNATURE,
} from './attributes.ts';
import { type EnvelopeRequest, type NotaryEnvelope, PAYLOAD_MEDIA_TYPE, type Unsigned } from './envelope.ts';
import { parsePayload } from './payload.ts';

/** [RFC 9052, 3.1; RFC 9360, 2] */
const ALG = 1;
const CRIT = 2;
const CONTENT_TYPE = 3;
const X5CHAIN = 33;
const SIGN1_TAG = 18;
const EPOCH_TIME_TAG = 1;

/** 0001-01-01 to 9999-12-31, in seconds since 1970: what RFC 3339 can write. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** Deterministic encoding, as go-cose writes it. [RFC 8949, 4.2.1] */
const cbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions);

export function prepareCose(request: EnvelopeRequest, algorithm: Algorithm, payload: Uint8Array): Unsigned {
  const { chain, signingTime, expiry, agent } = request;
  const header = new Map<Label, unknown>([
    [ALG, algorithm.cose],
    [CRIT, expiry === undefined ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY]],
    [CONTENT_TYPE, PAYLOAD_MEDIA_TYPE],
    [SIGNING_SCHEME, 'notary.x509'],
    [SIGNING_TIME, epochTime(signingTime)],
  ]);
  if (expiry !== undefined) header.set(EXPIRY, epochTime(expiry));
  const encoded = cbor(header);
  return {
    toBeSigned: sigStructure(encoded, payload),
    seal: (signature, timestamp) => {
      const unsigned = new Map<Label, unknown>([
        [X5CHAIN, chain.map(plain)],
        [SIGNING_AGENT, agent],
      ]);
      if (timestamp !== undefined) unsigned.set(TIMESTAMP_SIGNATURE, plain(timestamp));
      return cbor(new Tagged(SIGN1_TAG, [encoded, unsigned, plain(payload), plain(signature)]));
    },
  };
}

/** @throws FormatError */
export function parseCose(bytes: Uint8Array): NotaryEnvelope {
  const tagged = read(bytes, 'is not CBOR');
  if (!(tagged instanceof Tagged) || tagged.tag !== SIGN1_TAG || !Array.isArray(tagged.value)) {
    throw new FormatError('is not a COSE_Sign1_Tagged object');
  }
  const [encoded, unsigned, payload, signature, ...rest] = tagged.value as unknown[];
  if (rest.length > 0) throw new FormatError('is not a COSE_Sign1_Tagged object');
  const protectedBytes = bytesOf(encoded, 'a protected header');
  const header = labelled(read(protectedBytes, 'has a protected header that is not CBOR'));
  const unsignedHeader = labelled(unsigned);
  checkDisjoint(header.keys(), unsignedHeader.keys());
  if (header.get(CONTENT_TYPE) !== PAYLOAD_MEDIA_TYPE) {
    throw new FormatError(`does not have the content type ${PAYLOAD_MEDIA_TYPE}`);
  }
  const payloadBytes = bytesOf(payload, 'a payload');
  const agent = unsignedHeader.get(SIGNING_AGENT);
  return {
    format: 'cose',
    target: parsePayload(payloadBytes),
    algorithm: algorithmNamed(header.get(ALG)).name,
    chain: listOf(unsignedHeader.get(X5CHAIN), 'certificates').map((one) => bytesOf(one, 'a certificate')),
    ...readAttributes({
      all: header,
      registered: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      critical: listOf(header.get(CRIT), 'critical attributes').map(labelOf),
      readTime,
    }),
    // Verifiers ignore the agent: a value of another type is no error.
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(unsignedHeader.has(TIMESTAMP_SIGNATURE)
      ? { timestamp: bytesOf(unsignedHeader.get(TIMESTAMP_SIGNATURE), 'a timestamp') }
      : {}),
    signature: bytesOf(signature, 'a signature'),
    signed: sigStructure(protectedBytes, payloadBytes),
  };
}

/** [RFC 9052, 4.4] */
function sigStructure(encodedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return cbor(['Signature1', encodedHeader, new Uint8Array(), plain(payload)]);
}

/** cborg does not encode a Buffer as a byte string. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** One CBOR item and no more, in definite lengths and shortest numbers, no label twice. */
function read(bytes: Uint8Array, otherwise: string): unknown {
  return decoding(otherwise, (): unknown =>
    decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: Tagged.preserve(EPOCH_TIME_TAG, SIGN1_TAG),
    }),
  );
}

function epochTime(time: Date): Tagged {
  return new Tagged(EPOCH_TIME_TAG, time.getTime() / 1000);
}

function readTime(value: unknown): Date {
  const seconds = value instanceof Tagged && value.tag === EPOCH_TIME_TAG ? value.value : undefined;
  if (typeof seconds !== 'number' || !(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) {
    throw new FormatError('has a time that is not in seconds since 1970 (CBOR tag 1)');
  }
  return new Date(seconds * 1000);
}

function labelled(value: unknown): ReadonlyMap<Label, unknown> {
  if (!(value instanceof Map)) throw new FormatError('has a header that is not a map');
  return new Map([...value].map(([label, content]): [Label, unknown] => [labelOf(label), content]));
}

function labelOf(value: unknown): Label {
  if (typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new FormatError('has a header label that is neither a number nor text');
}

function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array && value.length > 0) return value;
  throw new FormatError(`lacks ${what}`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new FormatError(`lacks the list of ${what}`);
}
