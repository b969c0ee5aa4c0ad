import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildPkcs7, buildPkcs7WithContent } from '../../src/signatures/pkcs7/build.ts';
import { parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import { parsePkcs7WithContent } from '../../src/signatures/pkcs7/with-content.ts';
import { KEY_TYPES, openssl, type Pki, pki } from '../helpers/pki.ts';
import { chainIn, openSigner } from '../helpers/signer.ts';

/** Text whose line ends openssl would change without -binary. */
const CONTENT = Buffer.from('policy_name=app policy_version=1.2.3\nDEFAULT action=DENY\r\n');

let keys: Pki;
let work: string;

beforeAll(async () => {
  keys = await pki();
  work = await mkdtemp(join(tmpdir(), 'pkcs7-content-'));
  await writeFile(join(work, 'content'), CONTENT);
});

afterAll(() => rm(work, { recursive: true, force: true }));

async function signed(name: string, content: Uint8Array = CONTENT): Promise<Uint8Array> {
  const files = keys.leaf(name);
  const chain = await chainIn(files.chainPath);
  const signer = await openSigner(files.keyPath, { certificates: [chain.leaf.der], purposes: ['policy'] });
  return buildPkcs7WithContent({ signature: await signer.sign(content, 'policy'), chain, content });
}

async function opensslSigned(name: string): Promise<Buffer> {
  const { certPath, keyPath } = keys.leaf(name);
  const out = join(work, `${name}.openssl.p7b`);
  const digest = { rsa3072: 'sha384', p384: 'sha384', rsa4096: 'sha512', p521: 'sha512' }[name] ?? 'sha256';
  const form = ['-binary', '-noattr', '-nodetach', '-outform', 'DER', '-md', digest];
  const by = ['-signer', certPath, '-inkey', keyPath];
  await openssl(['smime', '-sign', ...form, ...by, '-in', join(work, 'content'), '-out', out], work);
  return readFile(out);
}

/** What openssl reads as the signed content. */
async function opensslVerified(der: Uint8Array, command: 'smime' | 'cms', root: string): Promise<Buffer> {
  await writeFile(join(work, 'message'), der);
  const how = ['-verify', '-binary', '-inform', 'DER', '-purpose', 'any', '-CAfile', root];
  await openssl([command, ...how, '-in', 'message', '-out', 'verified'], work);
  return readFile(join(work, 'verified'));
}

describe.each(KEY_TYPES)('content signed by %s', (name) => {
  test('openssl verifies it, and reads the content as it was', async () => {
    const der = await signed(name);
    const { caPath } = keys.leaf(name);
    expect(await opensslVerified(der, 'smime', caPath)).toEqual(CONTENT);
    expect(await opensslVerified(der, 'cms', caPath)).toEqual(CONTENT);
  });

  test('openssl writes the same message', async () => {
    const [ours, theirs] = [Buffer.from(await signed(name)), await opensslSigned(name)];
    // ECDSA signatures differ each time.
    if (name.startsWith('rsa')) expect(ours).toEqual(theirs);
    const [own, other] = [ours, theirs].map((der) => parsePkcs7WithContent(der));
    expect({ ...own, signature: '' }).toEqual({ ...other, signature: '' });
    expect(Buffer.from(own?.content ?? [])).toEqual(CONTENT);
  });
});

test('a chain is embedded, and verified with its root alone', async () => {
  const der = await signed('chained');
  expect(await opensslVerified(der, 'smime', keys.leaf('chained').caPath)).toEqual(CONTENT);
  expect(parsePkcs7WithContent(der).certificates).toHaveLength(3);
});

test('a changed byte of the content is noticed, here and by openssl', async () => {
  const der = Buffer.from(await signed('p256'));
  der.write('DEFAULT action=DENy', der.indexOf('DEFAULT'));
  expect(() => parsePkcs7WithContent(der)).toThrow('has a signature that is not one over its content');
  await expect(opensslVerified(der, 'smime', keys.leaf('p256').caPath)).rejects.toThrow();
});

test('a message with content is no signature of a layer, and the other way round', async () => {
  const { leaf } = await chainIn(keys.leaf('p256').chainPath);
  const chain = { leaf, intermediates: [], root: undefined, warnings: [] };
  const rootHash = 'ab'.repeat(32);
  const signer = await openSigner(keys.leaf('p256').keyPath, { certificates: [leaf.der] });
  const detached = buildPkcs7({
    signature: await signer.sign(Buffer.from(rootHash), 'layer'),
    chain,
    rootHash,
  });
  const der = await signed('p256');
  expect(() => parsePkcs7(der)).toThrow('has embedded content; it must be detached');
  expect(() => parsePkcs7WithContent(detached)).toThrow('has no content');
});

test('the kernel reads no message above 65,535 bytes', async () => {
  const der = await signed('p256', Buffer.alloc(64_600));
  expect(parsePkcs7WithContent(der).content).toHaveLength(64_600);
  const large = await signed('p256', Buffer.alloc(65_500));
  expect(() => parsePkcs7WithContent(large)).toThrow(/bytes, and the kernel accepts at most 65535$/);
});
