import { constants, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import forge from 'node-forge';
import { VeritySignError } from '../../src/errors.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { chainFromDer } from '../../src/signatures/pkcs7/signing-chain.ts';
import { openPkcs12 } from '../../src/signatures/signers/file/pkcs12.ts';
import { KEY_TYPES, openssl, type Pki, pki } from '../helpers/pki.ts';
import { prepare } from '../helpers/signer.ts';

const ROOT_HASH = 'c4'.repeat(32);
const PASSPHRASE = 'Straße 9 Żółć';
const FIXTURES = join(import.meta.dirname, '../fixtures/pkcs12');
/** As openssl 3 writes by default, and Windows with "AES256-SHA256". */
const MODERN = ['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC', '-macalg', 'sha256'];
const LEGACY = ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1'];
/** As Windows writes by default. */
const WINDOWS = [
  ...['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1', '-LMK'],
  ...['-CSP', 'Microsoft Software Key Storage Provider', '-iter', '2000'],
];

let keys: Pki;
let work: string;

beforeAll(async () => {
  keys = await pki();
  work = await mkdtemp(join(tmpdir(), 'pkcs12-'));
});

afterAll(() => rm(work, { recursive: true, force: true }));

/** The issuers are given in the wrong order: order in the file has no meaning. */
async function write(name: string, options: readonly string[], passphrase = PASSPHRASE): Promise<string> {
  const { certPath, fullChainPath, keyPath } = keys.leaf(name);
  const [, ...issuers] =
    (await readFile(fullChainPath, 'utf8')).match(/-----BEGIN[\s\S]+?END.*-----\n/g) ?? [];
  const others = join(work, 'others.pem');
  await writeFile(others, issuers.reverse().join(''));
  const path = join(work, 'key.p12');
  const more = issuers.length === 0 ? [] : ['-certfile', others];
  await openssl(
    ['pkcs12', '-export', '-inkey', keyPath, '-in', certPath, ...more, ...options].concat([
      '-passout',
      `pass:${passphrase}`,
      '-out',
      path,
    ]),
    work,
  );
  return path;
}

async function refusal(promise: Promise<unknown>): Promise<VeritySignError> {
  const error = await promise.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof VeritySignError) return error;
  throw error;
}

async function fullChain(name: string): Promise<Buffer[]> {
  const pem = await readFile(keys.leaf(name).fullChainPath, 'utf8');
  return (pem.match(/-----BEGIN[\s\S]+?END.*-----/g) ?? []).map((one) => new X509Certificate(one).raw);
}

