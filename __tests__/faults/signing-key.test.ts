import { constants, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run } from '../../src/lib/process/run.ts';
import type { RawSignature, SignerRequest } from '../../src/model/signing.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import type { CertificateChain } from '../../src/signatures/pkcs7/signing-chain.ts';
import { verifySignature } from '../../src/signatures/pkcs7/verify.ts';
import { KEY_TYPES, openssl, type Pki, pki } from '../helpers/pki.ts';
import { chainIn, openSigner, prepare } from '../helpers/signer.ts';

const ROOT_HASH = '5e'.repeat(32);
const CONTENT = Buffer.from(ROOT_HASH, 'ascii');
const PASSPHRASE = 'Correct-Horse 9 Staple';

let keys: Pki;
let work: string;

beforeAll(async () => {
  keys = await pki();
  work = await mkdtemp(join(tmpdir(), 'signing-key-'));
});

afterAll(() => rm(work, { recursive: true, force: true }));

async function chainOf(name: string): Promise<CertificateChain> {
  return chainIn(keys.leaf(name).chainPath);
}

async function open(reference: string, name: string, more: Partial<SignerRequest> = {}) {
  const { leaf } = await chainOf(name);
  return openSigner(reference, { certificates: [leaf.der], ...more });
}

async function refusal(work_: Promise<unknown> | (() => unknown)): Promise<VeritySignError> {
  const error: unknown = await (async () => {
    try {
      await (typeof work_ === 'function' ? work_() : work_);
    } catch (thrown) {
      return thrown;
    }
    return new Error('was not refused');
  })();
  if (error instanceof VeritySignError) return error;
  throw error;
}

/** No line of the key, nor the passphrase, in anything that is shown or logged. */
function expectNoSecret(error: VeritySignError, pem: string): void {
  const shown = [error.toLine(), error.stack, String(error.cause), JSON.stringify(error)].join('\n');
  for (const line of pem.split('\n').filter((text) => text.length > 20 && !text.startsWith('-----'))) {
    expect(shown).not.toContain(line);
  }
  expect(shown).not.toContain(PASSPHRASE);
}

