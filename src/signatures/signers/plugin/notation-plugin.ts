import { X509Certificate } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import {
  isForKernel,
  type KeySpec,
  type PreparedSigner,
  type Purpose,
  type RawSignature,
  type Signer,
  type SignerRequest,
} from '../../../model/signing.ts';
import { keySpecName, keySpecOf } from '../key-spec.ts';
import { holds } from '../kms/check-signature.ts';
import type { PluginReference } from '../reference.ts';
import { locatePlugin } from './locate.ts';
import {
  CONTRACT_VERSION,
  ENVELOPE_GENERATOR,
  HASH_NAMES,
  nonconforming,
  RAW_GENERATOR,
  readKey,
  readMetadata,
  readSignature,
} from './protocol.ts';
import { callPlugin, type Plugin, pluginEnvironment } from './run.ts';

/** Neither a root hash nor a payload of Notary, so that the signature over it has no other use. */
const PROBE = Buffer.from('verity-sign signs this text to learn the certificate chain of a key.\n');
/**
 * Asks a plugin for PKCS#1 v1.5, which a kernel needs of RSA keys. The contract has no word for it; plugins
 * that know this one answer with it, others ignore it. [notaryproject/notation, prototype of sign --dm-verity]
 */
const SIGNING_SCHEME = 'signing_scheme';
const PKCS1 = 'rsassa-pkcs1-v1_5';
const OTHER_KEYS = 'awskms://, azurekms://, gcpkms:// or hashivault://';

/** A key of a plugin and the parameters of requests for it. */
interface PluginKey {
  plugin: Plugin;
  keyId: string;
  config: Readonly<Record<string, string>>;
  spec: KeySpec;
}

/**
 * A key that one of notation's plugins keeps. A plugin returns its certificate chain only with a signature,
 * so a fixed text is signed here. That gives the chain, and shows before any layer is converted that the
 * key may be used. The service behind the plugin counts it as one more signature. The plugin's chain and
 * `certificate` must agree.
 * @throws VeritySignError 'key'
 */
export async function prepareNotationPlugin(
  reference: PluginReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const { keyId, plugin: name } = reference;
  const plugin: Plugin = {
    name,
    path: await locatePlugin(name, process.env),
    env: pluginEnvironment(process.env, request.env),
    secrets: [...Object.values(request.env), ...(request.secrets ?? [])],
    timeout: request.timeout,
    signal: request.signal,
  };
  const config = request.pluginConfig;
  const configured = Object.keys(config).length === 0 ? {} : { pluginConfig: config };
  const metadata = await callPlugin(plugin, 'get-plugin-metadata', configured, (response) =>
    readMetadata(response, name),
  );
  if (!metadata.capabilities.includes(RAW_GENERATOR)) throw noRawSignatures(name, metadata.capabilities);
  const described = { contractVersion: CONTRACT_VERSION, keyId, ...configured };
  const spec = await callPlugin(plugin, 'describe-key', described, (response) =>
    readKey(response, name, keyId),
  );
  const key: PluginKey = { plugin, keyId, config, spec };
  const { chain, publicKey } = await probe(key, request.purposes);
  const certificateChain = agreed(name, chain, request.certificates);
  return {
    holder: 'notation-plugin',
    spec,
    publicKey,
    certificateChain,
    open: async () => signer(key, certificateChain),
  };
}

/** Signs a fixed text for each kind of signature that is needed: RSA keys make another one for a kernel. */
async function probe(key: PluginKey, purposes: readonly Purpose[]): Promise<Generated> {
  const isRsa = key.spec.kind === 'rsa';
  const kernel = isRsa ? purposes.find(isForKernel) : undefined;
  const forKernel = kernel === undefined ? undefined : await generate(key, PROBE, kernel);
  const other = purposes.find((purpose) => !isForKernel(purpose));
  if (forKernel !== undefined && other === undefined) return forKernel;
  const generated = await generate(key, PROBE, other ?? 'layer');
  if (forKernel === undefined || same(forKernel.chain, generated.chain)) return generated;
  throw otherCertificate(key.plugin.name);
}

function same(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((der, index) => b[index]?.equals(der) === true);
}

function signer(key: PluginKey, certificateChain: readonly Uint8Array[]): Signer {
  return {
    certificateChain,
    async sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
      const { signature, chain } = await generate(key, bytes, purpose);
      const [leaf] = certificateChain;
      if (leaf === undefined || chain[0]?.equals(leaf) !== true) throw otherCertificate(key.plugin.name);
      return signature;
    },
  };
}

interface Generated {
  signature: RawSignature;
  /** DER, leaf first. */
  chain: Buffer[];
  publicKey: Uint8Array;
}

/**
 * Asks for a signature and checks that it holds, with the certificate that came with it, and its key.
 * @throws VeritySignError 'key', also for an RSA key that makes no PKCS#1 v1.5 signature for a kernel
 */
