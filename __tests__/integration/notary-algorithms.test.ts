/** Keys and signatures of certificates that OpenSSL verifies, with notation as the judge. */
import { constants, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { VeritySignError } from '../../src/errors.ts';
import { ToolError } from '../../src/lib/process/run.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { checkSigningChain } from '../../src/signatures/notary/certificates/signing-chain.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { encode, encodeOid } from '../../src/signatures/x509/asn1/encode.ts';
import { signer } from '../helpers/chain-signer.ts';
import { caExtensions, chainFiles, LEAF, newKeys } from '../helpers/chain-writer.ts';
import { integer, sequence, type Written, writeCertificate } from '../helpers/der-pki.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, type CertificateWish, SIGNER } from '../helpers/made-certificates.ts';
import { attachEnvelope, Notation } from '../helpers/notary.ts';
import { NULL, type PssFields, pssAlgorithm } from '../helpers/rsa-pss.ts';
import { testFolder } from '../helpers/temp.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const folder = testFolder();
const builder = new CertificateMaker(folder);
const notation = new Notation(join(folder, 'home'));
let writer: ImageWriter;
let count = 0;

beforeAll(async () => {
  writer = await ImageWriter.create();
  await builder.make({ name: 'rsa', extensions: CA, key: rsa() });
});
afterAll(() => writer.remove());

const flagged = (flag: string, all: string[]): string[] => all.flatMap((one) => [flag, one]);
const rsa = (...more: string[]) => [
  '-algorithm',
  'RSA',
  ...flagged('-pkeyopt', ['rsa_keygen_bits:2048', ...more]),
];
const exponent = (number: number) => ({ key: rsa(`rsa_keygen_pubexp:${number}`) });
const ec = (curve: string, ...more: string[]) => ({
  key: ['-algorithm', 'EC', ...flagged('-pkeyopt', [`ec_paramgen_curve:${curve}`, ...more])],
});
const pssKey = (...more: string[]) => ({
  key: ['-algorithm', 'RSA-PSS', ...flagged('-pkeyopt', ['rsa_keygen_bits:2048', ...more])],
});

/** RSASSA-PSS; a salt of -1 is as long as the digest, of -2 as long as it can be. */
function pss(salt: number, digest = 'sha256', ...more: string[]): Partial<CertificateWish> {
  const all = ['rsa_padding_mode:pss', `rsa_pss_saltlen:${salt}`, ...more];
  return { digest, more: flagged('-sigopt', all) };
}

function refusal(chain: readonly Uint8Array[]): string {
  try {
    checkSigningChain(chain, new Date());
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    expect(error).toMatchObject({ code: 'key', remedy: expect.any(String) });
    return error.message;
  }
  return 'accepted';
}

interface Judged {
  /** DER, leaf to root. */
  chain: Uint8Array[];
  /** The leaf's, on P-256. */
  privateKey: KeyObject;
  /** Path of the root. */
  root: string;
}

/** What is said of a signature by a chain that `sign` might refuse: our verdict, and whether notation verifies it. */
async function verdicts({ chain, privateKey, root }: Judged): Promise<[own: string, notation: boolean]> {
  const name = `judged${count++}`;
  const { mediaType, digest, size } = await writer.add(await writer.image({ layers: [name] }));
  const target = { mediaType, digest, size };
  const keys = { privateKey, publicKey: createPublicKey(privateKey) };
  const good = writeCertificate({ subject: name, keys, extensions: LEAF });
  const request = {
    target,
    chain: [good.certificate.der],
    spec: { kind: 'ec', bits: 256, digest: 'sha256' },
    signingTime: new Date(),
    agent: 'verity-sign/0.0.0',
  } as const;
  const envelope = JSON.parse(Buffer.from(await buildEnvelope('jws', request, signer([good]))).toString());
  // The signature does not cover the certificates of a JWS envelope.
  envelope.header.x5c = chain.map((der) => Buffer.from(der).toString('base64'));
  const bytes = Buffer.from(JSON.stringify(envelope));
  await attachEnvelope(new LayoutStore(writer.directory), target, 'jws', { bytes, chain }, folder);
  await notation.configure({ [`ca:${name}`]: [root] });
  const options = verifyOptions(`oci:${writer.directory}@${digest}`, {
    layers: 'none',
    manifestSignature: 'required',
    trustedCertificates: [root],
  });
  const { verdict } = await verifyImage(options, verifyContext(new Date()));
  const accepted = await notation.verifyLayout(writer.directory, digest).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof ToolError)) throw error;
      expect(error.message).toMatch(/algorithm unimplemented|exponent too large|invalid ECDSA parameters/);
      return false;
    },
  );
  return [verdict, accepted];
}

async function expectSame(judged: Judged, reason: string | undefined): Promise<void> {
  const accepted = reason === undefined;
  expect([refusal(judged.chain), ...(await verdicts(judged))]).toEqual([
    accepted ? 'accepted' : expect.stringContaining(reason),
    accepted ? 'verified' : 'invalid',
    accepted,
  ]);
}

async function made(name: string, root: string): Promise<Judged> {
  const privateKey = createPrivateKey(readFileSync(builder.path(name, 'key')));
  return { chain: await builder.chain(name), privateKey, root: builder.path(root) };
}

const UNUSUAL = 'is signed by RSASSA-PSS with unusual parameters: notation cannot verify it';

