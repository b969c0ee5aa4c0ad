/** A throw-away CA and signing certificate, made without an outside program. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const path = join(dir, 'ca.pem');
  writeFileSync(path, pki.certificateToPem(ca.certificate));
  return { ca: path, ...writeLeaf(dir, ca) };
}

/** As `makeDemoPki`, under an existing CA: paths of its certificate and its RSA key, PEM. */
export async function issueDemoLeaf(dir: string, ca: string, caKey: string): Promise<DemoPki> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const certificate = pki.certificateFromPem(readFileSync(ca, 'utf8'));
  return { ca, ...writeLeaf(dir, { certificate, key: readFileSync(caKey, 'utf8') }) };
}

function writeLeaf(dir: string, ca: Issued): Omit<DemoPki, 'ca'> {
  const leaf = issue(
    'leaf',
    [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true },
    ],
    ca,
  );
  const files = { certificate: join(dir, 'leaf.pem'), key: join(dir, 'leaf.key') };
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
