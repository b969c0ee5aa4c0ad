import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { NOTARY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { KeySpec } from '../../src/model/signing.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { parseSignatureManifest } from '../../src/oci/attach/signature-manifest.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { parseEnvelope } from '../../src/signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../src/signatures/notary/envelope/verify.ts';
import { requestTimestamp, verifyTimestamp } from '../../src/signatures/notary/timestamp/timestamp.ts';
import { readToken } from '../../src/signatures/notary/timestamp/token.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER, TSA } from '../helpers/made-certificates.ts';
import { attachEnvelope, identity, Notation, requestFor } from '../helpers/notary.ts';
import { openssl } from '../helpers/pki.ts';
import { startTsa, type TestTsa } from '../helpers/tsa.ts';

const RSA_2048 = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const P256: KeySpec = { kind: 'ec', bits: 256, digest: 'sha256' };
const SIGNATURE = Buffer.from('any signature');

let temp: string;
let builder: CertificateMaker;
let tsa: TestTsa;
let roots: Uint8Array[];
const others: TestTsa[] = [];

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-timestamp-'));
  builder = new CertificateMaker(temp);
  await builder.make({
    name: 'root',
    extensions: CA,
    key: RSA_2048,
  });
  await builder.make({ name: 'middle', issuer: 'root', extensions: CA });
  await builder.make({ name: 'stranger', extensions: CA });
  tsa = await startTsa(builder, { issuer: 'middle' });
  roots = await builder.chain('root');
});

afterEach(() => tsa.misbehave(undefined));

afterAll(async () => {
  for (const one of [tsa, ...others]) await one.stop();
  await rm(temp, { recursive: true, force: true });
});

function ask(
  more: {
    url?: string;
    certificates?: Uint8Array[];
    timeout?: number;
    spec?: KeySpec;
    signal?: AbortSignal;
  } = {},
) {
  const { spec = P256, ...options } = more;
  const signal = new AbortController().signal;
  return requestTimestamp(SIGNATURE, spec, {
    url: tsa.url,
    certificates: roots,
    signal,
    timeout: 20_000,
    ...options,
  });
}

async function other(signer: string, settings: string[] = []): Promise<TestTsa> {
  const started = await startTsa(builder, { signer, settings });
  others.push(started);
  return started;
}

/** The same TSTInfo signed by another certificate, one that openssl ts would not sign with. */
async function signAgain(token: Uint8Array, name: string, more: string[] = []): Promise<Uint8Array> {
  await writeFile(join(temp, 'info.der'), readToken(token).content);
  const certificate = ['-signer', `${name}.pem`, '-inkey', `${name}.key`, '-md', 'sha256', '-cades'];
  const form = ['-binary', '-nodetach', '-econtent_type', '1.2.840.113549.1.9.16.1.4', '-outform', 'DER'];
  await openssl(
    ['cms', '-sign', '-in', 'info.der', ...form, ...certificate, ...more, '-out', 'again.der'],
    temp,
  );
  return readFile(join(temp, 'again.der'));
}

