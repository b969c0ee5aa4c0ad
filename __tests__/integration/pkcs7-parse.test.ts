import { beforeAll, describe, expect, test } from '@jest/globals';
import forge from 'node-forge';
import { VeritySignError } from '../../src/errors.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { type ParsedPkcs7, parsePkcs7 } from '../../src/signatures/pkcs7/parse.ts';
import { verifySignature } from '../../src/signatures/pkcs7/verify.ts';
import { pki } from '../helpers/pki.ts';
import { chainIn, openSigner } from '../helpers/signer.ts';

const ROOT_HASH = '0f'.repeat(32);
const { asn1 } = forge;
type Asn1 = forge.asn1.Asn1;

const signatures = new Map<string, Uint8Array>();

beforeAll(async () => {
  for (const name of ['rsa2048', 'p256']) {
    const files = (await pki()).leaf(name);
    const chain = await chainIn(files.chainPath);
    const signer = await openSigner(files.keyPath, { certificates: [chain.leaf.der] });
    const signature = await signer.sign(Buffer.from(ROOT_HASH), 'layer');
    signatures.set(name, buildPkcs7({ signature, chain, rootHash: ROOT_HASH }));
  }
});

function listOf(node: Asn1 | undefined): Asn1[] {
  if (node === undefined || typeof node.value === 'string') throw new Error('not constructed');
  return node.value;
}

interface Parts {
  contentInfo: Asn1[];
  /** version, digestAlgorithms, contentInfo, certificates, signerInfos */
  signedData: Asn1[];
  /** version, issuerAndSerialNumber, digest, signature algorithm, signature */
  signerInfo: Asn1[];
}

/** Takes a good signature apart, lets `edit` change it, and writes it again. */
function edited(name: string, edit: (parts: Parts) => void): Uint8Array {
  const good = signatures.get(name) ?? new Uint8Array();
  const whole = asn1.fromDer(Buffer.from(good).toString('latin1'));
  const contentInfo = listOf(whole);
  const signedData = listOf(listOf(contentInfo[1])[0]);
  edit({ contentInfo, signedData, signerInfo: listOf(listOf(signedData[4])[0]) });
  return Buffer.from(asn1.toDer(whole).getBytes(), 'latin1');
}

const universal = (type: number, constructed: boolean, value: string | Asn1[]) =>
  asn1.create(asn1.Class.UNIVERSAL, type, constructed, value);
const context = (number: number, ...content: Asn1[]) =>
  asn1.create(asn1.Class.CONTEXT_SPECIFIC, number, true, content);
