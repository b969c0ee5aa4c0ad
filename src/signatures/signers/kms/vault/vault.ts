import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { VeritySignError } from '../../../../errors.ts';
import type {
  KeySpec,
  PreparedSigner,
  Purpose,
  RawSignature,
  Signer,
  SignerRequest,
} from '../../../../model/signing.ts';
import { splitPem } from '../../../x509/pem.ts';
import { checkLeaf, keySpecOf } from '../../key-spec.ts';
import type { VaultReference } from '../../reference.ts';
import { checkedSignature, digestOf } from '../check-signature.ts';
import { plainHttpWarning } from './plain-http.ts';
import { VaultClient } from './vault-client.ts';
import { callVault } from './vault-errors.ts';
import { readVaultSettings } from './vault-settings.ts';

/** A version of a transit key, with the client that asks for its signatures. */
interface TransitKey {
  vault: VaultClient;
  name: string;
  /** The version that signs, even if the key is rotated meanwhile. */
  version: number;
  key: KeyObject;
  spec: KeySpec;
  signal: AbortSignal;
}

const KEY_TYPES: ReadonlySet<string> = new Set([
  ...['rsa-2048', 'rsa-3072', 'rsa-4096'],
  ...['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'],
]);

/** [Vault transit API, Read key] */
const KeyData = z.object({
  type: z.string(),
  latest_version: z.number().int().positive(),
  // A key for HMAC shows no versions.
  keys: z.record(z.string(), z.unknown()).default({}),
});
const VersionData = z.object({ public_key: z.string().min(1), certificate_chain: z.string().optional() });
/** [Vault transit API, Sign data] */
const SignData = z.object({ signature: z.string() });
/** [Vault API, /sys/capabilities-self] */
const Capabilities = z.record(z.string(), z.unknown());

/**
 * A key of the transit engine of HashiCorp Vault or OpenBao, in its latest version. For the server and the
 * token see readVaultSettings. Without a `certificate`, the chain that Vault keeps with the key
 * (`transit/keys/NAME/set-certificate`) is used.
 * @throws VeritySignError 'key', or 'usage' without a certificate.
 */
export async function prepareVault(
  { key: name }: VaultReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const { signal } = request;
  const vault = new VaultClient(await readVaultSettings(request.env), request);
  const path = `${vault.settings.mount}/keys/${name}`;
  const answer = await callVault(vault, { path, capability: 'read', key: name }, signal);
  const { type, version, pem, chain } = readKey(name, answer);
  if (!KEY_TYPES.has(type)) {
    throw new VeritySignError('key', `the Vault key ${name} of type ${type} cannot sign layers`, {
      remedy: `Use a key of type ${[...KEY_TYPES].join(', ')}`,
    });
  }
  const key = readPem(name, () => createPublicKey(pem));
  const spec = keySpecOf(key);
  const certificateChain = request.certificates ?? readPem(name, () => readChain(chain));
  const [leaf] = certificateChain;
  if (leaf === undefined && request.withoutCertificate !== true) {
    throw new VeritySignError('usage', '`certificate` is missing: Vault keeps none with this key', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  const spki = key.export({ format: 'der', type: 'spki' });
  if (leaf !== undefined) checkLeaf(spki, leaf);
  await checkCapability(vault, name);
  signal.throwIfAborted();
  const prepared = { vault, name, version, key, spec, signal };
  const warning = plainHttpWarning(vault.settings.address, 'VAULT_ADDR');
  return {
    holder: 'vault',
    spec,
    publicKey: spki,
    certificateChain,
    ...(warning === undefined ? {} : { warnings: [warning] }),
    open: async () => new VaultSigner(prepared, certificateChain),
  };
}

class VaultSigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly #key: TransitKey;

  constructor(key: TransitKey, certificateChain: readonly Uint8Array[]) {
    this.#key = key;
    this.certificateChain = certificateChain;
  }

  async sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
    const { vault, name, version, key, spec, signal } = this.#key;
    const body = {
      input: digestOf(spec.digest, bytes).toString('base64'),
      prehashed: true,
      hash_algorithm: spec.digest.replace('sha', 'sha2-'),
      key_version: version,
      ...(spec.kind === 'ec' && { marshaling_algorithm: 'asn1' }),
      ...(spec.kind === 'rsa' && { signature_algorithm: purpose === 'manifest' ? 'pss' : 'pkcs1v15' }),
      ...(spec.kind === 'rsa' && purpose === 'manifest' && { salt_length: 'hash' }),
    };
    const call = { path: signPath(vault, name), capability: 'update' as const, key: name, body };
    const value = readSignature(await callVault(vault, call, signal), version);
    const scheme =
      spec.kind === 'ec' ? 'ecdsa-der' : purpose === 'manifest' ? 'rsa-pss' : ('rsa-pkcs1-v1_5' as const);
    return checkedSignature({ scheme, digest: spec.digest, value }, bytes, key, 'Vault');
  }
}

function signPath(vault: VaultClient, name: string): string {
  return `${vault.settings.mount}/sign/${name}`;
}

/** Vault's default policy lets every token ask. If it may not, the first signature shows. */
async function checkCapability(vault: VaultClient, name: string): Promise<void> {
  const path = signPath(vault, name);
  const answer = await vault.call('sys/capabilities-self', { paths: [path] }).catch(() => undefined);
  const mine = Capabilities.safeParse(answer).data?.[path];
  if (!Array.isArray(mine) || mine.includes('update') || mine.includes('root')) return;
  throw new VeritySignError('key', `the Vault token lacks the capability update on ${path}`, {
    remedy: `Add to a policy of the token: path "${path}" { capabilities = ["update"] }`,
  });
}

function readKey(
  name: string,
  answer: unknown,
): { type: string; version: number; pem: string; chain: string } {
  const key = KeyData.safeParse(answer).data;
  if (key === undefined) {
    throw new VeritySignError(
      'key',
      `Vault's answer for the key ${name} does not come from a transit engine`,
      {
        remedy: 'Check VAULT_ADDR and TRANSIT_SECRET_ENGINE_PATH',
      },
    );
  }
  const { type, latest_version: version } = key;
  const data = VersionData.safeParse(key.keys[String(version)]).data;
  // A symmetric key has times where others have public keys.
  return { type, version, pem: data?.public_key ?? '', chain: data?.certificate_chain ?? '' };
}

function readChain(pem: string): Uint8Array[] {
  return splitPem(pem)
    .filter(({ label, ended }) => label === 'CERTIFICATE' && ended)
    .map(({ lines }) => new X509Certificate(lines.join('\n')).raw);
}

function readPem<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new VeritySignError('key', `Vault returned a damaged public key or certificate for ${name}`, {
      remedy: 'Check the key in Vault, and that VAULT_ADDR leads to Vault itself',
      cause,
    });
  }
}

/** `vault:vN:` and base64. */
function readSignature(answer: unknown, version: number): Uint8Array {
  const signature = SignData.safeParse(answer).data?.signature ?? '';
  const prefix = `vault:v${version}:`;
  return Buffer.from(signature.startsWith(prefix) ? signature.slice(prefix.length) : '', 'base64');
}