test.each<[string, Partial<CertificateWish>, string | undefined]>([
  ['a salt of 32', pss(32), undefined],
  ['a salt as long as the digest', pss(-1), undefined],
  ['SHA-384 and a salt of 48', pss(48, 'sha384'), undefined],
  ['SHA-512 and a salt of 64', pss(64, 'sha512'), undefined],
  ['SHA-512 and MGF1 with SHA-512', pss(64, 'sha512', 'rsa_mgf1_md:sha512'), undefined],
  ['a salt of 20', pss(20), UNUSUAL],
  ['SHA-512 and a salt of 32', pss(32, 'sha512'), UNUSUAL],
  ['the longest salt', pss(-2), UNUSUAL],
  ['no salt', pss(0), UNUSUAL],
  ['MGF1 with SHA-1', pss(32, 'sha256', 'rsa_mgf1_md:sha1'), UNUSUAL],
  ['MGF1 with SHA-512', pss(32, 'sha256', 'rsa_mgf1_md:sha512'), UNUSUAL],
  ['SHA-1', pss(20, 'sha1'), 'is signed with RSASSA-PSS without SHA-2, which is not accepted'],
])('a leaf that is signed by RSASSA-PSS with %s', async (_what, wish, reason) => {
  const name = `leaf${count++}`;
  await builder.make({ name, issuer: 'rsa', extensions: SIGNER, ...wish });
  await expectSame(await made(name, 'rsa'), reason);
});

test.each<[string, Partial<CertificateWish>, string | undefined]>([
  ['signs itself by RSASSA-PSS', { key: rsa(), ...pss(-1) }, undefined],
  ['signs itself by RSASSA-PSS with a salt of 20', { key: rsa(), ...pss(20) }, UNUSUAL],
  ['has an RSA key with the exponent 3', exponent(3), undefined],
  ['has an RSA key with the exponent 2^31 - 1', exponent(2 ** 31 - 1), undefined],
  [
    'has an RSA key with the exponent 2^31 + 1',
    exponent(2 ** 31 + 1),
    'RSA key with the exponent 2147483649',
  ],
  [
    'has an RSA key with the exponent 2^32 + 1',
    exponent(2 ** 32 + 1),
    'RSA key with the exponent 4294967297',
  ],
  ['has an RSASSA-PSS key', pssKey(), 'a key for RSASSA-PSS'],
  [
    'has an RSASSA-PSS key for SHA-256',
    pssKey('rsa_pss_keygen_md:sha256', 'rsa_pss_keygen_mgf1_md:sha256', 'rsa_pss_keygen_saltlen:32'),
    'a key for RSASSA-PSS',
  ],
  ['has a key on P-521', ec('P-521'), undefined],
  ['has a key with the parameters of P-256', ec('P-256', 'ec_param_enc:explicit'), 'parameters of its curve'],
  ['has an Ed25519 key', { key: ['-algorithm', 'ED25519'] }, undefined],
])('a root that %s', async (_what, wish, reason) => {
  const [root, name] = [`root${count++}`, `leaf${count++}`];
  await builder.make({ name: root, extensions: CA, ...wish });
  await builder.make({ name, issuer: root, extensions: SIGNER });
  await expectSame(await made(name, root), reason);
});

describe('written by hand', () => {
  const RSA_KEYS = () => {
    const privateKey = createPrivateKey(readFileSync(builder.path('rsa', 'key')));
    return { privateKey, publicKey: createPublicKey(privateKey) };
  };
  const PKCS1 = {
    algorithm: sequence(encodeOid('1.2.840.113549.1.1.11'), NULL),
    sign: (body: Uint8Array, key: KeyObject) => sign('sha256', body, key),
  };
  function judged(chain: Written[]): Judged {
    const { rootPath } = chainFiles(folder, `chain${count++}`, chain);
    const privateKey = chain[0]?.key as KeyObject;
    return { chain: chain.map(({ certificate }) => certificate.der), privateKey, root: rootPath };
  }

  test.each<[string, PssFields]>([
    ['hash algorithms without NULL', { hashParameters: [] }],
    ['the trailer written out', { trailer: [integer(1)] }],
  ])('RSASSA-PSS with %s', async (_what, fields) => {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signature = {
      algorithm: pssAlgorithm(fields),
      sign: (body: Uint8Array, key: KeyObject) => sign('sha256', body, { key, ...padding }),
    };
    const root = writeCertificate({
      subject: 'root',
      keys: RSA_KEYS(),
      signature: PKCS1,
      extensions: caExtensions(),
    });
    const leaf = writeCertificate({
      subject: 'leaf',
      issuer: root,
      keys: newKeys(),
      signature,
      extensions: LEAF,
    });
    await expectSame(judged([leaf, root]), undefined);
  });

  test('an RSA key by its older name', async () => {
    const keys = RSA_KEYS();
    const bits = keys.publicKey.export({ type: 'pkcs1', format: 'der' });
    const keyInfo = sequence(sequence(encodeOid('2.5.8.1.1'), NULL), encode(0x03, Uint8Array.of(0), bits));
    const own = { keys, keyInfo, signature: PKCS1, extensions: caExtensions() };
    const root = writeCertificate({ subject: 'root', ...own });
    const leaf = writeCertificate({ subject: 'leaf', issuer: root, signature: PKCS1, extensions: LEAF });
    await expectSame(judged([leaf, root]), 'a key for the algorithm 2.5.8.1.1');
  });
});