const integer = (value: number) => universal(asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
const oid = (dotted: string) => universal(asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());
const sequence = (...fields: Asn1[]) => universal(asn1.Type.SEQUENCE, true, fields);
const algorithm = (dotted: string, ...parameters: Asn1[]) => sequence(oid(dotted), ...parameters);
const nil = () => universal(asn1.Type.NULL, false, '');
const SHA384 = '2.16.840.1.101.3.4.2.2';

/** An attribute such as those openssl adds: contentType data. */
const attribute = () =>
  sequence(oid('1.2.840.113549.1.9.3'), universal(asn1.Type.SET, true, [oid('1.2.840.113549.1.7.1')]));

test('taking apart and writing again changes nothing', () => {
  for (const name of signatures.keys()) {
    expect(Buffer.from(edited(name, () => undefined))).toEqual(Buffer.from(signatures.get(name) ?? []));
  }
});

describe.each(['rsa2048', 'p256'])('%s', (name) => {
  test.each<[string, RegExp, (parts: Parts) => void]>([
    [
      'signed attributes',
      /signed attributes/,
      ({ signerInfo }) => signerInfo.splice(3, 0, context(0, attribute())),
    ],
    ['empty signed attributes', /signed attributes/, ({ signerInfo }) => signerInfo.splice(3, 0, context(0))],
    [
      'unsigned attributes',
      /unsigned attributes/,
      ({ signerInfo }) => signerInfo.push(context(1, attribute())),
    ],
    [
      'SignerInfo version 3',
      /version 3 instead of 1/,
      ({ signerInfo }) => signerInfo.splice(0, 1, integer(3)),
    ],
    [
      'SignedData version 3',
      /version 3 instead of 1/,
      ({ signedData }) => signedData.splice(0, 1, integer(3)),
    ],
    [
      'a subject key identifier',
      /subject key identifier/,
      ({ signerInfo }) =>
        signerInfo.splice(1, 1, asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, false, 'twenty bytes of hash')),
    ],
    [
      'another serial number',
      /no embedded certificate with the issuer and serial/,
      ({ signerInfo }) => listOf(signerInfo[1]).splice(1, 1, integer(4711)),
    ],
    [
      'another issuer',
      /no embedded certificate with the issuer and serial/,
      ({ signerInfo }) => listOf(signerInfo[1]).splice(0, 1, sequence()),
    ],
    [
      'no certificates',
      /does not embed the signer's certificate/,
      ({ signedData }) => signedData.splice(3, 1),
    ],
    [
      'empty certificates',
      /no embedded certificate/,
      ({ signedData }) => signedData.splice(3, 1, context(0)),
    ],
    ['revocation lists', /revocation lists/, ({ signedData }) => signedData.splice(4, 0, context(1, nil()))],
    ['no signer', /0 signers/, ({ signedData }) => listOf(signedData[4]).splice(0, 1)],
    [
      'the same signer twice',
      /2 signers/,
      ({ signedData, signerInfo }) => listOf(signedData[4]).push(sequence(...signerInfo)),
    ],
    ['no digest algorithm', /0 digest algorithms/, ({ signedData }) => listOf(signedData[1]).splice(0, 1)],
    [
      'two digest algorithms',
      /2 digest algorithms/,
      ({ signedData }) => listOf(signedData[1]).push(algorithm(SHA384)),
    ],
    [
      'digest algorithms that differ',
      /different digest algorithms in SignedData and SignerInfo/,
      ({ signedData }) => listOf(signedData[1]).splice(0, 1, algorithm(SHA384)),
    ],
    [
      'SHA-1',
      /uses the digest SHA-1/,
      ({ signerInfo }) => signerInfo.splice(2, 1, algorithm('1.3.14.3.2.26', nil())),
    ],
    [
      'parameters of the digest',
      /has parameters in the digest algorithm/,
      ({ signerInfo }) => listOf(signerInfo[2]).splice(1, 1, integer(1)),
    ],
    [
      'RSA with a digest',
      /the kernel wants rsaEncryption/,
      ({ signerInfo }) => signerInfo.splice(3, 1, algorithm('1.2.840.113549.1.1.11', nil())),
    ],
    [
      'PSS',
      /RSASSA-PSS/,
      ({ signerInfo }) => signerInfo.splice(3, 1, algorithm('1.2.840.113549.1.1.10', sequence())),
    ],
    ['Ed25519', /Ed25519/, ({ signerInfo }) => signerInfo.splice(3, 1, algorithm('1.3.101.112'))],
    ['an unknown algorithm', /1\.2\.3\.4/, ({ signerInfo }) => signerInfo.splice(3, 1, algorithm('1.2.3.4'))],
    [
      'ECDSA with another digest',
      /another digest than the SignerInfo/,
      ({ signerInfo }) => signerInfo.splice(3, 1, algorithm('1.2.840.10045.4.3.3')),
    ],
    [
      'embedded content',
      /embedded content/,
      ({ signedData }) =>
        listOf(signedData[2]).push(context(0, universal(asn1.Type.OCTETSTRING, false, ROOT_HASH))),
    ],
    [
      'content of another type',
      /type 1\.2\.840\.113549\.1\.7\.2, not data/,
      ({ signedData }) => listOf(signedData[2]).splice(0, 1, oid('1.2.840.113549.1.7.2')),
    ],
    [
      'a ContentInfo of another type',
      /not SignedData/,
      ({ contentInfo }) => contentInfo.splice(0, 1, oid('1.2.840.113549.1.7.1')),
    ],
    ['a field too many', /more fields/, ({ signerInfo }) => signerInfo.push(nil())],
    ['another field too many', /more fields/, ({ signedData }) => signedData.push(nil())],
    ['a third field too many', /more fields/, ({ contentInfo }) => contentInfo.push(nil())],
  ])('%s: refused', (_name, reason, edit) => {
    const der = edited(name, (parts) => void edit(parts));
    expect(() => parsePkcs7(der)).toThrow(reason);
    expect(() => parsePkcs7(der)).toThrow(VeritySignError);
  });

  test('trailing bytes, nothing, PEM, a large file: refused', () => {
    const good = signatures.get(name) ?? new Uint8Array();
    expect(() => parsePkcs7(Buffer.concat([good, Buffer.alloc(4)]))).toThrow(/4 trailing bytes/);
    expect(() => parsePkcs7(new Uint8Array())).toThrow(/empty/);
    expect(() => parsePkcs7(Buffer.from('-----BEGIN PKCS7-----\n'))).toThrow(/PEM/);
    expect(() => parsePkcs7(Buffer.alloc(1 << 20, 0x30))).toThrow(
      /has 1048576 bytes, and the kernel accepts at most 32767/,
    );
  });

  test('the same certificate twice is read once', () => {
    const der = edited(name, ({ signedData }) => {
      const certificates = listOf(signedData[3]);
      certificates.push(...certificates);
    });
    const parsed: ParsedPkcs7 = parsePkcs7(der);
    expect(parsed.certificates).toHaveLength(1);
    verifySignature(parsed, ROOT_HASH);
  });

  test('more certificates than any chain has: refused before they are checked against each other', () => {
    const der = edited(name, ({ signedData }) => {
      const [first] = listOf(signedData[3]);
      signedData[3] = context(0, ...Array.from({ length: 17 }, () => first ?? nil()));
    });
    expect(() => parsePkcs7(der)).toThrow(/17 certificates, more than 16/);
  });
});

test('ECDSA in place of RSA: refused for the key', () => {
  const der = edited('rsa2048', ({ signerInfo }) =>
    signerInfo.splice(3, 1, algorithm('1.2.840.10045.4.3.2')),
  );
  expect(() => parsePkcs7(der)).toThrow(/does not fit the key/);
});

test('NULL after ECDSA: refused', () => {
  const der = edited('p256', ({ signerInfo }) => listOf(signerInfo[3]).push(nil()));
  expect(() => parsePkcs7(der)).toThrow(/has parameters in the signature algorithm/);
});
