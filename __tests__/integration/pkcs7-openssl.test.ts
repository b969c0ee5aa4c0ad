import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import { type CertificateChain, embeddedCertificates } from '../../src/signatures/pkcs7/signing-chain.ts';
import { buildTrustPath, loadTrustAnchors } from '../../src/signatures/pkcs7/trust.ts';
import { verifySignature } from '../../src/signatures/pkcs7/verify.ts';
import type { Certificate } from '../../src/signatures/x509/certificate.ts';
import { KEY_TYPES, type LeafFiles, openssl, type Pki, pki } from '../helpers/pki.ts';
import { chainIn, openSigner } from '../helpers/signer.ts';

const ROOT_HASH = '0dcd60e7c5f0b5b6b35be5a0d1a4c2b3f1e7a8d96c5b4a39281706f5e4d3c2b1';
const NOW = new Date('2026-06-01T00:00:00Z');
const DIGESTS: Record<string, string> = {
  rsa2048: 'sha256',
  rsa3072: 'sha384',
  rsa4096: 'sha512',
  p256: 'sha256',
  p384: 'sha384',
  p521: 'sha512',
  chained: 'sha256',
  chainedEc: 'sha256',
  selfSigned: 'sha256',
};

let keys: Pki;
let work: string;

beforeAll(async () => {
  keys = await pki();
  work = await mkdtemp(join(tmpdir(), 'pkcs7-openssl-'));
  await writeFile(join(work, 'content'), ROOT_HASH);
});

afterAll(() => rm(work, { recursive: true, force: true }));

async function chainOf(files: LeafFiles, path = files.chainPath): Promise<CertificateChain> {
  return chainIn(path);
}

async function signed(name: string): Promise<Uint8Array> {
  const files = keys.leaf(name);
  const chain = await chainOf(files, files.fullChainPath);
  const certificateChain = embeddedCertificates(chain).map(({ der }) => der);
  const signer = await openSigner(files.keyPath, { certificates: certificateChain });
  const signature = await signer.sign(Buffer.from(ROOT_HASH, 'ascii'), 'layer');
  expect(signature.digest).toBe(DIGESTS[name]);
  return buildPkcs7({ signature, chain, rootHash: ROOT_HASH });
}

/** `command` is `smime` or `cms`. */
async function opensslSigned(
  command: string,
  name: string,
  more: string[] = [],
  content = 'content',
): Promise<Uint8Array> {
  const files = keys.leaf(name);
  const out = join(work, `${command}-${name}.der`);
  await openssl(
    [
      ...[
        command,
        '-sign',
        '-binary',
        '-noattr',
        '-outform',
        'DER',
        '-in',
        content,
        '-md',
        DIGESTS[name] ?? 'sha256',
      ],
      ...['-signer', files.certPath, '-inkey', files.keyPath, '-out', out, ...more],
    ],
    work,
  );
  return readFile(out);
}

describe.each([...KEY_TYPES, 'chained', 'chainedEc', 'selfSigned'])('signed with %s', (name) => {
  test('openssl smime and cms verify it against the CA', async () => {
    const files = keys.leaf(name);
    const der = join(work, `${name}.der`);
    await writeFile(der, await signed(name));
    for (const command of ['smime', 'cms']) {
      const args = [command, '-verify', '-binary', '-inform', 'DER', '-in', der, '-content', 'content'];
      const content = await openssl([...args, '-CAfile', files.caPath], work);
      expect(content.toString('ascii')).toBe(ROOT_HASH);
      await writeFile(join(work, 'other'), ROOT_HASH.replace('0', '1'));
      args[args.length - 1] = 'other';
      await expect(openssl([...args, '-CAfile', files.caPath], work)).rejects.toThrow(/openssl/);
    }
  });

  test('our own parser and verifier accept it', async () => {
    const files = keys.leaf(name);
    const parsed = parsePkcs7(await signed(name));
    verifySignature(parsed, ROOT_HASH);
    const anchors = loadTrustAnchors(await readFile(files.caPath));
    const path = buildTrustPath(parsed.certificates, anchors, NOW);
    expect(path[0]?.subject).toBe(`CN=${name},O=Layer signing test`);
    expect(() => verifySignature(parsed, ROOT_HASH.replace('0', '1'))).toThrow(/not one over the root hash/);
  });

  test('signatures by openssl smime and cms parse and verify, with and without the root', async () => {
    const files = keys.leaf(name);
    const anchors = loadTrustAnchors(await readFile(files.caPath));
    for (const command of ['smime', 'cms']) {
      for (const certfile of [files.chainPath, files.fullChainPath]) {
        const issuers = await issuersOf(certfile);
        const more = issuers === undefined ? [] : ['-certfile', issuers];
        const parsed = parsePkcs7(await opensslSigned(command, name, more));
        verifySignature(parsed, ROOT_HASH);
        expect(parsed.digest).toBe(DIGESTS[name]);
        expect(buildTrustPath(parsed.certificates, anchors, NOW).at(-1)?.der).toEqual(anchors[0]);
      }
    }
  });
});

/** A file with the certificates after the first, if there are any: cms refuses to embed one twice. */
async function issuersOf(bundle: string): Promise<string | undefined> {
  const text = await readFile(bundle, 'utf8');
  const issuers = text.slice(text.indexOf('-----END CERTIFICATE-----') + 26);
  if (issuers === '') return undefined;
  const path = join(work, 'issuers.pem');
  await writeFile(path, issuers);
  return path;
}

