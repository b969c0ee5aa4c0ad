import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import {
  chainFromDer,
  checkValidity,
  loadCertificateChain,
} from '../../src/signatures/pkcs7/signing-chain.ts';
import { type Pki, pki } from '../helpers/pki.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

let keys: Pki;

beforeAll(async () => {
  keys = await pki();
});

async function pem(...names: string[]): Promise<string> {
  const texts = await Promise.all(names.map((name) => readFile(keys.leaf(name).certPath, 'utf8')));
  return texts.join('');
}

function refusal(work: () => unknown): VeritySignError {
  try {
    work();
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** As in the code `key`, with a remedy, on one line. */
function expectRefusal(text: string | Uint8Array, reason: RegExp): void {
  const error = refusal(() => loadCertificateChain(text));
  expect(error.code).toBe('key');
  expect(error.message).toMatch(reason);
  expect(error.remedy).toBeTruthy();
  expect(error.toLine()).not.toContain('\n');
}

describe('accepted chains', () => {
  test('leaf, intermediates and root', async () => {
    const chain = loadCertificateChain(await pem('chained', 'issuing', 'intermediate', 'root'));
    expect(chain.leaf.subject).toBe('CN=chained,O=Layer signing test');
    expect(chain.leaf.keyKind).toBe('RSA-2048');
    expect(chain.leaf.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(chain.leaf.fingerprint).toBe(chain.leaf.x509.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(chain.intermediates.map(({ subject }) => subject.split(',')[0])).toEqual([
      'CN=issuing',
      'CN=intermediate',
    ]);
    expect(chain.root?.subject).toBe('CN=root,O=Layer signing test');
    expect(chain.warnings).toEqual([]);
    expect(() => checkValidity(chain, NOW)).not.toThrow();
  });

  test('a chain that ends before the root, down to the leaf alone', async () => {
    expect(loadCertificateChain(await pem('chained', 'issuing')).root).toBeUndefined();
    expect(loadCertificateChain(await pem('chained')).intermediates).toEqual([]);
  });

  test('a self-signed signing certificate is its own leaf, never a root', async () => {
    const chain = loadCertificateChain(await pem('selfSigned'));
    expect(chain.leaf.selfSigned).toBe(true);
    expect(chain.root).toBeUndefined();
  });

  test.each([
    ['rsa2048', 'RSA-2048'],
    ['rsa3072', 'RSA-3072'],
    ['rsa4096', 'RSA-4096'],
    ['p256', 'EC-256'],
    ['p384', 'EC-384'],
    ['p521', 'EC-521'],
  ])('%s is %s', async (name, kind) => {
    expect(loadCertificateChain(await pem(name)).leaf.keyKind).toBe(kind);
  });

  test('commentary, CRLF, a byte order mark and other blocks make no difference', async () => {
    const key = await readFile(keys.leaf('p256').keyPath, 'utf8');
    const text = `\u{feff}${await pem('p256')}subject=/CN=p256\n${key}`.replaceAll('\n', '\r\n');
    expect(loadCertificateChain(Buffer.from(text)).leaf.subject).toContain('CN=p256');
  });

  test('without authorityKeyIdentifier there is a warning: the kernel finds no issuer', async () => {
    const { warnings } = loadCertificateChain(await pem('noAuthorityKeyId', 'root'));
    expect(warnings).toEqual([expect.stringMatching(/"CN=noAuthorityKeyId,.*no authorityKeyIdentifier/)]);
  });
});

describe('what is no PEM bundle of certificates', () => {
  test.each<[string, string, RegExp]>([
    ['an empty file', '', /no PEM block/],
    ['other text', 'hello\n', /no PEM block/],
    ['a block without an end', '-----BEGIN CERTIFICATE-----\nMIIB\n', /without an end/],
    ['a block within a block', '-----BEGIN A-----\n-----BEGIN CERTIFICATE-----\n', /without an end/],
    ['no base64', '-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n', /not base64/],
    ['an empty block', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', /not base64/],
    [
      'base64 of something else',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /cannot be read/,
    ],
    ['a file of megabytes', 'x'.repeat(1 << 20), /more than 256 KiB/],
  ])('%s', (_name, text, reason) => expectRefusal(text, reason));

  test('a private key alone is named, not shown', async () => {
    const key = await readFile(keys.leaf('p256').keyPath, 'utf8');
    expectRefusal(key, /no certificate, only: PRIVATE KEY/);
    expect(refusal(() => loadCertificateChain(key)).toLine()).not.toContain(key.split('\n')[1] ?? '?');
  });

  test('DER instead of PEM', async () => {
    const { leaf } = loadCertificateChain(await pem('p256'));
    expectRefusal(leaf.der, /no PEM block/);
  });

  test('a certificate with bytes behind it', async () => {
    const { leaf } = loadCertificateChain(await pem('p256'));
    const error = refusal(() => chainFromDer([Buffer.concat([leaf.der, Buffer.alloc(4)])]));
    expect(error.message).toMatch(/4 trailing bytes/);
  });
});

test.each([
  ['expired', /expired on 2021-01-01/],
  ['notYetValid', /is not valid before 2060-01-01/],
])('fault 43: a leaf that is %s is refused', async (name, reason) => {
  const chain = loadCertificateChain(await pem(name, 'root'));
  const error = refusal(() => checkValidity(chain, NOW));
  expect(error).toMatchObject({ code: 'key', message: expect.stringMatching(reason) });
  expect(error.remedy).toMatch(/Renew/);
});

test('fault 43: an issuer that expired is refused', async () => {
  const chain = loadCertificateChain(await pem('expired', 'root'));
  expect(refusal(() => checkValidity(chain, new Date('2055-06-01T00:00:00Z'))).message).toMatch(/expired/);
});

test('fault 44: RSA-1024 is refused', async () =>
  expectRefusal(await pem('rsa1024', 'root'), /RSA key of 1024 bits/));

test.each([
  ['rsa2560', /RSA key of 2560 bits/],
  ['secp256k1', /EC key on the curve secp256k1/],
  ['pssKey', /bound to RSASSA-PSS/],
  ['pssSigned', /signed with RSASSA-PSS/],
  ['encipherOnly', /keyUsage lacks digitalSignature/],
  ['intermediate', /keyUsage lacks digitalSignature|CA certificate/],
])('%s is refused', async (name, reason) => {
  expectRefusal(await pem(name), reason);
  expectRefusal(await pem(name, 'root'), reason);
});

test('fault 45: SHA-1 in the chain is refused, at the leaf and above it', async () => {
  expectRefusal(await pem('sha1', 'root'), /"CN=sha1,.*signed with SHA-1 with RSA/);
  expectRefusal(await pem('underSha1', 'sha1Ca', 'root'), /"CN=sha1Ca,.*signed with SHA-1 with RSA/);
});

describe('fault 46: a chain out of order or incomplete is refused', () => {
  test.each<[string[], RegExp]>([
    [['root', 'p256'], /out of order/],
    [['issuing', 'chained'], /out of order/],
    [['chained', 'intermediate', 'issuing'], /out of order/],
    [['root', 'intermediate', 'issuing', 'chained'], /out of order/],
    [['chained', 'chained', 'issuing'], /out of order/],
    [['chained', 'issuing', 'root', 'intermediate'], /out of order/],
    [['chained', 'intermediate', 'root'], /incomplete: the issuer "CN=issuing,.*is missing/],
    [['chained', 'root'], /incomplete/],
    [['p256', 'ecroot'], /incomplete/],
    [['selfSigned', 'root'], /incomplete|out of order/],
  ])('%j', async (names, reason) => expectRefusal(await pem(...names), reason));

  test('fault 46: an issuer of the right name with another key', async () => {
    const chain = loadCertificateChain(await pem('p256', 'root'));
    const { root } = chain;
    if (root === undefined) throw new Error('no root');
    const forged = Buffer.from(chain.leaf.der);
    // The last byte of the signature: name and key identifier still match.
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(refusal(() => chainFromDer([forged, root.der])).message).toMatch(/was not signed by the key of/);
  });

  test('fault 46: issued by a certificate that is no CA, or one too many below a CA', async () => {
    expectRefusal(await pem('underNoCa', 'noCa', 'root'), /"CN=noCa,.*is not a CA certificate/);
    expectRefusal(await pem('underTooDeep', 'tooDeep', 'issuing', 'intermediate'), /allows at most 0 CA/);
  });
});

test('fault 49: an Ed25519 key is refused, at the leaf and above it', async () => {
  expectRefusal(await pem('ed25519', 'root'), /a key of the type ed25519/);
  expectRefusal(await pem('underEd25519', 'ed25519Ca'), /signed with Ed25519/);
});