describe('a timestamp', () => {
  test.each([
    ['sha256', 256],
    ['sha384', 384],
    ['sha512', 521],
  ] as const)('with %s is asked for, checked, and checked again', async (digest, bits) => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const token = await ask({ spec: { kind: 'ec', bits, digest } });
    const { time, accuracyMs, chain } = await verifyTimestamp(token, SIGNATURE, roots);
    expect(time.getTime()).toBeGreaterThanOrEqual(before);
    expect(time.getTime()).toBeLessThanOrEqual(Date.now());
    expect(accuracyMs).toBe(1500);
    expect(chain.map((der) => Buffer.from(der))).toEqual(
      (await builder.chain('tsa')).map((der) => Buffer.from(der)),
    );
    expect(tsa.headers.at(-1)).toMatchObject({ 'content-type': 'application/timestamp-query' });
  });

  test('every query has another nonce, and all of one length', async () => {
    for (let times = 0; times < 10; times++) await ask();
    const queries = tsa.queries.slice(-10);
    expect(new Set(queries.map((query) => query.toString('hex'))).size).toBe(10);
    expect(new Set(queries.map(({ length }) => length)).size).toBe(1);
  });

  test('of another signature is refused', async () => {
    const token = await ask();
    await expect(verifyTimestamp(token, Buffer.from('another'), roots)).rejects.toThrow(
      expect.objectContaining({
        code: 'image',
        message: expect.stringContaining('belongs to another signature'),
      }),
    );
  });

  test('of an authority that leads to no given root is refused', async () => {
    const token = await ask();
    for (const given of [await builder.chain('stranger'), []]) {
      await expect(verifyTimestamp(token, SIGNATURE, given)).rejects.toThrow(
        expect.objectContaining({ code: 'key', message: expect.stringContaining('does not lead to') }),
      );
    }
    await expect(ask({ certificates: await builder.chain('stranger') })).rejects.toThrow('does not lead to');
    // As notation wants it: a root, not an intermediate.
    const [, middle] = await builder.chain('tsa');
    await expect(verifyTimestamp(token, SIGNATURE, [middle ?? new Uint8Array()])).rejects.toThrow(
      'self-signed',
    );
  });

  test.each([
    ['not for timeStamping only', 'no-purpose', SIGNER],
    ['not for timeStamping only', 'soft', [...SIGNER, 'extendedKeyUsage=timeStamping']],
    ['not for timeStamping only', 'two', [...SIGNER, 'extendedKeyUsage=critical,timeStamping,codeSigning']],
    ['keyEncipherment', 'encipher', ['keyUsage=critical,digitalSignature,keyEncipherment', TSA[2] ?? '']],
  ])('is refused where the certificate is %s (%s)', async (message, name, extensions) => {
    await builder.make({ name, issuer: 'root', extensions });
    const token = await signAgain(await ask(), name);
    await expect(verifyTimestamp(token, SIGNATURE, roots)).rejects.toThrow(
      expect.objectContaining({ code: 'key', message: expect.stringContaining(message) }),
    );
  });

  test('whose content was changed is refused', async () => {
    const token = Buffer.from(await ask());
    const policy = token.indexOf(Buffer.from('06042a030401', 'hex'));
    token[policy + 5] = 2;
    await expect(verifyTimestamp(token, SIGNATURE, roots)).rejects.toThrow('messageDigest');
  });

  test('that the named certificate did not sign is refused', async () => {
    const token = Buffer.from(await ask());
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1;
    await expect(verifyTimestamp(token, SIGNATURE, roots)).rejects.toThrow(
      'was not signed by the certificate',
    );
  });

  test('of a good authority is accepted when signed again with RSASSA-PSS', async () => {
    await builder.make({ name: 'pss', issuer: 'root', extensions: TSA, key: RSA_2048 });
    const token = await signAgain(await ask(), 'pss', [
      '-keyopt',
      'rsa_padding_mode:pss',
      '-keyopt',
      'rsa_pss_saltlen:-1',
    ]);
    const { chain } = await verifyTimestamp(token, SIGNATURE, roots);
    expect(chain).toHaveLength(2);
  });

  test('of a good authority is accepted when signed again in BER, with indefinite lengths', async () => {
    await builder.make({ name: 'ber', issuer: 'root', extensions: TSA });
    const token = Buffer.from(await signAgain(await ask(), 'ber', ['-stream', '-indef']));
    expect(token.subarray(0, 2).toString('hex')).toBe('3080');
    const { chain } = await verifyTimestamp(token, SIGNATURE, roots);
    expect(chain).toHaveLength(2);
    // Within the signature, before the ends of contents.
    const at = token.length - 20;
    token[at] = (token[at] ?? 0) ^ 1;
    await expect(verifyTimestamp(token, SIGNATURE, roots)).rejects.toThrow(
      'was not signed by the certificate',
    );
  });

  test('is refused where its time is outside the validity of a certificate', async () => {
    await builder.make({ name: 'late', issuer: 'root', extensions: TSA, days: -1 });
    const late = await other('late');
    await expect(ask({ url: late.url })).rejects.toThrow(
      expect.objectContaining({ code: 'key', message: expect.stringContaining('expired') }),
    );
  });

  test('with the SHA-1 hash of its certificate only is refused, as notation does', async () => {
    const old = await other('tsa', ['ess_cert_id_alg=sha1']);
    await expect(ask({ url: old.url })).rejects.toThrow('signingCertificateV2');
  });

  test('without certificates is refused', async () => {
    tsa.misbehave(async (query, response) => {
      // certReq is the last field of the query, a BOOLEAN TRUE.
      const shorter = Buffer.from(query.subarray(0, -3));
      shorter[1] = (shorter[1] ?? 0) - 3;
      response
        .writeHead(200, { 'content-type': 'application/timestamp-reply' })
        .end(await tsa.reply(shorter));
    });
    await expect(ask()).rejects.toThrow('has no certificate');
  });
});

