/** Certificates of layers that `sign` accepts, and those that it refuses: then nothing is attached, and nothing is left. */
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { attachedIn } from '../helpers/attached-signatures.ts';
import { cliOk } from '../helpers/cli.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { expectRefused } from '../helpers/refused-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
  await writeVectorImage(layout, ['simple-gzip']);
});

const pem = (...names: string[]): string =>
  names.map((name) => readFileSync(keys.leaf(name).certPath, 'utf8')).join('');

const x509 = (name: string): X509Certificate => new X509Certificate(pem(name));

/** PEM of bytes that may be no certificate. */
const block = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;

/** A new file with this text. */
function file(content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(folder, 'file-')), 'chain.pem');
  writeFileSync(path, content);
  return path;
}

/** Signs a copy of the image, with the key of `name`. */
async function accepted(name: string, chain: string) {
  const own = mkdtempSync(join(folder, 'accepted-'));
  const signed = join(own, 'layout');
  cpSync(layout, signed, { recursive: true });
  const report = join(own, 'report.json');
  const signing = ['--key', keys.leaf(name).keyPath, '--certificate', file(chain)];
  const { stderr } = await cliOk(['sign', `oci:${signed}`, ...signing, '--report', report]);
  const [{ signer } = {}] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
  const [artifact] = attachedIn(signed);
  const signature = join(signed, 'blobs', artifact?.layers[0]?.digest.replace(':', '/') ?? '');
  const printed = await openssl(['pkcs7', '-inform', 'DER', '-in', signature, '-print_certs'], own);
  const embedded = [...printed.toString().matchAll(/^subject=.*CN ?= ?(.*)$/gm)].map(([, cn]) => cn);
  return { signer, embedded, warnings: stderr.split('\n').filter((line) => /^warning/i.test(line)) };
}

/** Refused as a fault of the certificates, with a remedy. Returns the line. */
function refused(name: string, content: string | Uint8Array, message: RegExp): Promise<string> {
  const signing = ['--key', keys.leaf(name).keyPath, '--certificate', file(content)];
  return expectRefused(folder, ['sign', `oci:${layout}`, ...signing], {
    status: 5,
    message,
    untouched: [layout],
  });
}

describe('accepted chains', () => {
  test('leaf, intermediates and root, which is not embedded', async () => {
    const chain = pem('chained', 'issuing', 'intermediate', 'root');
    const { signer, embedded, warnings } = await accepted('chained', chain);
    expect(signer).toMatchObject({
      subject: 'CN=chained,O=Layer signing test',
      keyType: 'RSA-2048',
      fingerprint: x509('chained').fingerprint256.replaceAll(':', '').toLowerCase(),
    });
    expect(embedded).toEqual(['chained', 'issuing', 'intermediate']);
    expect(warnings).toEqual([]);
  });

  test.each([[['chained', 'issuing']], [['chained']]])('one that ends before the root: %j', async (names) => {
    expect((await accepted('chained', pem(...names))).embedded).toEqual(names);
  });

  test('a self-signed signing certificate is its own leaf, never a root', async () => {
    const { signer, embedded } = await accepted('selfSigned', pem('selfSigned'));
    const subject = 'CN=selfSigned,O=Layer signing test';
    expect(signer).toMatchObject({ subject, issuer: subject });
    expect(embedded).toEqual(['selfSigned']);
  });

  test.each([
    ['rsa2048', 'RSA-2048'],
    ['rsa3072', 'RSA-3072'],
    ['rsa4096', 'RSA-4096'],
    ['p256', 'EC-256'],
    ['p384', 'EC-384'],
    ['p521', 'EC-521'],
  ])('%s is %s', async (name, kind) => {
    expect((await accepted(name, pem(name))).signer?.keyType).toBe(kind);
  });

  test('commentary, CRLF, a byte order mark and other blocks make no difference', async () => {
    const key = readFileSync(keys.leaf('p256').keyPath, 'utf8');
    const text = `\u{feff}${pem('p256')}subject=/CN=p256\n${key}`.replaceAll('\n', '\r\n');
    expect((await accepted('p256', text)).embedded).toEqual(['p256']);
  });

  test('without authorityKeyIdentifier there is a warning: the kernel finds no issuer', async () => {
    const { warnings } = await accepted('noAuthorityKeyId', pem('noAuthorityKeyId', 'root'));
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
    ['base64 of something else', block(Buffer.alloc(3)), /cannot be read/],
    ['a file of megabytes', 'x'.repeat(1 << 20), /more than 256 KiB/],
  ])('%s', async (_name, text, reason) => {
    await refused('p256', text, reason);
  });

  test('a private key alone is named, not shown', async () => {
    const key = readFileSync(keys.leaf('p256').keyPath, 'utf8');
    const line = await refused('p256', key, /no certificate, only: PRIVATE KEY/);
    expect(line).not.toContain(key.split('\n')[1] ?? '?');
  });

  test('DER instead of PEM', async () => {
    const line = await refused('p256', x509('p256').raw, /no PEM block/);
    expect(line).toContain('convert DER with openssl x509 -inform DER');
  });

  test('a certificate with bytes behind it', async () => {
    const longer = Buffer.concat([x509('p256').raw, Buffer.alloc(4)]);
    await refused('p256', block(longer), /4 trailing bytes/);
  });
});

