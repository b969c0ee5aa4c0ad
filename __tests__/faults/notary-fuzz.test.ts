import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';
import { VeritySignError } from '../../src/errors.ts';
import { checkSigningChain } from '../../src/signatures/notary/certificates/signing-chain.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type NotaryEnvelope,
} from '../../src/signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../src/signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../src/signatures/notary/envelope/verify.ts';
import { requestTimestamp, verifyTimestamp } from '../../src/signatures/notary/timestamp/timestamp.ts';
import { CA, CertificateMaker } from '../helpers/made-certificates.ts';
import { identity, requestFor } from '../helpers/notary.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { type Next, random } from '../helpers/random.ts';
import { startTsa } from '../helpers/tsa.ts';

/** Of each format and place; two places each. */
const MUTANTS = 1000;
/** Milliseconds for one mutant. */
const SLOW = 2000;
const MOST_MEMORY = 300 * 1024 * 1024;

const TARGET = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'5'.repeat(64)}`,
  size: 1234,
};

let temp: string;
let roots: Uint8Array[];
const envelopes = new Map<EnvelopeFormat, Uint8Array>();

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-notary-fuzz-'));
  const builder = new CertificateMaker(temp);
  await builder.make({ name: 'root', extensions: CA });
  const tsa = await startTsa(builder, { issuer: 'root' });
  roots = await builder.chain('root');
  const who = await identity('chainedEc');
  const timestamp = (signature: Uint8Array) =>
    requestTimestamp(signature, who.spec, {
      url: tsa.url,
      certificates: roots,
      signal: new AbortController().signal,
      timeout: 20_000,
    });
  const more = { timestamp, expiry: new Date(Date.now() + 86_400_000) };
  for (const format of ['jws', 'cose'] as const) {
    envelopes.set(format, await buildEnvelope(format, requestFor(who, TARGET, more), who.sign));
  }
  await tsa.stop();
});

afterAll(() => rm(temp, { recursive: true, force: true }));

const MUTATIONS: ((bytes: Buffer, next: Next) => Buffer)[] = [
  (bytes, next) => {
    const copy = Buffer.from(bytes);
    for (let count = next(3); count >= 0; count--) {
      const at = next(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << next(8));
    }
    return copy;
  },
  (bytes, next) => bytes.subarray(0, next(bytes.length)),
  (bytes, next) => {
    const [from, to, length] = [next(bytes.length), next(bytes.length), 1 + next(64)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to)]);
  },
  (bytes, next) => {
    const from = next(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + next(16))]);
  },
  (bytes, next) => {
    const copy = Buffer.from(bytes);
    // Lengths and type bytes that decoders stumble over.
    copy[next(copy.length)] = [0x00, 0x7f, 0x80, 0x9f, 0xbf, 0xff, 0x5b, 0x22][next(8)] ?? 0;
    return copy;
  },
];

function mutate(bytes: Uint8Array, next: Next): Buffer {
  const mutation = MUTATIONS[next(MUTATIONS.length)] ?? Buffer.from;
  return mutation(Buffer.from(bytes), next) as Buffer;
}

/** Mutates one of the parts that the format wraps, where a mutant of the whole would seldom get through. */
const INSIDE: Record<EnvelopeFormat, (bytes: Uint8Array, next: Next) => Uint8Array> = {
  jws: (bytes, next) => {
    const envelope = JSON.parse(Buffer.from(bytes).toString());
    const { x5c } = envelope.header;
    const token = 'io.cncf.notary.timestampSignature';
    const change = (text: string, encoding: 'base64' | 'base64url'): string =>
      mutate(Buffer.from(text, encoding), next).toString(encoding);
    const which = next(5);
    if (which === 0) envelope.protected = change(envelope.protected, 'base64url');
    if (which === 1) envelope.payload = change(envelope.payload, 'base64url');
    if (which === 2) envelope.signature = change(envelope.signature, 'base64url');
    if (which === 3) envelope.header[token] = change(envelope.header[token], 'base64');
    if (which === 4) {
      const at = next(x5c.length);
      x5c[at] = change(x5c[at], 'base64');
    }
    return Buffer.from(JSON.stringify(envelope));
  },
  cose: (bytes, next) => {
    const tagged: Tagged = decode(bytes, { useMaps: true, tags: Tagged.preserve(1, 18) });
    const fields = tagged.value as [Uint8Array, Map<unknown, unknown>, Uint8Array, Uint8Array];
    const change = (part: unknown): Uint8Array => Uint8Array.from(mutate(part as Uint8Array, next));
    const token = 'io.cncf.notary.timestampSignature';
    const which = next(5);
    if (which === 0) fields[0] = change(fields[0]);
    if (which === 1) fields[2] = change(fields[2]);
    if (which === 2) fields[3] = change(fields[3]);
    if (which === 3) fields[1].set(token, change(fields[1].get(token)));
    if (which === 4) {
      const chain = fields[1].get(33) as Uint8Array[];
      const at = next(chain.length);
      chain[at] = change(chain[at]);
    }
    return encode(tagged, rfc8949EncodeOptions);
  },
};

/** What the signature vouches for, in comparable form. */
function vouched({
  target,
  algorithm,
  signingScheme,
  signingTime,
  expiry,
  critical,
}: NotaryEnvelope): unknown {
  return { target, algorithm, signingScheme, signingTime, expiry, critical };
}

describe.each(['jws', 'cose'] as const)('fuzzing %s', (format) => {
  test.each([
    ['its bytes', mutate, 20_260_601],
    ['its parts', INSIDE[format], 20_260_602],
  ])('%s: never another payload, never an unknown exception, never slow', async (_name, change, seed) => {
    const original = envelopes.get(format) ?? new Uint8Array();
    const type = ENVELOPE_MEDIA_TYPE[format];
    const good = parseEnvelope(type, original);
    const known = await verifyTimestamp(good.timestamp ?? Buffer.alloc(0), good.signature, roots);
    const next = random(seed);
    const memory = process.memoryUsage().rss;
    const counts = { refused: 0, intact: 0, trusted: 0, timestamped: 0 };
    for (let index = 0; index < MUTANTS; index++) {
      const mutant = change(original, next);
      const start = processorTime();
      try {
        const envelope = parseEnvelope(type, mutant);
        checkIntegrity(envelope);
        expect(vouched(envelope)).toEqual(vouched(good));
        counts.intact++;
        checkSigningChain(envelope.chain, envelope.signingTime);
        expect(envelope.chain.map((der) => Buffer.from(der))).toEqual(
          good.chain.map((der) => Buffer.from(der)),
        );
        counts.trusted++;
        const { time } = await verifyTimestamp(
          envelope.timestamp ?? Buffer.alloc(0),
          envelope.signature,
          roots,
        );
        expect(time).toEqual(known.time);
        counts.timestamped++;
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        counts.refused++;
      }
      expect(processorTime() - start).toBeLessThan(SLOW);
    }
    expect(counts.refused + counts.timestamped).toBe(MUTANTS);
    // Otherwise the mutants would have been too wild to say anything.
    expect(counts.refused).toBeGreaterThan(MUTANTS / 2);
    if (seed === 20_260_602) expect(counts.trusted).toBeGreaterThan(MUTANTS / 20);
    expect(process.memoryUsage().rss - memory).toBeLessThan(MOST_MEMORY);
  });
});

test('fuzzing a timestamp: never another time, never an unknown exception, never slow', async () => {
  const { timestamp = Buffer.alloc(0), signature } = parseEnvelope(
    ENVELOPE_MEDIA_TYPE.cose,
    envelopes.get('cose') ?? new Uint8Array(),
  );
  const good = await verifyTimestamp(timestamp, signature, roots);
  const next = random(20_260_603);
  let refused = 0;
  for (let index = 0; index < MUTANTS; index++) {
    const start = processorTime();
    try {
      expect((await verifyTimestamp(mutate(timestamp, next), signature, roots)).time).toEqual(good.time);
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      refused++;
    }
    expect(processorTime() - start).toBeLessThan(SLOW);
  }
  expect(refused).toBeGreaterThan(MUTANTS / 2);
});
