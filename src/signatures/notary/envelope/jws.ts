/** Envelopes as flattened JWS in JSON. [Notary signature-envelope-jws; RFC 7515, 7.2.2] */
import * as z from 'zod';
import { FormatError } from '../../../formats/format-error.ts';
import { parseStrictJson } from '../../../formats/strict-json.ts';
import { type Algorithm, algorithmNamed } from './algorithms.ts';
import {
  AUTHENTIC_SIGNING_TIME,
  checkDisjoint,
  EXPIRY,
  readAttributes,
  SIGNING_AGENT,
  SIGNING_SCHEME,
  SIGNING_TIME,
  TIMESTAMP_SIGNATURE,
} from './attributes.ts';
import { base64, base64url } from './base64.ts';
import { type EnvelopeRequest, type NotaryEnvelope, PAYLOAD_MEDIA_TYPE, type Unsigned } from './envelope.ts';
import { parsePayload } from './payload.ts';

const envelopeSchema = z.strictObject({
  payload: base64url,
  protected: base64url,
  header: z.looseObject({
    x5c: z.array(base64),
    [SIGNING_AGENT]: z.string().optional(),
    [TIMESTAMP_SIGNATURE]: base64.optional(),
  }),
  signature: base64url,
});

const protectedSchema = z.looseObject({
  alg: z.string(),
  cty: z.literal(PAYLOAD_MEDIA_TYPE),
  crit: z.array(z.string()).min(1),
  [SIGNING_SCHEME]: z.string(),
  [SIGNING_TIME]: z.string().optional(),
  [AUTHENTIC_SIGNING_TIME]: z.string().optional(),
  [EXPIRY]: z.string().optional(),
});

/** Names are in the order in which notation writes them. */
export function prepareJws(request: EnvelopeRequest, algorithm: Algorithm, payload: Uint8Array): Unsigned {
  const { chain, signingTime, expiry, agent } = request;
  const header = {
    alg: algorithm.name,
    crit: expiry === undefined ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY],
    cty: PAYLOAD_MEDIA_TYPE,
    ...(expiry === undefined ? {} : { [EXPIRY]: rfc3339(expiry) }),
    [SIGNING_SCHEME]: 'notary.x509',
    [SIGNING_TIME]: rfc3339(signingTime),
  };
  const parts = {
    payload: encodeUrl(payload),
    protected: encodeUrl(Buffer.from(JSON.stringify(header))),
  };
  return {
    toBeSigned: signingInput(parts),
    seal: (signature, timestamp) => {
      const unsigned = {
        ...(timestamp === undefined ? {} : { [TIMESTAMP_SIGNATURE]: encode(timestamp) }),
        x5c: chain.map(encode),
        [SIGNING_AGENT]: agent,
      };
      return Buffer.from(JSON.stringify({ ...parts, header: unsigned, signature: encodeUrl(signature) }));
    },
  };
}

/** @throws FormatError */
export function parseJws(bytes: Uint8Array): NotaryEnvelope {
  const envelope = parseStrictJson(envelopeSchema, bytes, 'an envelope');
  const header = parseStrictJson(protectedSchema, envelope.protected, 'a protected header');
  checkDisjoint(Object.keys(header), Object.keys(envelope.header));
  const agent = envelope.header[SIGNING_AGENT];
  const timestamp = envelope.header[TIMESTAMP_SIGNATURE];
  return {
    format: 'jws',
    target: parsePayload(envelope.payload),
    algorithm: algorithmNamed(header.alg).name,
    chain: envelope.header.x5c,
    ...readAttributes({
      all: new Map(Object.entries(header)),
      registered: ['alg', 'cty', 'crit'],
      critical: header.crit,
      readTime,
    }),
    ...(agent === undefined ? {} : { agent }),
    ...(timestamp === undefined ? {} : { timestamp }),
    signature: envelope.signature,
    signed: signingInput({
      payload: encodeUrl(envelope.payload),
      protected: encodeUrl(envelope.protected),
    }),
  };
}

/** [RFC 7515, 5.1] */
function signingInput(parts: { payload: string; protected: string }): Uint8Array {
  return Buffer.from(`${parts.protected}.${parts.payload}`, 'ascii');
}

/** RFC 3339 with or without a fraction and an offset, as other signers may write it. */
function readTime(value: unknown): Date {
  const [, local, fraction = '', offset = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(String(value)) ?? [];
  const calendar = new Date(`${local}Z`);
  const time = new Date(`${local}${fraction}${offset}`);
  // Date.parse takes 30 February for 2 March; a date that comes back the same is one of the calendar.
  const real = !Number.isNaN(calendar.getTime()) && calendar.toISOString().startsWith(`${local}.`);
  if (!real || Number.isNaN(time.getTime())) throw new FormatError('has a time that is not one of RFC 3339');
  return time;
}

function rfc3339(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function encodeUrl(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