// refused-signers.test.ts has the chains that each kind of signature refuses for the same reason.
test('fault 43: an issuer that expired is refused', async () => {
  const maker = new CertificateMaker(mkdtempSync(join(folder, 'expired-')));
  const dates: [string, string] = ['20200101000000Z', '20210101000000Z'];
  await maker.make({ name: 'old', extensions: CA, dates });
  const leaf = await maker.make({ name: 'young', issuer: 'old', extensions: SIGNER });
  const remedy = 'Renew the certificate, and check the clock of this machine';
  const signing = ['--key', maker.path('young', 'key'), '--certificate', maker.path('young', 'full.pem')];
  const line = await expectRefused(folder, ['sign', `oci:${layout}`, ...signing], {
    status: 5,
    message: /"CN=old,.*" expired on 2021-01-01/,
    names: [remedy],
    untouched: [layout],
  });
  expect(line).not.toContain('CN=young');
  // The leaf alone is valid.
  const alone = ['--key', maker.path('young', 'key'), '--certificate', leaf];
  await cliOk(['sign', `oci:${layout}`, '--dry-run', ...alone]);
});

test.each([
  ['rsa2560', /RSA key of 2560 bits/],
  ['secp256k1', /EC key on the curve secp256k1/],
  ['pssKey', /bound to RSASSA-PSS/],
  ['pssSigned', /signed with RSASSA-PSS/],
  ['encipherOnly', /keyUsage lacks digitalSignature/],
  ['intermediate', /keyUsage lacks digitalSignature|CA certificate/],
])('%s is refused', async (name, reason) => {
  await refused(name, pem(name), reason);
  await refused(name, pem(name, 'root'), reason);
});

describe('fault 46: a chain out of order or incomplete is refused', () => {
  test.each<[string[], RegExp]>([
    [['issuing', 'chained'], /out of order/],
    [['root', 'intermediate', 'issuing', 'chained'], /out of order/],
    [['selfSigned', 'root'], /incomplete|out of order/],
  ])('%j', async (names, reason) => {
    await refused(names[0] ?? '', pem(...names), reason);
  });

  test('fault 46: an issuer of the right name with another key', async () => {
    const forged = Buffer.from(x509('p256').raw);
    // The last byte of the signature: name and key identifier still match.
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    await refused('p256', block(forged) + pem('root'), /was not signed by the key of/);
  });

  test('fault 46: one CA too many below a CA', async () => {
    const chain = pem('underTooDeep', 'tooDeep', 'issuing', 'intermediate');
    await refused('underTooDeep', chain, /allows at most 0 CA/);
  });
});
