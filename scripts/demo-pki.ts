/** A throw-away CA and signing certificate, made without an outside program. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';

export interface DemoPki {
  /** The CA's certificate, which a node would trust. */
  ca: string;
  /** Leaf certificate, PEM. */
  certificate: string;
  /** Private key of the leaf, RSA-2048, PKCS#8 PEM. */
  key: string;
}

const { pki } = forge;
const DAY = 24 * 60 * 60 * 1000;

/** Empties `dir` and writes the certificates and the leaf's key to it. The paths are below `dir`. */
export async function makeDemoPki(dir: string): Promise<DemoPki> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const ca = issue('ca', [
    { name: 'basicConstraints', critical: true, cA: true },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
  ]);
  const leaf = issue(
    'leaf',
    [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true },
    ],
    ca,
  );
  const files = { ca: join(dir, 'ca.pem'), certificate: join(dir, 'leaf.pem'), key: join(dir, 'leaf.key') };
  writeFileSync(files.ca, pki.certificateToPem(ca.certificate));
  writeFileSync(files.certificate, pki.certificateToPem(leaf.certificate));
  writeFileSync(files.key, leaf.key, { mode: 0o600 });
  return files;
}

interface Issued {
  certificate: forge.pki.Certificate;
  /** PEM. */
  key: string;
}

/** A certificate of a new key, for a year; self-signed without an issuer. */
function issue(name: string, extensions: object[], issuer?: Issued): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKey);
  // A first byte below 0x80: the number is positive.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  certificate.validity.notAfter = new Date(certificate.validity.notBefore.getTime() + 365 * DAY);
  const subject = [
    { name: 'organizationName', value: 'verity-sign-demo' },
    { name: 'commonName', value: name },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(issuer?.certificate.subject.attributes ?? subject);
  const keyIdentifier = (issuer?.certificate ?? certificate).generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([
    ...extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier },
  ]);
  certificate.sign(pki.privateKeyFromPem(issuer?.key ?? privateKey), forge.md.sha256.create());
  return { certificate, key: privateKey };
}