describe.each([
  ['AES-256', MODERN],
  ['RC2 and 3DES', LEGACY],
  ['as Windows writes it', WINDOWS],
  ['without a MAC', [...MODERN, '-nomac']],
  ['certificates in the clear', ['-certpbe', 'NONE']],
  ['key and certificates in the clear', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
])('%s', (_name, options) => {
  test.each(KEY_TYPES)('%s: opens, with its chain, and signs', async (name) => {
    const prepared = await prepare(await write(name, options), {
      env: { PASS: PASSPHRASE },
      passphrase: 'env://PASS',
    });
    expect(prepared.holder).toBe('pkcs12');
    expect(prepared.certificateChain.map((der) => Buffer.from(der))).toEqual(await fullChain(name));
    const signature = await (await prepared.open()).sign(Buffer.from(ROOT_HASH), 'layer');
    // It verifies what it builds.
    buildPkcs7({ signature, chain: chainFromDer(prepared.certificateChain), rootHash: ROOT_HASH });
  });
});

test('the chain of a leaf with two intermediates is put in order, root last', async () => {
  const prepared = await prepare(await write('chained', MODERN), {
    env: { PASS: PASSPHRASE },
    passphrase: 'env://PASS',
  });
  expect(prepared.certificateChain.map((der) => Buffer.from(der))).toEqual(await fullChain('chained'));
  expect(prepared.certificateChain).toHaveLength(4);
});

test('from the environment as base64, in lines or not', async () => {
  const file = await readFile(await write('p256', MODERN));
  const base64 = file.toString('base64');
  for (const P12 of [base64, base64.replaceAll(/.{64}/g, '$&\n'), ` ${base64}\r\n`]) {
    const prepared = await prepare('env://P12', { env: { P12, PASS: PASSPHRASE }, passphrase: 'env://PASS' });
    expect(prepared.holder).toBe('pkcs12');
    expect(prepared.spec).toEqual({ kind: 'ec', bits: 256, digest: 'sha256' });
  }
});

test.each(['\n', '\r\n'])('the passphrase has no line end: %j', async (end) => {
  const path = await write('p256', MODERN);
  const file = join(work, 'with-line-end');
  await writeFile(file, `${PASSPHRASE}${end}`);
  const env = { PASS: `${PASSPHRASE}${end}` };
  for (const passphrase of ['env://PASS', file]) {
    expect((await prepare(path, { env, passphrase })).holder).toBe('pkcs12');
  }
});

test.each([
  ['keytool.test-only.p12', { kind: 'ec', bits: 256, digest: 'sha256' }],
  ['keytool-legacy.test-only.p12', { kind: 'rsa', bits: 2048, digest: 'sha256' }],
])('%s, written by Java', async (name, spec) => {
  const passphrase = join(work, 'changeit');
  await writeFile(passphrase, 'changeit\n');
  const prepared = await prepare(join(FIXTURES, name), { passphrase });
  expect(prepared.spec).toEqual(spec);
  expect(new X509Certificate(prepared.certificateChain[0] ?? '').subject).toMatch(/keytool/);
});

test('indefinite lengths and content in pieces, as NSS and Bouncy Castle write it', async () => {
  const [, authSafe, mac] = elements(
    forge.asn1.fromDer((await readFile(await write('p384', MODERN))).toString('latin1')),
  );
  const [, content] = elements(authSafe);
  const bytes = Buffer.from(String(elements(content)[0]?.value), 'latin1');
  const half = bytes.length >> 1;
  const pieces = [bytes.subarray(0, half), bytes.subarray(half)].map((piece) =>
    Buffer.concat([Buffer.from([0x04, 0x82, piece.length >> 8, piece.length & 0xff]), piece]),
  );
  const end = Buffer.from([0, 0]);
  const file = Buffer.concat([
    Buffer.from('3080020103308006092a864886f70d010701a0802480', 'hex'),
    ...pieces,
    ...[end, end, end],
    Buffer.from(forge.asn1.toDer(mac as forge.asn1.Asn1).getBytes(), 'latin1'),
    end,
  ]);
  const path = join(work, 'indefinite.p12');
  await writeFile(path, file);
  const prepared = await prepare(path, { env: { PASS: PASSPHRASE }, passphrase: 'env://PASS' });
  expect(prepared.spec).toEqual({ kind: 'ec', bits: 384, digest: 'sha384' });
});

test('an empty passphrase needs none to be given, with and without a MAC', async () => {
  for (const options of [MODERN, LEGACY, [...MODERN, '-nomac']]) {
    const prepared = await prepare(await write('p256', options, ''));
    expect(prepared.holder).toBe('pkcs12');
  }
});

test('`certificate` goes before the certificates of the file', async () => {
  const own = (await fullChain('chained')).slice(0, 2);
  const prepared = await prepare(await write('chained', MODERN), {
    certificates: own,
    env: { PASS: PASSPHRASE },
    passphrase: 'env://PASS',
  });
  expect(prepared.certificateChain).toEqual(own);
  const other = await refusal(
    prepare(await write('chained', MODERN), {
      certificates: await fullChain('p256'),
      env: { PASS: PASSPHRASE },
      passphrase: 'env://PASS',
    }),
  );
  expect(other.message).toMatch(/does not belong to the first certificate/);
});

test('signs manifests with PSS whose salt is as long as the digest', async () => {
  const prepared = await prepare(await write('rsa3072', MODERN), {
    purposes: ['layer', 'manifest'],
    env: { PASS: PASSPHRASE },
    passphrase: 'env://PASS',
  });
  const signature = await (await prepared.open()).sign(Buffer.from('payload'), 'manifest');
  expect(signature).toMatchObject({ scheme: 'rsa-pss', digest: 'sha384' });
  const key = createPublicKey(await readFile(keys.leaf('rsa3072').certPath));
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
  expect(verify('sha384', Buffer.from('payload'), { key, ...padding }, signature.value)).toBe(true);
});

test('a passphrase in a file in Latin-1, for PKCS#12 and for PEM that openssl encrypted with those bytes', async () => {
  const passphrase = 'Straße 9';
  const path = join(work, 'passphrase.txt');
  await writeFile(path, Buffer.from(`${passphrase}\n`, 'latin1'));
  const opened = await prepare(await write('p256', LEGACY, passphrase), { passphrase: path });
  expect(opened.holder).toBe('pkcs12');

  const { keyPath, fullChainPath } = keys.leaf('p256');
  const out = join(work, 'latin1.key');
  const argv = ['pkcs8', '-topk8', '-in', keyPath, '-out', out, '-passout', `file:${path}`];
  await openssl(argv, work);
  const certificates = [new X509Certificate(await readFile(fullChainPath)).raw];
  expect((await prepare(out, { passphrase: path, certificates })).holder).toBe('pem');
});

function elements(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  if (!Array.isArray(node?.value)) throw new Error('not constructed');
  return node.value;
}

describe('is refused', () => {
  async function refused(file: string | Buffer, passphrase?: string): Promise<VeritySignError> {
    const path = typeof file === 'string' ? file : join(work, 'refused.p12');
    if (typeof file !== 'string') await writeFile(path, file);
    const error = await refusal(
      prepare(path, passphrase === undefined ? {} : { env: { PASS: passphrase }, passphrase: 'env://PASS' }),
    );
    expect(error.code).toBe('key');
    const shown = [error.toLine(), error.stack, String(error.cause)].join('\n');
    if (passphrase !== undefined) expect(shown).not.toContain(passphrase);
    return error;
  }

  test.each([
    ['AES-256', MODERN],
    ['3DES', LEGACY],
    ['no MAC', [...MODERN, '-nomac']],
    ['3DES, no MAC', [...LEGACY, '-nomac']],
  ])('a wrong or missing passphrase: %s', async (_name, options) => {
    const path = await write('p256', options);
    expect((await refused(path, `${PASSPHRASE}x`)).message).toMatch(/passphrase is wrong/);
    const missing = await refused(path);
    expect(missing.message).toMatch(/no passphrase was given/);
    expect(missing.remedy).toMatch(/key-passphrase/);
  });

  test('without a MAC, the wrong passphrases that leave right padding as well', async () => {
    const file = await readFile(await write('p256', [...MODERN, '-iter', '1', '-nomac']));
    // One in 256 does: among these are some, whatever the salt of this run.
    for (let attempt = 0; attempt < 3000; attempt++) {
      let message = '';
      try {
        openPkcs12(file, `wrong ${attempt}`);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/passphrase is wrong/);
    }
  });

  test('a file without a key, without a certificate, with the certificate of another key', async () => {
    const { certPath, keyPath } = keys.leaf('p256');
    const path = join(work, 'partial.p12');
    const make = (options: string[]) =>
      openssl(['pkcs12', '-export', '-passout', `pass:${PASSPHRASE}`, '-out', path, ...options], work);
    await make(['-nokeys', '-in', certPath]);
    expect((await refused(path, PASSPHRASE)).message).toMatch(/holds no private key/);
    await make(['-nocerts', '-inkey', keyPath]);
    const none = await refusal(prepare(path, { env: { PASS: PASSPHRASE }, passphrase: 'env://PASS' }));
    expect(none).toMatchObject({ code: 'usage', message: expect.stringMatching(/certificate. is missing/) });
  });

  test('an old algorithm that is not supported, by its name', async () => {
    const path = await write('p256', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'NONE']);
    expect((await refused(path, PASSPHRASE)).message).toBe(
      'the PKCS#12 file is protected with RC2 of 128 bits, which is not supported',
    );
  });

  test('two keys', async () => {
    const both = join(work, 'both.p12');
    const one = await twoKeys(
      await readFile(await write('p256', ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'])),
    );
    await writeFile(both, one);
    expect((await refused(both, PASSPHRASE)).message).toMatch(/holds 2 private keys/);
  });

  test('two certificates for its key', async () => {
    const { certPath, keyPath } = keys.leaf('p256');
    const again = join(work, 'again.pem');
    await openssl(['req', '-new', '-x509', '-key', keyPath, '-subj', '/CN=again', '-out', again], work);
    const path = join(work, 'renewed.p12');
    const options = ['-inkey', keyPath, '-in', certPath, '-certfile', again];
    await openssl(['pkcs12', '-export', '-passout', `pass:${PASSPHRASE}`, '-out', path, ...options], work);
    const error = await refused(path, PASSPHRASE);
    expect(error.message).toMatch(/2 certificates for its key/);
    expect(error.remedy).toMatch(/`certificate`/);

    // The remedy works, and a request for a new certificate needs none of the two.
    const more = { env: { PASS: PASSPHRASE }, passphrase: 'env://PASS' };
    const certificates = await fullChain('p256');
    const prepared = await prepare(path, { ...more, certificates });
    expect(prepared.certificateChain).toEqual(certificates);
    const bare = await prepare(path, { ...more, withoutCertificate: true });
    expect(bare.certificateChain).toEqual([]);
  });

  test.each([
    ['of the MAC', ['-macalg', 'sha256'], 'macIter'],
    ['of the key', ['-nomac', '-certpbe', 'NONE', '-keypbe', 'AES-256-CBC'], 'iter'],
    ['of the certificates', ['-nomac', '-keypbe', 'NONE', '-certpbe', 'AES-256-CBC'], 'iter'],
    ['of 3DES', ['-nomac', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'NONE'], 'iter'],
  ])('rounds without end: %s, at once', async (_name, options, kind) => {
    // A count that occurs nowhere else in the file, so that its bytes can be exchanged.
    const path = await write('p256', ['-iter', '48879', ...options]);
    const file = (await readFile(path)).toString('hex');
    const at = kind === 'macIter' ? file.lastIndexOf('020300beef') : file.indexOf('020300beef');
    expect(at).toBeGreaterThan(0);
    const endless = Buffer.from(`${file.slice(0, at)}02037fffff${file.slice(at + 10)}`, 'hex');
    expect((await refused(endless, PASSPHRASE)).message).toMatch(/more than 3000000 rounds/);
  });

  test('zero rounds, for which any passphrase would do', async () => {
    const file = (await readFile(await write('p256', ['-iter', '48879']))).toString('hex');
    const at = file.lastIndexOf('020300beef');
    const zero = Buffer.from(`${file.slice(0, at)}0203000000${file.slice(at + 10)}`, 'hex');
    expect((await refused(zero, PASSPHRASE)).message).toMatch(/no rounds of key derivation/);
  });

  test('a damaged, cut or deeply nested file', async () => {
    const file = await readFile(await write('p256', MODERN));
    const flipped = Buffer.from(file);
    flipped[60] = (flipped[60] ?? 0) ^ 1;
    expect((await refused(flipped, PASSPHRASE)).message).toMatch(/passphrase is wrong or the file damaged/);
    expect((await refused(file.subarray(0, 200), PASSPHRASE)).message).toMatch(/cannot be read/);
    const nested = Buffer.concat([
      Buffer.from('3080020103', 'hex'),
      Buffer.alloc(40_000, Buffer.from('3080', 'hex')),
    ]);
    expect((await refused(nested, PASSPHRASE)).message).toMatch(/cannot be read/);
    for (let length = 5; length < file.length; length += 37) {
      await refused(file.subarray(0, length), PASSPHRASE);
    }
  });

  test('too large a file, and DER that is no key', async () => {
    const large = Buffer.concat([Buffer.from('308201000201', 'hex'), Buffer.alloc(70_000)]);
    expect((await refused(large)).message).toMatch(/more than 64 KiB/);
    const der = await openssl(['x509', '-in', keys.leaf('p256').certPath, '-outform', 'DER'], work);
    const error = await refused(der);
    expect(error.message).toMatch(/is DER, and neither a key nor a PKCS#12 file/);
  });
});

describe('a key in DER signs', () => {
  const FORMS = [
    ['PKCS#8', 'p256', ['pkcs8', '-topk8', '-nocrypt']],
    ['PKCS#8', 'rsa2048', ['pkcs8', '-topk8', '-nocrypt']],
    [
      'encrypted PKCS#8',
      'rsa2048',
      ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${PASSPHRASE}`],
    ],
    ['SEC1', 'p384', ['ec']],
    ['PKCS#1', 'rsa2048', ['rsa', '-traditional']],
  ] as const;

  test.each(FORMS)('%s of %s, as a file and in base64', async (_form, name, argv) => {
    const { keyPath, chainPath } = keys.leaf(name);
    const der = await openssl([...argv, '-in', keyPath, '-outform', 'DER'], work);
    const path = join(work, 'key.der');
    await writeFile(path, der);
    const certificates = [new X509Certificate(await readFile(chainPath)).raw];
    const env = { KEY: der.toString('base64'), PASS: PASSPHRASE };
    for (const reference of [path, 'env://KEY']) {
      const prepared = await prepare(reference, { certificates, env, passphrase: 'env://PASS' });
      expect(prepared.holder).toBe('pem');
    }
  });
});

/** The safe with the key, twice. */
async function twoKeys(file: Buffer): Promise<Buffer> {
  const { asn1 } = forge;
  const pfx = asn1.fromDer(file.toString('latin1'));
  const content = elements(elements(elements(pfx)[1])[1])[0];
  if (content === undefined) throw new Error('no content');
  const safes = asn1.fromDer(String(content.value));
  elements(safes).push(...elements(safes));
  content.value = asn1.toDer(safes).getBytes();
  return Buffer.from(asn1.toDer(pfx).getBytes(), 'latin1');
}
