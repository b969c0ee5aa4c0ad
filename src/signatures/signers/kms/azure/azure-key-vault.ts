import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { CertificateClient } from '@azure/keyvault-certificates';
import {
  CryptographyClient,
  KeyClient,
  type KeyVaultKey,
  type SignatureAlgorithm,
} from '@azure/keyvault-keys';
import { setLogLevel } from '@azure/logger';
import { VeritySignError } from '../../../../errors.ts';
import { withRetries } from '../../../../lib/retry.ts';
import type {
  KeySpec,
  PreparedSigner,
  Purpose,
  RawSignature,
  Signer,
  SignerRequest,
} from '../../../../model/signing.ts';
import { checkLeaf, keySpecOf } from '../../key-spec.ts';
import type { AzureKeyVaultReference } from '../../reference.ts';
import { checkedSignature, digestOf } from '../check-signature.ts';
import { type AzureVault, azureVault } from './azure-cloud.ts';
import { azureCredential } from './azure-credential.ts';
import { type AzureStep, azureError, azureRetry } from './azure-errors.ts';

// With AZURE_LOG_LEVEL or DEBUG set, the SDKs would write to standard error what they send and receive.
setLogLevel(undefined);

/** The SDKs' own retries ignore a 429 without Retry-After. */
const CLIENT_OPTIONS = { retryOptions: { maxRetries: 0 } };