describe('an authority that', () => {
  test('answers another query: refused', async () => {
    const replies: Buffer[] = [];
    tsa.misbehave(async (_query, response, answer) => {
      replies.push(await answer());
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(replies[0]);
    });
    await ask();
    await expect(ask()).rejects.toThrow(
      expect.objectContaining({ code: 'environment', message: expect.stringContaining('another query') }),
    );
  });

  test('refuses: its reason is told', async () => {
    const picky = await other('tsa', ['digests=sha512']);
    await expect(ask({ url: picky.url })).rejects.toThrow(/was refused: status 2/);
  });

  test('a redirect is not followed, whoever it leads to', async () => {
    const before = tsa.queries.length;
    const elsewhere = await other('tsa');
    tsa.misbehave((_query, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    await expect(ask()).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('redirects to another address'),
    });
    expect([tsa.queries.length - before, elsewhere.queries.length]).toEqual([1, 0]);
  });

  test.each([429, 500, 503])('answers with status %i: asked thrice, then refused', async (status) => {
    const before = tsa.queries.length;
    tsa.misbehave((_query, response) => {
      response.writeHead(status, { 'retry-after': '0' }).end();
    });
    await expect(ask()).rejects.toThrow(`answered with status ${status}`);
    expect(tsa.queries.length - before).toBe(3);
  });

  test('fails once: asked again', async () => {
    let asked = 0;
    tsa.misbehave(async (_query, response, answer) => {
      if (asked++ === 0) response.destroy();
      else response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(await answer());
    });
    await ask();
    expect(asked).toBe(2);
  });

  test.each([
    [404, 'application/timestamp-reply', 'answered with status 404'],
    [200, 'text/html', 'did not answer with a timestamp reply'],
  ])('answers %i as %s: refused at once', async (status, type, message) => {
    const before = tsa.queries.length;
    tsa.misbehave((_query, response) => {
      response.writeHead(status, { 'content-type': type }).end('<html>');
    });
    await expect(ask()).rejects.toThrow(message);
    expect(tsa.queries.length - before).toBe(1);
  });

  test('sends too much: refused', async () => {
    tsa.misbehave((_query, response) => {
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(Buffer.alloc(2 << 20));
    });
    await expect(ask()).rejects.toThrow('more than 1 MiB');
  });

  test('hangs: given up in time', async () => {
    tsa.misbehave(() => {});
    await expect(ask({ timeout: 100 })).rejects.toThrow('did not answer in 100 ms');
  });

  test('hangs while the run is cancelled: given up at once', async () => {
    tsa.misbehave(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(ask({ signal: controller.signal })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    );
  });

  test.each(['ftp://127.0.0.1/', 'nonsense', 'http://user:secret@127.0.0.1/'])(
    'is %s: refused',
    async (url) => {
      const refused = await ask({ url }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'usage' });
      expect(String(refused)).not.toContain('secret');
    },
  );
});

describe.each(['jws', 'cose'] as const)('with notation, in %s', (format) => {
  let writer: ImageWriter;
  let notation: Notation;
  beforeAll(async () => {
    writer = await ImageWriter.create();
    notation = new Notation(await mkdtemp(join(temp, 'home-')));
    const ca = (await identity('p384')).files.caPath;
    await notation.configure(
      { 'ca:test': [ca], 'tsa:test': [builder.path('root')] },
      { signatureVerification: { level: 'strict', verifyTimestamp: 'always' } },
    );
  });
  afterAll(() => writer.remove());

  test('a timestamp made here is verified', async () => {
    const who = await identity('p384');
    const subject = await writer.add(await writer.image());
    const plain = await writer.add(await writer.image({ layers: ['no timestamp'] }));
    const store = new LayoutStore(writer.directory);
    const timestamp = (signature: Uint8Array) =>
      requestTimestamp(signature, who.spec, {
        url: tsa.url,
        certificates: roots,
        signal: new AbortController().signal,
        timeout: 20_000,
      });
    for (const [target, more] of [
      [subject, { timestamp }],
      [plain, {}],
    ] as const) {
      const bytes = await buildEnvelope(format, requestFor(who, target, more), who.sign);
      await attachEnvelope(store, target, format, { bytes, chain: who.chain }, temp);
    }
    expect(await notation.verifyLayout(writer.directory, subject.digest)).toContain('Successfully verified');
    await expect(notation.verifyLayout(writer.directory, plain.digest)).rejects.toThrow('timestamp');
  });

  test('a timestamp that notation asked for is checked here', async () => {
    const who = await identity('p384');
    await notation.addKey(who.files);
    const subject = await writer.add(await writer.image({ layers: ['by notation'] }));
    await notation.run(
      ...['sign', '--oci-layout', '--signature-format', format, '--key', 'p384'],
      ...['--timestamp-url', tsa.url, '--timestamp-root-cert', builder.path('root')],
      `${writer.directory}@${subject.digest}`,
    );
    const store = new LayoutStore(writer.directory);
    const [referrer] = await store.list(subject, NOTARY_ARTIFACT_TYPE);
    if (referrer === undefined) throw new Error('no referrer');
    const [layer] = parseSignatureManifest(await store.fetchManifest(referrer)).layers;
    if (layer === undefined) throw new Error('no layer');
    const envelope = parseEnvelope(layer.mediaType, await store.fetchBlob(layer));
    checkIntegrity(envelope);
    const { time } = await verifyTimestamp(envelope.timestamp ?? new Uint8Array(), envelope.signature, roots);
    expect(Math.abs(time.getTime() - (envelope.signingTime?.getTime() ?? 0))).toBeLessThan(60_000);
  });
});
