import { constants, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DigestName } from '../../../src/model/index.ts';
import { buildPkcs7 } from '../../../src/signatures/pkcs7/build.ts';
import { type LeafFiles, openssl } from '../pki.ts';
import { chainIn } from '../signer.ts';
import type { SigningAnswer } from './signing-child.ts';

type Signature = NonNullable<SigningAnswer['signatures']>[number];

/** Verifies a signature over a root hash in PKCS#7 with openssl. Returns the content that openssl prints. */
export async function verifiedByOpenssl(
  { scheme, digest, value }: Signature,
  rootHash: string,
  files: LeafFiles,
): Promise<string> {
  const chain = await chainIn(files.chainPath);
  const signature = { scheme, digest, value: Buffer.from(value, 'base64') };
  const folder = await mkdtemp(join(tmpdir(), 'check-answer-'));
  try {
    await writeFile(join(folder, 'p7'), buildPkcs7({ signature, chain, rootHash }));
    await writeFile(join(folder, 'content'), rootHash);
    const args = ['smime', '-verify', '-binary', '-inform', 'DER', '-in', 'p7', '-content', 'content'];
    return (await openssl([...args, '-CAfile', files.caPath], folder)).toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Verifies a manifest's signature as Notary does: PSS with a salt as long as the digest, or ECDSA. */
export async function holdsForNotary(
  { scheme, digest, value }: Signature,
  text: string,
  files: LeafFiles,
  expected: DigestName,
): Promise<boolean> {
  const key = createPublicKey(await readFile(files.certPath));
  if (digest !== expected) return false;
  const signature = Buffer.from(value, 'base64');
  switch (scheme) {
    case 'rsa-pss': {
      const [padding, saltLength] = [constants.RSA_PKCS1_PSS_PADDING, constants.RSA_PSS_SALTLEN_DIGEST];
      return verify(expected, Buffer.from(text), { key, padding, saltLength }, signature);
    }
    case 'ecdsa-der':
      return verify(expected, Buffer.from(text), { key, dsaEncoding: 'der' }, signature);
    case 'ecdsa-p1363':
      return verify(expected, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
    default:
      return false;
  }
}