describe('every form of key opens and signs', () => {
  const FORMS: [string, (key: string) => string[]][] = [
    ['PKCS#8', (key) => ['pkcs8', '-topk8', '-nocrypt', '-in', key]],
    [
      'encrypted PKCS#8',
      (key) => ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${PASSPHRASE}`, '-in', key],
    ],
    ['PKCS#1 or SEC1', (key) => ['pkey', '-traditional', '-in', key]],
    [
      'encrypted PKCS#1 or SEC1',
      (key) => ['pkey', '-traditional', '-aes256', '-passout', `pass:${PASSPHRASE}`, '-in', key],
    ],
  ];
  describe.each(KEY_TYPES)('%s', (name) => {
    test.each(FORMS)('%s, from a file and from the environment', async (_form, command) => {
      const pem = (await openssl(command(keys.leaf(name).keyPath), work)).toString();
      const path = join(work, 'form.key');
      await writeFile(path, pem);
      const passphrase = join(work, 'passphrase');
      await writeFile(passphrase, `${PASSPHRASE}\n`);
      const chain = await chainOf(name);
      const signers = [
        await open(path, name, { passphrase }),
        await open('env://KEY', name, { passphrase: 'env://PASS', env: { KEY: pem, PASS: PASSPHRASE } }),
      ];
      for (const signer of signers) {
        const signature = await signer.sign(CONTENT, 'layer');
        verifySignature(parsePkcs7(buildPkcs7({ signature, chain, rootHash: ROOT_HASH })), ROOT_HASH);
      }
    });
  });

  test('a file with EC parameters, certificate and key', async () => {
    const { keyPath, certPath } = keys.leaf('p256');
    const parameters = await openssl(['ecparam', '-name', 'prime256v1'], work);
    const text = `${parameters}${await readFile(certPath)}${await readFile(keyPath)}`;
    const signer = await open('env://KEY', 'p256', { env: { KEY: text } });
    expect((await signer.sign(CONTENT, 'layer')).scheme).toBe('ecdsa-der');
  });
});

describe('keys that do not open', () => {
  test('a wrong or missing passphrase', async () => {
    const command = ['pkcs8', '-topk8', '-passout', `pass:${PASSPHRASE}`, '-in', keys.leaf('p256').keyPath];
    const pem = (await openssl(command, work)).toString();
    const env = { KEY: pem, PASS: `${PASSPHRASE}x`, EMPTY: '' };
    const missing = await refusal(open('env://KEY', 'p256', { env }));
    expect(missing.message).toMatch(/encrypted and no passphrase was given/);
    expect(missing.remedy).toMatch(/key-passphrase/);
    const wrong = await refusal(open('env://KEY', 'p256', { env, passphrase: 'env://PASS' }));
    expect(wrong.message).toMatch(/passphrase is wrong/);
    const unset = await refusal(open('env://KEY', 'p256', { env, passphrase: 'env://NOT_SET' }));
    expect(unset.message).toMatch(/NOT_SET for the key passphrase is not set/);
    for (const error of [missing, wrong, unset]) {
      expect(error.code).toBe('key');
      expectNoSecret(error, pem);
    }
  });

  test('fault 53: a passphrase given in place of its reference is not repeated', async () => {
    const command = ['pkcs8', '-topk8', '-passout', `pass:${PASSPHRASE}`, '-in', keys.leaf('p256').keyPath];
    const pem = (await openssl(command, work)).toString();
    const error = await refusal(open('env://KEY', 'p256', { env: { KEY: pem }, passphrase: PASSPHRASE }));
    expect(error.message).toMatch(/file for the key passphrase cannot be read \(ENOENT\)/);
    expectNoSecret(error, pem);
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['a certificate', () => readFile(keys.leaf('p256').certPath, 'utf8'), /a certificate, not a private key/],
    [
      'a public key',
      async () => (await openssl(['pkey', '-pubout', '-in', keys.leaf('p256').keyPath], work)).toString(),
      /public key, not/,
    ],
    ['other text', async () => 'hello', /no PEM block/],
    [
      'an OpenSSH key',
      async () => '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      /OPENSSH PRIVATE KEY/,
    ],
    [
      'a damaged key',
      async () =>
        '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----\n',
      /damaged/,
    ],
    [
      'two keys',
      async () =>
        `${await readFile(keys.leaf('p256').keyPath, 'utf8')}${await readFile(keys.leaf('p384').keyPath, 'utf8')}`,
      /2 private keys/,
    ],
    [
      'a damaged encrypted key',
      async () =>
        '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
      /cannot be decrypted/,
    ],
  ])('%s', async (_name, text, reason) => {
    const pem = await text();
    const error = await refusal(
      open('env://KEY', 'p256', { env: { KEY: pem, PASS: 'x' }, passphrase: 'env://PASS' }),
    );
    expect(error.code).toBe('key');
    expect(error.message).toMatch(reason);
    expectNoSecret(error, pem);
  });

  test('no file, a folder, a file without end, a variable that is not set', async () => {
    expect((await refusal(open(join(work, 'none.key'), 'p256'))).message).toMatch(/ENOENT/);
    expect((await refusal(open(work, 'p256'))).message).toMatch(/EISDIR/);
    expect((await refusal(open('/dev/zero', 'p256'))).message).toMatch(/more than 64 KiB/);
    expect((await refusal(open('env://NONE', 'p256'))).message).toMatch(/NONE for the key is not set/);
    expect((await refusal(open('env://__proto__', 'p256'))).message).toMatch(/is not set/);
  });
});

test.each([
  ['p256', 'p384'],
  ['p256', 'selfSigned'],
  ['rsa2048', 'chained'],
  ['rsa2048', 'p256'],
])('fault 42: the key of %s does not match the certificate of %s', async (key, certificate) => {
  const error = await refusal(open(keys.leaf(key).keyPath, certificate));
  expect(error.code).toBe('key');
  expect(error.message).toMatch(/does not belong to the first certificate/);
});

test('fault 42: a signature by another key never becomes an artifact', async () => {
  const signature = await (await open(keys.leaf('p256').keyPath, 'p256')).sign(CONTENT, 'layer');
  const chain = await chainOf('selfSigned');
  const error = await refusal(() => buildPkcs7({ signature, chain, rootHash: ROOT_HASH }));
  expect(error).toMatchObject({ code: 'key', message: expect.stringMatching(/does not verify/) });
  const own = await chainOf('p256');
  const other = await refusal(() => buildPkcs7({ signature, chain: own, rootHash: 'ff'.repeat(32) }));
  expect(other.message).toMatch(/does not verify/);
});

test.each([
  ['rsa1024', /rsa 1024 bits cannot sign layers/],
  ['rsa2560', /rsa 2560 bits cannot sign layers/],
  ['pssKey', /rsa-pss/],
  ['secp256k1', /secp256k1/],
])('fault 44: the private key %s is refused by the signer too', async (name, reason) => {
  const error = await refusal(open(keys.leaf(name).keyPath, 'p256'));
  expect(error).toMatchObject({ code: 'key', message: expect.stringMatching(reason) });
});

test('fault 49: an Ed25519 private key is refused by the signer too', async () => {
  expect((await refusal(open(keys.leaf('ed25519').keyPath, 'p256'))).message).toMatch(
    /ed25519 cannot sign layers/,
  );
});

async function rawSignature(name: string, options: object): Promise<Uint8Array> {
  const key = createPrivateKey(await readFile(keys.leaf(name).keyPath));
  return sign('sha256', CONTENT, { key, ...options });
}

test('fault 47: RSASSA-PSS for a layer is refused, also when it is mislabelled', async () => {
  const value = await rawSignature('rsa2048', { padding: constants.RSA_PKCS1_PSS_PADDING });
  const chain = await chainOf('rsa2048');
  const build = (scheme: RawSignature['scheme']) => () =>
    buildPkcs7({ signature: { scheme, digest: 'sha256', value }, chain, rootHash: ROOT_HASH });
  const named = await refusal(build('rsa-pss'));
  expect(named).toMatchObject({ code: 'key', message: expect.stringMatching(/RSASSA-PSS/) });
  expect(named.remedy).toMatch(/EC key/);
  expect((await refusal(build('rsa-pkcs1-v1_5'))).message).toMatch(/does not verify/);
});

test.each(['p256', 'p384', 'p521'])('fault 48: ECDSA of %s as r and s is converted', async (name) => {
  const value = await rawSignature(name, { dsaEncoding: 'ieee-p1363' });
  const signature: RawSignature = { scheme: 'ecdsa-p1363', digest: 'sha256', value };
  const der = buildPkcs7({ signature, chain: await chainOf(name), rootHash: ROOT_HASH });
  verifySignature(parsePkcs7(der), ROOT_HASH);
});

describe('fault 48: garbage as an ECDSA signature is refused', () => {
  test.each<[string, RawSignature['scheme'], (good: Uint8Array) => Uint8Array, RegExp]>([
    ['too short', 'ecdsa-p1363', (good) => good.subarray(1), /63 bytes instead of 64/],
    ['too long', 'ecdsa-p1363', (good) => Buffer.concat([good, Buffer.alloc(1)]), /65 bytes instead of 64/],
    ['empty', 'ecdsa-p1363', () => new Uint8Array(), /0 bytes/],
    ['zeros', 'ecdsa-p1363', () => new Uint8Array(64), /has a zero as r or s/],
    ['other numbers', 'ecdsa-p1363', () => new Uint8Array(64).fill(7), /does not verify/],
    ['r and s called DER', 'ecdsa-der', (good) => good, /signer returned/],
    ['no DER', 'ecdsa-der', () => new Uint8Array(), /ends too early/],
    ['called RSA', 'rsa-pkcs1-v1_5', (good) => good, /scheme rsa-pkcs1-v1_5 for EC-256/],
  ])('%s', async (_name, scheme, damage, reason) => {
    const value = damage(await rawSignature('p256', { dsaEncoding: 'ieee-p1363' }));
    const chain = await chainOf('p256');
    const error = await refusal(() =>
      buildPkcs7({ signature: { scheme, digest: 'sha256', value }, chain, rootHash: ROOT_HASH }),
    );
    expect(error.code).toBe('key');
    expect(error.message).toMatch(reason);
  });

  test('DER with bytes behind it', async () => {
    const good = await rawSignature('p256', { dsaEncoding: 'der' });
    const value = Buffer.concat([good, Buffer.alloc(2)]);
    const chain = await chainOf('p256');
    const error = await refusal(() =>
      buildPkcs7({ signature: { scheme: 'ecdsa-der', digest: 'sha256', value }, chain, rootHash: ROOT_HASH }),
    );
    expect(error.message).toMatch(/2 trailing bytes/);
  });
});

describe('prepared before the conversion, opened after it', () => {
  async function copyOf(name: string, path = join(work, 'own.key')): Promise<string> {
    await writeFile(path, await readFile(keys.leaf(name).keyPath));
    return path;
  }

  test('a key that is wrong shows before; what happens to it meanwhile shows when it is opened', async () => {
    const certificates = [(await chainOf('p256')).leaf.der];
    await refusal(prepare(await copyOf('p384'), { certificates }));
    const path = await copyOf('p256');
    const prepared = await prepare(path, { certificates });
    expect(prepared).toMatchObject({ holder: 'pem', spec: { kind: 'ec', bits: 256, digest: 'sha256' } });
    await copyOf('p384');
    expect((await refusal(prepared.open())).message).toMatch(/does not belong to the first certificate/);
    await rm(path);
    expect((await refusal(prepared.open())).message).toMatch(/ENOENT/);
  });

  test('a pipe, as of <(command), is read once and opens both times', async () => {
    const command = ['pkcs8', '-topk8', '-passout', `pass:${PASSPHRASE}`, '-in', keys.leaf('p256').keyPath];
    const pem = (await openssl(command, work)).toString();
    const [key, passphrase] = [join(work, 'key.fifo'), join(work, 'passphrase.fifo')];
    const env = fixedEnvironment();
    await run(['mkfifo', key, passphrase], { env });
    const fed = Promise.all([writeFile(key, pem), writeFile(passphrase, `${PASSPHRASE}\n`)]);
    const prepared = await prepare(key, { certificates: [(await chainOf('p256')).leaf.der], passphrase });
    await fed;
    expect((await (await prepared.open()).sign(CONTENT, 'layer')).scheme).toBe('ecdsa-der');
  });

  test('PEM has no certificate of its own', async () => {
    const error = await refusal(prepare(keys.leaf('p256').keyPath));
    expect(error).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/`certificate` is missing/),
    });
  });

  test.each(['rsa2048', 'rsa3072', 'rsa4096'])(
    '%s signs manifests with PSS, salt and digest alike',
    async (name) => {
      const certificates = [(await chainOf(name)).leaf.der];
      const prepared = await prepare(keys.leaf(name).keyPath, {
        certificates,
        purposes: ['layer', 'manifest'],
      });
      const signer = await prepared.open();
      const { scheme, digest, value } = await signer.sign(CONTENT, 'manifest');
      expect(scheme).toBe('rsa-pss');
      const key = createPublicKey(await readFile(keys.leaf(name).certPath));
      const salt = { sha256: 32, sha384: 48, sha512: 64 }[digest];
      const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
      expect(verify(digest, CONTENT, { key, ...pss }, value)).toBe(true);
      expect((await signer.sign(CONTENT, 'layer')).scheme).toBe('rsa-pkcs1-v1_5');
    },
  );
});