async function generate(
  { plugin, keyId, config: given, spec }: PluginKey,
  bytes: Uint8Array,
  purpose: Purpose,
): Promise<Generated> {
  const command = 'generate-signature';
  const config = configFor(given, spec, purpose);
  const forKernel = spec.kind === 'rsa' && isForKernel(purpose);
  const request = {
    contractVersion: CONTRACT_VERSION,
    keyId,
    ...(Object.keys(config).length === 0 ? {} : { pluginConfig: config }),
    keySpec: keySpecName(spec),
    hashAlgorithm: HASH_NAMES[spec.digest],
    payload: Buffer.from(bytes).toString('base64'),
  };
  const { value, chain } = await callPlugin(plugin, command, request, (response) =>
    readSignature(response, plugin.name, keyId, spec, !forKernel),
  );
  const [leaf] = chain.map((der, index) => {
    try {
      return new X509Certificate(der);
    } catch {
      throw nonconforming(plugin.name, command, `a chain whose certificate ${index + 1} cannot be read`);
    }
  });
  if (leaf === undefined) throw nonconforming(plugin.name, command, 'an empty certificate chain');
  const own = keySpecName(keySpecOf(leaf.publicKey));
  if (own !== keySpecName(spec)) {
    throw nonconforming(plugin.name, command, `a certificate for ${own} after a key of ${keySpecName(spec)}`);
  }
  // The specification means r ‖ s; some plugins pass on the DER of their service.
  const schemes: RawSignature['scheme'][] = spec.kind === 'rsa' ? ['rsa-pss'] : ['ecdsa-p1363', 'ecdsa-der'];
  const found = (candidates: readonly RawSignature['scheme'][]): RawSignature['scheme'] | undefined =>
    candidates.find((one) => holds({ scheme: one, digest: spec.digest, value }, bytes, leaf.publicKey));
  const scheme = found(forKernel ? ['rsa-pkcs1-v1_5'] : schemes);
  if (scheme === undefined && forKernel && found(schemes) !== undefined)
    throw pssForKernel(plugin.name, spec, purpose);
  if (scheme !== undefined) {
    const publicKey = leaf.publicKey.export({ format: 'der', type: 'spki' });
    return { signature: { scheme, digest: spec.digest, value }, chain, publicKey };
  }
  throw nonconforming(plugin.name, command, 'a signature that its own certificate does not verify');
}

/** The user's configuration, with the scheme that a signature of this purpose must have. */
function configFor(
  given: Readonly<Record<string, string>>,
  { kind }: KeySpec,
  purpose: Purpose,
): Readonly<Record<string, string>> {
  if (kind !== 'rsa') return given;
  if (isForKernel(purpose)) return { ...given, [SIGNING_SCHEME]: PKCS1 };
  // Notary's envelopes need RSASSA-PSS, which plugins make unless they are asked for another one.
  const { [SIGNING_SCHEME]: scheme, ...others } = given;
  return scheme === PKCS1 ? others : given;
}

function otherCertificate(name: string): VeritySignError {
  return new VeritySignError(
    'key',
    `the notation plugin ${name} signed with a different certificate than at the start of the run`,
    { remedy: 'Name one version of the key in `key`, or run again when its rotation is complete' },
  );
}

/** The longer of the two chains, if one is the beginning of the other. */
function agreed(
  name: string,
  returned: readonly Uint8Array[],
  given: readonly Uint8Array[] | undefined,
): readonly Uint8Array[] {
  if (given === undefined) return returned;
  const [long, short] = given.length > returned.length ? [given, returned] : [returned, given];
  const differing = short.findIndex((der, index) => Buffer.compare(der, long[index] ?? Buffer.of()) !== 0);
  if (differing === -1) return long;
  const which = differing === 0 ? 'the first certificate' : `certificate ${differing + 1}`;
  throw new VeritySignError(
    'key',
    `${which} of \`certificate\` is not the one that the notation plugin ${name} signs with`,
    { remedy: 'Omit `certificate`, since the plugin provides the chain, or give the chain of this key' },
  );
}

function noRawSignatures(name: string, capabilities: readonly string[]): VeritySignError {
  if (!capabilities.includes(ENVELOPE_GENERATOR)) {
    return new VeritySignError('key', `the notation plugin ${name} does not sign, it only verifies`, {
      remedy: 'Name a plugin that has keys',
    });
  }
  return new VeritySignError(
    'key',
    `the notation plugin ${name} makes signature envelopes but no raw signatures, which the signatures of layers need`,
    {
      remedy: `Use a plugin with the capability ${RAW_GENERATOR}, or a key at ${OTHER_KEYS}; such a plugin can sign the manifest with notation sign`,
    },
  );
}

function pssForKernel(name: string, spec: KeySpec, purpose: Purpose): VeritySignError {
  const isPolicy = purpose === 'policy';
  const manifests = isPolicy ? '' : '; to sign manifests only, set `layers` to none';
  return new VeritySignError(
    'key',
    `the notation plugin ${name} signs with RSASSA-PSS, which the kernel does not support, so its ${keySpecName(spec)} key cannot sign ${isPolicy ? 'policies' : 'layers'}`,
    {
      remedy: `Use a plugin that makes PKCS#1 v1.5 signatures when it gets ${SIGNING_SCHEME}=${PKCS1}, or an EC key of the plugin, or name the key where it is kept, with ${OTHER_KEYS}${manifests}`,
    },
  );
}
