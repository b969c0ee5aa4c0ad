import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { buildSelfSigned } from '../../../signatures/csr/self-signed.ts';
import { encodeSubject } from '../../../signatures/csr/subject.ts';
import { buildPkcs7WithContent } from '../../../signatures/pkcs7/build.ts';
import { chainFromDer } from '../../../signatures/pkcs7/signing-chain.ts';
import { PrivateKeySigner } from '../../../signatures/signers/file/private-key.ts';

export interface EphemeralPolicy {
  /** DER, for the firmware's `db`. */
  certificate: Uint8Array;
  pkcs7: Uint8Array;
}

/** Name of the policy, by which the kernel lists it. */
export const POLICY_NAME = 'preflight';

/** What the boot policy of our own kernel says: signed layers and the initramfs may be executed, nothing else. */
export const SIGNED_LAYERS_POLICY = [
  `policy_name=${POLICY_NAME} policy_version=0.0.1`,
  'DEFAULT action=DENY',
  'op=EXECUTE boot_verified=TRUE action=ALLOW',
  'op=EXECUTE dmverity_signature=TRUE action=ALLOW',
  '',
].join('\n');

/**
 * Signs an IPE policy with a key that is used once and never written down. RSA: each kernel that verifies its own
 * modules has it, and some lack ECDSA.
 * @param text at most 60,000 characters
 */
export async function signEphemeralPolicy(text: string, now: Date): Promise<EphemeralPolicy> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const signer = new PrivateKeySigner(pair.privateKey, []);
  const key = {
    spec: signer.spec,
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes: Uint8Array, purpose: 'layer' | 'policy' | 'manifest' | 'request') =>
      signer.sign(bytes, purpose),
  };
  const certificate = await buildSelfSigned(encodeSubject('CN=verity-sign preflight'), key, 1, now);
  const content = Buffer.from(text);
  const signature = await signer.sign(content, 'policy');
  const pkcs7 = buildPkcs7WithContent({ signature, chain: chainFromDer([certificate]), content });
  return { certificate, pkcs7 };
}
