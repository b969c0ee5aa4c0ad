import { setImmediate as turn } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import type { PreparedSigner } from '../../model/signing.ts';
import { usualPublicKey } from '../../signatures/csr/public-key.ts';
import { buildRequest } from '../../signatures/csr/request.ts';
import { buildSelfSigned } from '../../signatures/csr/self-signed.ts';
import { encodeSubject } from '../../signatures/csr/subject.ts';
import { prepareSigner } from '../../signatures/signers/prepare-signer.ts';
import type { RunContext } from '../shared/options.ts';

export interface CsrOptions {
  /** Path, `env://NAME`, or a key in a KMS or notation plugin. */
  key: string;
  /** Path or `env://NAME`. */
  keyPassphrase?: string;
  /** For a notation plugin. */
  pluginConfig: Record<string, string>;
  /** Redacted in the output of a notation plugin. */
  pluginSecrets?: readonly string[];
  /** Such as `CN=release,O=Example`. */
  subject: string;
  /** Days for which a certificate that signs itself is valid; undefined for a request. */
  selfSignedDays?: number;
  /** Milliseconds for one request to the holder of the key. */
  timeout: number;
}

/**
 * Makes a certificate request for a key that any holder has, or a certificate that signs itself.
 * @returns PEM
 * @throws VeritySignError 'usage' or 'key'
 */
export async function makeRequest(options: CsrOptions, context: RunContext): Promise<string> {
  const { selfSignedDays: days } = options;
  const subject = encodeSubject(options.subject);
  if (days !== undefined && options.key.startsWith('notation-plugin://')) {
    throw new VeritySignError('usage', 'a key of a notation plugin has its certificate in the plugin', {
      remedy: 'Omit self-signed, and have the plugin sign with the certificate that it has',
    });
  }
  const prepared = await prepareSigner(options.key, {
    certificates: undefined,
    withoutCertificate: true,
    purposes: [days === undefined ? 'request' : 'layer'],
    ...(options.keyPassphrase === undefined ? {} : { passphrase: options.keyPassphrase }),
    pluginConfig: options.pluginConfig,
    ...(options.pluginSecrets === undefined ? {} : { secrets: options.pluginSecrets }),
    env: context.secrets,
    timeout: options.timeout,
    signal: context.signal,
  });
  await throwIfStopped(context.signal);
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const key = await openKey(prepared);
  const pem =
    days === undefined
      ? pemOf('CERTIFICATE REQUEST', await buildRequest(subject, key))
      : pemOf('CERTIFICATE', await buildSelfSigned(subject, key, days, context.now));
  await throwIfStopped(context.signal);
  return pem;
}

/**
 * Opening a key file can keep the event loop busy for seconds, and signals of the system are seen only afterwards: in
 * the second turn, since the first may have asked the system before.
 */
async function throwIfStopped(signal: AbortSignal): Promise<void> {
  await turn();
  await turn();
  signal.throwIfAborted();
}

async function openKey(prepared: PreparedSigner) {
  const { spec, publicKey } = prepared;
  const signer = await prepared.open();
  return { spec, publicKey: usualPublicKey(publicKey), sign: signer.sign.bind(signer) };
}

/** [RFC 7468] */
function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
