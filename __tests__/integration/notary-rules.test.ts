import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/model/index.ts';
import {
  checkSigningChain,
  thumbprintsAnnotation,
} from '../../src/signatures/notary/certificates/signing-chain.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, type CertificateWish, SIGNER } from '../helpers/made-certificates.ts';
import { chainOf, Notation } from '../helpers/notary.ts';
import { KEY_TYPES, pki } from '../helpers/pki.ts';

let temp: string;
let builder: CertificateMaker;
let writer: ImageWriter;
let image: Descriptor;
let notation: Notation;

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-rules-'));
  builder = new CertificateMaker(temp);
  writer = await ImageWriter.create();
  image = await writer.add(await writer.image());
  notation = new Notation(join(temp, 'home'));
  await builder.make({ name: 'root', extensions: CA });
  await builder.make({ name: 'middle', issuer: 'root', extensions: CA });
  await builder.make({ name: 'leaf', issuer: 'middle', extensions: SIGNER });
});

afterAll(async () => {
  await writer.remove();
  await rm(temp, { recursive: true, force: true });
});

function refusal(chain: readonly Uint8Array[]): string {
  try {
    checkSigningChain(chain, new Date());
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    expect(error.code).toBe('key');
    expect(error.remedy).toBeTruthy();
    return error.message;
  }
  return 'accepted';
}

/** Whether notation signs with a certificate of the builder. */
async function notationSigns(name: string): Promise<boolean> {
  await notation.addKey({
    name,
    keyPath: builder.path(name, 'key'),
    certPath: builder.path(name),
    chainPath: builder.path(name, 'full.pem'),
    fullChainPath: builder.path(name, 'full.pem'),
    caPath: builder.path('root'),
  });
  const reference = `${writer.directory}@${image.digest}`;
  return notation.run('sign', '--oci-layout', '--key', name, reference).then(
    () => true,
    (error: unknown) => {
      expect(String(error)).toMatch(/certificate|key size|x509/);
      return false;
    },
  );
}

describe('chains that Notary signatures may have', () => {
  test.each([...KEY_TYPES, 'chained', 'selfSigned', 'noAuthorityKeyId', 'pssSigned'])('%s', async (name) => {
    expect(refusal(await chainOf((await pki()).leaf(name).fullChainPath))).toBe('accepted');
  });

  test.each<[string, string[]]>([
    ['codeSigning', [...SIGNER, 'extendedKeyUsage=codeSigning']],
    ['a purpose of its own', [...SIGNER, 'extendedKeyUsage=codeSigning,1.2.3.4']],
    ['no basicConstraints', ['keyUsage=critical,digitalSignature']],
    ['nonRepudiation', ['keyUsage=critical,digitalSignature,nonRepudiation']],
  ])('with %s', async (name, extensions) => {
    const file = name.replaceAll(' ', '-');
    await builder.make({ name: file, issuer: 'middle', extensions });
    expect(refusal(await builder.chain(file))).toBe('accepted');
    expect(await notationSigns(file)).toBe(true);
  });

  test('whenever, where no time is given', async () => {
    const expired = await chainOf((await pki()).leaf('expired').fullChainPath);
    expect(() => checkSigningChain(expired, undefined)).not.toThrow();
  });
});