test.each(['rsa2048', 'rsa3072', 'rsa4096'])('%s: every byte equals openssl smime', async (name) => {
  const ours = Buffer.from(await signed(name));
  expect(ours.toString('hex')).toBe(Buffer.from(await opensslSigned('smime', name)).toString('hex'));
});

test('with two intermediates every byte equals openssl smime, which puts the signer last', async () => {
  const { chainPath } = keys.leaf('chained');
  const more = ['-certfile', (await issuersOf(chainPath)) ?? ''];
  const theirs = Buffer.from(await opensslSigned('smime', 'chained', more));
  const [leaf, ...issuers] = embeddedCertificates(await chainIn(chainPath));
  const reordered = Buffer.from(await signed('chained'))
    .toString('hex')
    .replace(hexOf(leaf, ...issuers), hexOf(...issuers, leaf));
  expect(reordered).toBe(theirs.toString('hex'));
});

function hexOf(...certificates: (Certificate | undefined)[]): string {
  return certificates.map((certificate) => Buffer.from(certificate?.der ?? []).toString('hex')).join('');
}

test.each(['p256', 'p384', 'p521'])(
  '%s: around the same signature every byte equals openssl smime',
  async (name) => {
    const theirs = await opensslSigned('smime', name);
    const { digest, scheme, signature: value } = parsePkcs7(theirs);
    const chain = await chainOf(keys.leaf(name));
    const ours = buildPkcs7({ signature: { digest, scheme, value }, chain, rootHash: ROOT_HASH });
    expect(Buffer.from(ours).toString('hex')).toBe(Buffer.from(theirs).toString('hex'));
  },
);

test('the signer certificate comes first and no root is embedded', async () => {
  const files = keys.leaf('chained');
  const chain = await chainOf(files, files.fullChainPath);
  expect(chain.root?.subject).toBe('CN=root,O=Layer signing test');
  const der = Buffer.from(await signed('chained'));
  const at = [chain.leaf, ...chain.intermediates].map((certificate) => der.indexOf(certificate.der));
  expect(at).toHaveLength(3);
  expect(at.every((offset, index) => offset > (at[index - 1] ?? 0))).toBe(true);
  expect(chain.root === undefined ? 0 : der.indexOf(chain.root.der)).toBe(-1);
});

describe('openssl signatures that layers may not carry', () => {
  test.each<[string, RegExp, string, string[]]>([
    ['signed attributes', /signed attributes/, 'cms', []],
    ['content inside', /embedded content/, 'cms', ['-noattr', '-nodetach']],
    ['no certificate', /does not embed the signer's certificate/, 'cms', ['-noattr', '-nocerts']],
    ['subject key identifier', /subject key identifier/, 'cms', ['-noattr', '-keyid']],
    ['PEM', /PEM, not DER/, 'cms', ['-noattr', '-outform', 'PEM']],
    ['RSASSA-PSS', /RSASSA-PSS/, 'cms', ['-noattr', '-keyopt', 'rsa_padding_mode:pss']],
    ['SHA-1', /uses the digest SHA-1/, 'cms', ['-noattr', '-md', 'sha1']],
    ['BER', /BER, not DER/, 'cms', ['-noattr', '-nodetach', '-stream', '-indef']],
  ])('%s', async (_name, reason, command, options) => {
    const files = keys.leaf('rsa2048');
    const out = join(work, 'refused.der');
    const args = [command, '-sign', '-binary', '-outform', 'DER', '-in', 'content'];
    await openssl(
      [...args, '-signer', files.certPath, '-inkey', files.keyPath, '-out', out, ...options],
      work,
    );
    const der = await readFile(out);
    expect(() => parsePkcs7(der)).toThrow(reason);
  });

  test('two signers', async () => {
    const other = keys.leaf('rogue');
    const der = await opensslSigned('cms', 'rsa2048', ['-signer', other.certPath, '-inkey', other.keyPath]);
    expect(() => parsePkcs7(der)).toThrow(/2 signers instead of one/);
  });

  test('a certificate that is not in the chain', async () => {
    const der = await opensslSigned('cms', 'rsa2048', ['-certfile', keys.leaf('rogue').certPath]);
    expect(() => parsePkcs7(der)).toThrow(/not in the signer's chain: "CN=rogue,O=Layer signing test"/);
  });

  test.each([
    ['the 32 raw bytes of the root hash', Buffer.from(ROOT_HASH, 'hex')],
    ['the root hash in uppercase', ROOT_HASH.toUpperCase()],
    ['the root hash and a line end', `${ROOT_HASH}\n`],
  ])('over %s', async (name, content) => {
    await writeFile(join(work, 'wrong'), content);
    const parsed = parsePkcs7(await opensslSigned('smime', 'p256', [], 'wrong'));
    expect(() => verifySignature(parsed, ROOT_HASH)).toThrow(`is one over ${name}, not over`);
  });

  test.each(['rsa2560', 'pssSigned', 'sha1', 'secp256k1'])(
    'a signer certificate of kind %s',
    async (name) => {
      const der = await opensslSigned('cms', name);
      expect(() => parsePkcs7(der)).toThrow(/kernel accepts RSA of 2048|are accepted/);
    },
  );
});
