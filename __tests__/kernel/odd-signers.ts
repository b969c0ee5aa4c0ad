/** Certificates in forms that openssl does not write, issued by a CA that the test kernel trusts. */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode, encodeBits, encodeOid } from '../../src/signatures/x509/asn1/encode.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { readPem } from '../../src/signatures/x509/pem.ts';
import { caExtensions, LEAF, newKeys, pemOf } from '../helpers/chain-writer.ts';
import {
  type CertificateFields,
  extension,
  issuerKeyId,
  keyId,
  NOT_BEFORE,
  sequence,
  type Written,
  writeCertificate,
} from '../helpers/der-pki.ts';
import type { Signer } from './signer.ts';

export const ODD_SIGNERS = [
  'lateGeneralizedTime',
  'noSubject',
  'longKeyId',
  'explicitFalse',
  'compressedKey',
  'selfIssued',
  'oldNumber',
  'crossSigned',
] as const;

export type OddSigner = (typeof ODD_SIGNERS)[number];

/** @param issuer paths without suffix of a trusted root on an elliptic curve */
export async function makeOddSigners(dir: string, issuer: string): Promise<Record<OddSigner, Signer>> {
  const [der] = readPem(await readFile(`${issuer}.pem`), 'CERTIFICATE');
  const root: Written = {
    certificate: readCertificate(der?.bytes ?? new Uint8Array()),
    key: createPrivateKey(await readFile(`${issuer}.key`)),
  };
  const rootId = root.certificate.extensions.subjectKeyId ?? new Uint8Array();
  const byRoot = issuerKeyId(rootId);
  const keys = newKeys();
  const rootName = encode(0xa1, encode(0xa4, root.certificate.raw.subject));
  const { x = '', y = '' } = keys.publicKey.export({ format: 'jwk' });
  const sign = Buffer.from(y, 'base64url').readUInt8(31) & 1;
  const point = Buffer.concat([Uint8Array.of(2 + sign), Buffer.from(x, 'base64url')]);
  const curve = sequence(encodeOid('1.2.840.10045.2.1'), encodeOid('1.2.840.10045.3.1.7'));

  const leaf = (fields: Partial<CertificateFields>): Written =>
    writeCertificate({
      subject: 'odd',
      issuer: root,
      serial: [...Buffer.from(randomUUID().replaceAll('-', ''), 'hex')],
      keys,
      extensions: [...LEAF, byRoot],
      ...fields,
    });
  // The root's name and key, signed by a root that the kernel does not trust.
  const old = writeCertificate({
    subject: 'old root',
    extensions: [...caExtensions(), keyId(Uint8Array.of(1))],
  });
  const cross = writeCertificate({
    subject: root.certificate.raw.subject,
    issuer: old,
    keyInfo: root.certificate.x509.publicKey.export({ type: 'spki', format: 'der' }),
    extensions: [...caExtensions(), keyId(rootId), issuerKeyId(Uint8Array.of(1))],
  });
  const made: Record<OddSigner, Written[]> = {
    lateGeneralizedTime: [leaf({ dates: [NOT_BEFORE, '20400101000000Z'] })],
    noSubject: [leaf({ subject: sequence() })],
    longKeyId: [leaf({ extensions: [...LEAF, byRoot, keyId(Buffer.alloc(200, 1))] })],
    explicitFalse: [
      leaf({ extensions: [extension('2.5.29.19', sequence(encode(1, Uint8Array.of(0)))), byRoot] }),
    ],
    compressedKey: [leaf({ keyInfo: sequence(curve, encodeBits(point)) })],
    selfIssued: [leaf({ subject: root.certificate.raw.subject, extensions: LEAF })],
    oldNumber: [
      leaf({ extensions: [...LEAF, issuerKeyId(rootId, rootName, encode(0x82, Uint8Array.of(99)))] }),
    ],
    crossSigned: [leaf({}), cross],
  };
  const entries = ODD_SIGNERS.map(async (name): Promise<[OddSigner, Signer]> => {
    const path = (suffix: string) => join(dir, `${name}${suffix}`);
    const [own, ...issuers] = made[name].map(({ certificate }) => certificate);
    await writeFile(path('.key'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(path('.pem'), own === undefined ? '' : pemOf(own));
    await writeFile(path('.issuers.pem'), pemOf(...issuers));
    await writeFile(path('.chain.pem'), pemOf(...(own === undefined ? [] : [own]), ...issuers));
    const signer = { key: path('.key'), certificate: path('.pem') };
    return [name, { ...signer, chain: path('.chain.pem'), issuers: path('.issuers.pem') }];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<OddSigner, Signer>;
}