describe('chains that are refused', () => {
  test.each<[fault: string, name: string, message: RegExp]>([
    ['fault 43', 'expired', /"CN=expired,O=[^"]*" expired on 2021-01-01/],
    ['fault 43', 'notYetValid', /is not valid before 2060-01-01/],
    ['fault 44', 'rsa1024', /has a key that Notary does not sign with/],
    ['fault 44', 'rsa2560', /has a key that Notary does not sign with/],
    ['fault 45', 'sha1', /signed with SHA-1/],
    ['fault 45', 'underSha1', /signed with SHA-1/],
    ['fault 49', 'ed25519', /has a key that Notary does not sign with/],
    ['curves', 'secp256k1', /has a key that Notary does not sign with/],
    ['PSS keys', 'pssKey', /has a key that Notary does not sign with/],
    ['CAs', 'underNoCa', /is not marked as a CA/],
    ['path lengths', 'underTooDeep', /allows at most 0 CA certificates below it, there are 1/],
    ['usages', 'encipherOnly', /keyUsage lacks digitalSignature/],
    ['critical extensions', 'oddCritical', /critical extension that is not understood/],
  ])('%s: %s', async (_fault, name, message) => {
    expect(refusal(await chainOf((await pki()).leaf(name).fullChainPath))).toMatch(message);
  });

  test.each<[string, Partial<CertificateWish>, RegExp]>([
    [
      'a CA as signer',
      { extensions: ['basicConstraints=critical,CA:TRUE', SIGNER[1] ?? ''] },
      /is a CA certificate/,
    ],
    ['no keyUsage', { extensions: ['basicConstraints=CA:FALSE'] }, /has no keyUsage/],
    ['soft keyUsage', { extensions: ['keyUsage=digitalSignature'] }, /keyUsage that is not critical/],
    ...['keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign'].map(
      (usage): [string, Partial<CertificateWish>, RegExp] => [
        usage,
        { extensions: [`keyUsage=critical,digitalSignature,${usage}`] },
        new RegExp(`also allows ${usage} \\(keyUsage\\)`),
      ],
    ),
    [
      'decipherOnly',
      { extensions: ['keyUsage=critical,digitalSignature,decipherOnly'] },
      /also allows decipherOnly/,
    ],
    ...[
      'serverAuth',
      'clientAuth',
      'emailProtection',
      'timeStamping',
      'OCSPSigning',
      'anyExtendedKeyUsage',
    ].map((purpose): [string, Partial<CertificateWish>, RegExp] => [
      purpose,
      { extensions: [...SIGNER, `extendedKeyUsage=codeSigning,${purpose}`] },
      new RegExp(`also allows ${purpose} \\(extendedKeyUsage\\)`),
    ]),
  ])('leaf with %s', async (name, wish, message) => {
    const file = `leaf-${name.replaceAll(' ', '-')}`;
    await builder.make({ name: file, issuer: 'middle', extensions: SIGNER, ...wish });
    expect(refusal(await builder.chain(file))).toMatch(message);
    // The specification forbids it, notation 1.3 does not look.
    expect(await notationSigns(file)).toBe(name === 'anyExtendedKeyUsage');
  });

  test.each<[string, Partial<CertificateWish>, RegExp]>([
    [
      'soft basicConstraints',
      { extensions: ['basicConstraints=CA:TRUE', CA[1] ?? ''] },
      /not marked as a CA/,
    ],
    ['soft keyUsage', { extensions: [CA[0] ?? '', 'keyUsage=keyCertSign'] }, /keyUsage that is not critical/],
    ['no keyUsage', { extensions: [CA[0] ?? ''] }, /lacks keyCertSign/],
    ['no keyCertSign', { extensions: [CA[0] ?? '', 'keyUsage=critical,cRLSign'] }, /lacks keyCertSign/],
    ['RSA-1024', { key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'] }, /RSA key of 1024 bits/],
    [
      'another curve',
      { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp224r1'] },
      /on the curve secp224r1/,
    ],
  ])('issuer with %s', async (name, wish, message) => {
    const file = `ca-${name.replaceAll(' ', '-')}`;
    await builder.make({ name: file, issuer: 'root', extensions: CA, ...wish });
    await builder.make({ name: `under-${file}`, issuer: file, extensions: SIGNER });
    expect(refusal(await builder.chain(`under-${file}`))).toMatch(message);
    // The specification asks for it, or the key is weak; notation 1.3 does not look.
    const overlooked = ['soft basicConstraints', 'RSA-1024', 'another curve'].includes(name);
    expect(await notationSigns(`under-${file}`)).toBe(overlooked);
  });

  test('fault 46: out of order, incomplete, with strangers, empty', async () => {
    const [leaf, middle, root] = await builder.chain('leaf');
    if (leaf === undefined || middle === undefined || root === undefined) throw new Error('no chain');
    const [stranger = leaf] = await chainOf((await pki()).leaf('selfSigned').certPath);
    expect(refusal([leaf, middle, root])).toBe('accepted');
    expect(refusal([leaf, middle])).toMatch(/ends with "CN=middle,O=Notary test", which is not self-signed/);
    expect(refusal([leaf])).toMatch(/ends with "CN=leaf/);
    expect(refusal([leaf, root])).toMatch(/"CN=leaf,O=Notary test" was not issued by the next one, "CN=root/);
    expect(refusal([middle, leaf, root])).toMatch(/was not issued by the next one/);
    expect(refusal([root, middle, leaf])).toMatch(/is self-signed, but other certificates follow/);
    expect(refusal([leaf, middle, root, root])).toMatch(/is self-signed, but other certificates follow/);
    expect(refusal([leaf, middle, root, stranger])).toMatch(/is self-signed, but other certificates follow/);
    expect(refusal([root])).toMatch(/is a CA certificate/);
    expect(refusal([])).toMatch(/empty/);
  });

  test('an issuer of the same name with another key', async () => {
    const twins = new CertificateMaker(await mkdtemp(join(temp, 'twins-')));
    await twins.make({ name: 'root', extensions: CA });
    const [leaf, middle] = await builder.chain('leaf');
    const [twin] = await twins.chain('root');
    if (leaf === undefined || middle === undefined || twin === undefined) throw new Error('no chain');
    expect(refusal([leaf, middle, twin])).toMatch(/was not issued by the next one/);
  });

  test('what is no certificate, or more than one', async () => {
    const [leaf = new Uint8Array()] = await builder.chain('leaf');
    for (const bytes of [
      new Uint8Array(),
      Buffer.from('x'),
      Buffer.concat([leaf, leaf]),
      leaf.subarray(0, -1),
    ]) {
      expect(refusal([bytes])).toMatch(/has a certificate that/);
    }
  });
});

test('the thumbprints are a JSON array of SHA-256, leaf first', async () => {
  const chain = await builder.chain('leaf');
  const digests = chain.map((der) => createHash('sha256').update(der).digest('hex'));
  expect(JSON.parse(thumbprintsAnnotation(chain))).toEqual(digests);
});