/** Makes one request with a time limit and retries, and turns errors into messages. */
type Call = <T>(
  step: AzureStep,
  request: (options: { abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/**
 * A key in Azure Key Vault or Managed HSM. It can serve both purposes: the service makes PKCS#1 v1.5 and
 * PSS signatures with the same RSA key. No request checks the permission to sign, so the first signature
 * does.
 * @throws VeritySignError 'key'; 'usage' if a certificate must be given.
 */
export async function prepareAzureKeyVault(
  reference: AzureKeyVaultReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const vault = azureVault(reference.vault);
  const credential = azureCredential(vault, request);
  const call = caller(vault, reference.key, request);
  const key = await call('read key', (options) =>
    new KeyClient(vault.url, credential, CLIENT_OPTIONS).getKey(reference.key, {
      ...options,
      ...(reference.version !== undefined && { version: reference.version }),
    }),
  );
  checkUsable(key, vault, Date.now());
  const publicKey = publicKeyOf(key);
  const spec = keySpecOf(publicKey);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const ownChain = () =>
    request.withoutCertificate === true ? [] : vaultCertificate(key, vault, credential, call);
  const certificateChain = request.certificates ?? (await ownChain());
  const [leaf] = certificateChain;
  if (leaf !== undefined) checkLeaf(spki, leaf);
  const open = async (): Promise<Signer> =>
    new AzureSigner(
      new CryptographyClient(key, credential, CLIENT_OPTIONS),
      certificateChain,
      spec,
      publicKey,
      call,
    );
  return { holder: 'azure-key-vault', spec, publicKey: spki, certificateChain, open };
}

class AzureSigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly #client: CryptographyClient;
  readonly #spec: KeySpec;
  readonly #publicKey: KeyObject;
  readonly #call: Call;
  #first: Promise<unknown> | undefined;

  constructor(
    client: CryptographyClient,
    certificateChain: readonly Uint8Array[],
    spec: KeySpec,
    publicKey: KeyObject,
    call: Call,
  ) {
    this.#client = client;
    this.certificateChain = certificateChain;
    this.#spec = spec;
    this.#publicKey = publicKey;
    this.#call = call;
  }

  /**
   * The first signature is made alone. A client learns with its first request who gives out tokens, and
   * holds the body back meanwhile; a second request at that moment makes it lose the body.
   */
  async sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
    const first = this.#first;
    if (first !== undefined) {
      await first;
      return this.#sign(bytes, purpose);
    }
    const signing = this.#sign(bytes, purpose);
    this.#first = signing.catch(() => undefined);
    return signing;
  }

  async #sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
    const { digest } = this.#spec;
    const [algorithm, scheme] = signing(this.#spec, purpose);
    const hash = digestOf(digest, bytes);
    const { result } = await this.#call('sign', (options) => this.#client.sign(algorithm, hash, options));
    return checkedSignature({ scheme, digest, value: result }, bytes, this.#publicKey, 'Azure Key Vault');
  }
}

/** [Key Vault REST, sign: JsonWebKeySignatureAlgorithm] */
function signing({ kind, digest }: KeySpec, purpose: Purpose): [SignatureAlgorithm, RawSignature['scheme']] {
  const bits = digest.slice('sha'.length) as '256' | '384' | '512';
  if (kind === 'ec') return [`ES${bits}`, 'ecdsa-p1363'];
  return purpose === 'manifest' ? [`PS${bits}`, 'rsa-pss'] : [`RS${bits}`, 'rsa-pkcs1-v1_5'];
}

function caller(vault: AzureVault, key: string, { timeout, signal }: SignerRequest): Call {
  return async (step, request) => {
    try {
      const attempt = () => request({ abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) });
      return await withRetries(attempt, azureRetry, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw azureError(error, step, vault, key);
    }
  };
}

function checkUsable(key: KeyVaultKey, { host }: AzureVault, now: number): void {
  const { enabled, notBefore, expiresOn } = key.properties;
  const reason =
    enabled === false
      ? 'is disabled'
      : notBefore !== undefined && notBefore.getTime() > now
        ? `is not valid before ${notBefore.toISOString()}`
        : expiresOn !== undefined && expiresOn.getTime() <= now
          ? `expired at ${expiresOn.toISOString()}`
          : key.keyOperations !== undefined && !key.keyOperations.includes('sign')
            ? 'does not permit the operation sign'
            : undefined;
  if (reason === undefined) return;
  throw new VeritySignError('key', `the key ${key.name} in ${host} ${reason}`, {
    remedy: 'Use a version of the key that is enabled, valid and permits the operation sign',
  });
}

/** Key Vault writes `RSA-HSM` and `EC-HSM` where JWK has `RSA` and `EC`. */
function publicKeyOf({ name, keyType, key = {} }: KeyVaultKey): KeyObject {
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  const { n, e, crv, x, y } = key;
  const jwk = keyType?.startsWith('RSA')
    ? { kty: 'RSA', n: text(n), e: text(e) }
    : { kty: 'EC', crv: String(crv), x: text(x), y: text(y) };
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new VeritySignError(
      'key',
      `the key ${name} is of type ${[keyType, crv].filter(Boolean).join(' ')}, which cannot sign images`,
      { remedy: 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521' },
    );
  }
}

/**
 * The certificate that the vault keeps with the key, by the same name and version. The vault returns
 * its issuers only in the secret of that name, together with the private key where that is exportable.
 * That secret is not read.
 */
async function vaultCertificate(
  { name, properties: { version = '' } }: KeyVaultKey,
  vault: AzureVault,
  credential: TokenCredential,
  call: Call,
): Promise<Uint8Array[]> {
  if (vault.managedHsm) {
    throw new VeritySignError('usage', '`certificate` is missing: a Managed HSM keeps no certificates', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  const client = new CertificateClient(vault.url, credential, CLIENT_OPTIONS);
  const { cer } = await call('read certificate', (options) =>
    client.getCertificateVersion(name, version, options),
  );
  if (cer === undefined || cer.length === 0) {
    throw new VeritySignError('key', `the certificate of ${name} in ${vault.host} has not been issued yet`, {
      remedy: 'Complete the certificate in the vault, or give `certificate`',
    });
  }
  const leaf = new X509Certificate(cer);
  if (!leaf.verify(leaf.publicKey)) {
    throw new VeritySignError(
      'usage',
      `\`certificate\` is missing: ${vault.host} returns the certificate of ${name} without its issuers`,
      { remedy: 'Name the PEM file with the certificate, its issuers and the root' },
    );
  }
  return [cer];
}
