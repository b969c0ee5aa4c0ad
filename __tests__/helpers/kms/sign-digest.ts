import { constants, privateEncrypt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../pki.ts';

export type Padding = 'pkcs1' | 'pss' | 'none';

/**
 * Signs a digest with openssl, as a KMS does: ECDSA in DER; RSA with PKCS#1 v1.5 or PSS. Without the
 * name of a hash function, RSA pads the input without a DigestInfo.
 */
export async function signDigest(
  keyPath: string,
  digest: Buffer,
  padding: Padding,
  hash?: string,
): Promise<Buffer> {
  if (padding === 'pkcs1' && hash === undefined) {
    // pkeyutl takes nothing that is longer than a digest.
    return privateEncrypt({ key: await readFile(keyPath), padding: constants.RSA_PKCS1_PADDING }, digest);
  }
  const folder = await mkdtemp(join(tmpdir(), 'sign-digest-'));
  try {
    await writeFile(join(folder, 'digest'), digest);
    const options = [
      ...(hash === undefined ? [] : [`digest:${hash}`]),
      ...(padding === 'none' ? [] : [`rsa_padding_mode:${padding}`]),
      ...(padding === 'pss' ? ['rsa_pss_saltlen:digest', `rsa_mgf1_md:${hash}`] : []),
    ];
    const words = options.flatMap((option) => ['-pkeyopt', option]);
    return await openssl(['pkeyutl', '-sign', '-inkey', keyPath, '-in', 'digest', ...words], folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The two numbers of an ECDSA signature in DER, side by side in halves of this size. */
export function derToP1363(der: Buffer, half: number): Buffer {
  const content = der.subarray((der[1] ?? 0) >= 0x80 ? 3 : 2);
  const length = content[1] ?? 0;
  const numbers = [content.subarray(2, 2 + length), content.subarray(4 + length)];
  return Buffer.concat(
    numbers.map((number) => {
      const start = number[0] === 0 ? 1 : 0;
      return Buffer.concat([Buffer.alloc(half - (number.length - start)), number.subarray(start)]);
    }),
  );
}
