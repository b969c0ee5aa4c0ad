import { VeritySignError } from '../../errors.ts';
import type { PreparedSigner } from '../../model/signing.ts';
import { buildPkcs7WithContent } from '../../signatures/pkcs7/build.ts';
import { MAX_PKCS7_WITH_CONTENT_BYTES } from '../../signatures/pkcs7/kernel-rules.ts';
import { type CertificateChain, chainFromDer, checkValidity } from '../../signatures/pkcs7/signing-chain.ts';
import { prepareSigner } from '../../signatures/signers/prepare-signer.ts';
import type { RunContext } from '../shared/options.ts';
import { readCertificates } from '../shared/pem/read-certificates.ts';
import type { MakePolicyOptions } from './options.ts';

export interface PolicySigner {
  prepared: PreparedSigner;
  chain: CertificateChain;
}

/**
 * Prepares the key and checks its certificates for a kernel, before any image is verified.
 * @throws VeritySignError 'usage' or 'key'
 */
export async function preparePolicySigner(
  options: MakePolicyOptions,
  context: RunContext,
): Promise<PolicySigner> {
  const { key, keyPassphrase, certificate, pluginConfig, pluginSecrets, verifying } = options;
  const prepared = await prepareSigner(key, {
    certificates:
      certificate === undefined ? undefined : await readCertificates(certificate, 'certificate', context),
    purposes: ['policy'],
    ...(keyPassphrase === undefined ? {} : { passphrase: keyPassphrase }),
    pluginConfig,
    ...(pluginSecrets === undefined ? {} : { secrets: pluginSecrets }),
    env: context.secrets,
    timeout: verifying.timeout,
    signal: context.signal,
  });
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const chain = chainFromDer(prepared.certificateChain);
  checkValidity(chain, context.now);
  for (const warning of chain.warnings) context.log.warn(warning);
  return { prepared, chain };
}

/**
 * The policy as a kernel loads it: PKCS#7 with the text.
 * @throws VeritySignError 'key', or 'usage' if a kernel would not read so much
 */
export async function signPolicy({ prepared, chain }: PolicySigner, text: string): Promise<Uint8Array> {
  const content = Buffer.from(text);
  // Before the holder of the key is asked.
  if (content.length > MAX_PKCS7_WITH_CONTENT_BYTES) throw tooLarge(content.length);
  const signer = await prepared.open();
  const signature = await signer.sign(content, 'policy');
  const der = buildPkcs7WithContent({ signature, chain, content });
  if (der.length > MAX_PKCS7_WITH_CONTENT_BYTES) throw tooLarge(der.length);
  return der;
}

function tooLarge(bytes: number): VeritySignError {
  return new VeritySignError(
    'usage',
    `the policy has ${bytes} bytes, and a kernel loads at most ${MAX_PKCS7_WITH_CONTENT_BYTES} with the signature`,
    {
      remedy:
        'Name fewer images or platforms: a policy has room for about 560 root hashes. Make one policy for each group of nodes, or use images that share layers',
    },
  );
}
