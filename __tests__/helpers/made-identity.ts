import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CertificateMaker } from './made-certificates.ts';
import type { NotaryIdentity } from './notary.ts';

export type MadeIdentity = Omit<NotaryIdentity, 'files' | 'signP1363'>;

/** A signer with a certificate of the default key, on P-256. */
export async function madeIdentity(builder: CertificateMaker, name: string): Promise<MadeIdentity> {
  const key = createPrivateKey(await readFile(builder.path(name, 'key')));
  return {
    chain: await builder.chain(name),
    spec: { kind: 'ec', bits: 256, digest: 'sha256' },
    sign: async (bytes) => ({ scheme: 'ecdsa-der', digest: 'sha256', value: sign('sha256', bytes, key) }),
  };
}
