import { createHash, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signer } from '../../../src/model/signing.ts';
import { buildPkcs7 } from '../../../src/signatures/pkcs7/build.ts';
import { type CertificateChain, chainFromDer } from '../../../src/signatures/pkcs7/signing-chain.ts';
import { readCertificateBundle } from '../../../src/signatures/x509/bundle.ts';
import { openssl, pki } from '../pki.ts';

export const ROOT_HASH = createHash('sha256').update('a layer').digest('hex');

/** A certificate for a key whose private half only a service has. */
export interface Certified {
  /** DER: the leaf, then the root. */
  certificates: Uint8Array[];
  chain: CertificateChain;
  pem: string;
}

/** Has the test CA certify a public key. */
export async function certify(key: KeyObject): Promise<Certified> {
  const { dir } = await pki();
  const folder = await mkdtemp(join(tmpdir(), 'certified-'));
  try {
    await writeFile(join(folder, 'public.pem'), key.export({ format: 'pem', type: 'spki' }));
    await writeFile(
      join(folder, 'extensions'),
      'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n',
    );
    const ca = ['-CA', join(dir, 'root.pem'), '-CAkey', join(dir, 'root.key'), '-days', '3650'];
    await openssl(
      [
        ...['x509', '-req', '-in', join(dir, 'rsa2048.csr'), '-force_pubkey', 'public.pem', ...ca],
        ...['-set_serial', `0x${createHash('sha256').update(folder).digest('hex').slice(0, 30)}`],
        ...['-extfile', 'extensions', '-out', 'leaf.pem'],
      ],
      folder,
    );
    const leaf = await readFile(join(folder, 'leaf.pem'), 'utf8');
    const pem = leaf + (await readFile(join(dir, 'root.pem'), 'utf8'));
    const certificates = readCertificateBundle(pem, 'certificates', '');
    return { certificates, chain: chainFromDer(certificates), pem };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Signs a root hash, puts the signature into PKCS#7 and has openssl verify that under the test CA. */
export async function signAndVerify(signer: Signer, certified: Certified): Promise<void> {
  const signature = await signer.sign(Buffer.from(ROOT_HASH, 'ascii'), 'layer');
  const message = buildPkcs7({ signature, chain: certified.chain, rootHash: ROOT_HASH });
  const folder = await mkdtemp(join(tmpdir(), 'certified-'));
  try {
    await writeFile(join(folder, 'signature.der'), message);
    await writeFile(join(folder, 'content'), ROOT_HASH);
    const root = join((await pki()).dir, 'root.pem');
    await openssl(
      [
        ...['smime', '-verify', '-binary', '-inform', 'DER', '-in', 'signature.der'],
        ...['-content', 'content', '-CAfile', root, '-purpose', 'any', '-out', 'verified'],
      ],
      folder,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
