import { createPublicKey, type KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  DryRunOperationException,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { VeritySignError } from '../../../../errors.ts';
import { onAbort, within } from '../../../../lib/concurrent.ts';
import { proxyAgents } from '../../../../lib/http/agents.ts';
import { HttpError } from '../../../../lib/http/errors.ts';
import { readBody } from '../../../../lib/http/read-body.ts';
import type {
  KeySpec,
  PreparedSigner,
  Purpose,
  RawSignature,
  Signer,
  SignerRequest,
} from '../../../../model/signing.ts';
import { checkLeaf, keySpecOf } from '../../key-spec.ts';
import type { AwsKmsReference } from '../../reference.ts';
import { checkedSignature, digestOf } from '../check-signature.ts';
import { requireSettledHome } from '../settled-home.ts';
import { ATTEMPTS, type AwsCall, awsError, notTheService, proxyError } from './aws-errors.ts';
import { keepSentSecrets } from './aws-secrets.ts';

/** No answer of KMS comes near it. */
const MAX_BYTES = 1024 * 1024;
/** For errors, whose message does not show it. */
const KMS = new URL('https://kms.invalid');

/** A key of AWS KMS, with the client that asks for its signatures. */
interface AwsKey {
  client: KMSClient;
  keyId: string;
  key: KeyObject;
  spec: KeySpec;
  limits: Limits;
}

type Limits = Pick<SignerRequest, 'timeout' | 'signal'>;

/**
 * A signing key of AWS KMS. Credentials and region are found as in every AWS SDK: the environment
 * (also after aws-actions/configure-aws-credentials), profiles, a web identity token, the instance.
 * The region in an ARN takes precedence over them, and the reference's endpoint over AWS_ENDPOINT_URL and
 * AWS_ENDPOINT_URL_KMS. An endpoint is used over HTTPS, or over HTTP if it is a loopback address.
 *
 * `DryRun` checks the permission to sign: KMS then makes all checks of a signature request and no
 * signature. CloudTrail shows such calls with the error DryRunOperationException.
 * @throws VeritySignError 'key', or 'usage' without a certificate.
 */
export async function prepareAwsKms(
  reference: AwsKmsReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const certificateChain = request.certificates ?? [];
  const [leaf] = certificateChain;
  if (leaf === undefined && request.withoutCertificate !== true) {
    throw new VeritySignError('usage', '`certificate` is missing: AWS KMS keeps keys without certificates', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  const { timeout, signal } = request;
  const limits = { timeout, signal };
  const client = keepSentSecrets(connect(reference, request));
  const { keyId } = reference;
  const answer = await ask(client, { permission: 'kms:GetPublicKey', keyId, signal }, timeout, () =>
    client.send(new GetPublicKeyCommand({ KeyId: keyId }), { abortSignal: signal }),
  );
  if (answer.KeyUsage === undefined) throw notTheService('it names no key');
  const name = answer.KeySpec ?? answer.CustomerMasterKeySpec ?? 'unknown kind';
  if (answer.KeyUsage !== 'SIGN_VERIFY') {
    throw new VeritySignError(
      'key',
      `the key ${keyId} (${name}) is for ${answer.KeyUsage}, not for signing`,
      {
        remedy: 'Use a key with the key usage SIGN_VERIFY',
      },
    );
  }
  const key = publicKey(answer.PublicKey, name);
  const spec = keySpecOf(key);
  const spki = key.export({ format: 'der', type: 'spki' });
  if (leaf !== undefined) checkLeaf(spki, leaf);
  const prepared = { client, keyId, key, spec, limits };
  await Promise.all(
    request.purposes.map(async (purpose) => {
      checkAlgorithm(keyId, algorithmFor(spec, purpose), answer.SigningAlgorithms ?? []);
      await rehearse(prepared, purpose);
    }),
  );
  return {
    holder: 'aws-kms',
    spec,
    publicKey: spki,
    certificateChain,
    open: async () => new AwsKmsSigner(prepared, certificateChain),
  };
}

class AwsKmsSigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly #key: AwsKey;

  constructor(key: AwsKey, certificateChain: readonly Uint8Array[]) {
    this.#key = key;
    this.certificateChain = certificateChain;
  }

  async sign(bytes: Uint8Array, purpose: Purpose): Promise<RawSignature> {
    const { key, spec } = this.#key;
    const value = await sign(this.#key, digestOf(spec.digest, bytes), purpose, false);
    const scheme =
      spec.kind === 'ec' ? 'ecdsa-der' : purpose === 'manifest' ? 'rsa-pss' : ('rsa-pkcs1-v1_5' as const);
    return checkedSignature({ scheme, digest: spec.digest, value }, bytes, key, 'AWS KMS');
  }
}

/** Uses the key's name as given. If an alias moves meanwhile, its signatures fail the check afterwards. */
function sign(aws: AwsKey, digest: Uint8Array, purpose: Purpose, dryRun: boolean): Promise<Uint8Array> {
  const { client, keyId, spec } = aws;
  const { timeout, signal } = aws.limits;
  const command = new SignCommand({
    KeyId: keyId,
    Message: digest,
    MessageType: 'DIGEST',
    SigningAlgorithm: algorithmFor(spec, purpose),
    ...(dryRun && { DryRun: true }),
  });
  return ask(client, { permission: 'kms:Sign', keyId, signal }, timeout, async () => {
    const { Signature } = await client.send(command, { abortSignal: signal });
    return Signature ?? new Uint8Array();
  });
}

/**
 * Makes a request once there are credentials: the SDK's providers fetch them without a signal or a time limit, and
 * keep them until they expire.
 */
async function ask<T>(client: KMSClient, call: AwsCall, timeout: number, send: () => Promise<T>): Promise<T> {
  const { signal } = call;
  try {
    await within({ signal, timeout }, () =>
      awsError(client, call, async () => {
        // Fails at once where a missing login would take seconds to show.
        await client.config.region();
        await client.config.credentials();
      }),
    );
    // Its waits between attempts know no signal.
    return await within({ signal }, () => awsError(client, call, send));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DOMException)) throw error;
    throw new VeritySignError('key', 'the login to AWS was not answered in time', {
      remedy: 'Check the network, or raise `timeout`',
    });
  }
}

/** Signs zeros: another implementation of KMS may ignore `DryRun` and return a signature. */
async function rehearse(aws: AwsKey, purpose: Purpose): Promise<void> {
  const zeros = new Uint8Array(digestOf(aws.spec.digest, new Uint8Array()).length);
  await sign(aws, zeros, purpose, true).catch((error: unknown) => {
    if (!(error instanceof DryRunOperationException)) throw error;
  });
}

/** [AWS KMS API reference, Sign] */
function algorithmFor(spec: KeySpec, purpose: Purpose): SigningAlgorithmSpec {
  const bits = { sha256: 256, sha384: 384, sha512: 512 } as const;
  const size = bits[spec.digest];
  if (spec.kind === 'ec') return `ECDSA_SHA_${size}`;
  return purpose === 'manifest' ? `RSASSA_PSS_SHA_${size}` : `RSASSA_PKCS1_V1_5_SHA_${size}`;
}

function checkAlgorithm(keyId: string, wanted: SigningAlgorithmSpec, known: readonly string[]): void {
  if (known.includes(wanted)) return;
  throw new VeritySignError('key', `the key ${keyId} cannot sign with ${wanted}`, {
    remedy: `Use another key: this one has ${known.join(', ') || 'no signing algorithm'}`,
  });
}

function publicKey(der: Uint8Array | undefined, name: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' });
  } catch {
    throw new VeritySignError('key', `a key of type ${name} cannot sign layers`, {
      remedy: 'Use RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384 or ECC_NIST_P521',
    });
  }
}

function connect({ endpoint, keyId }: AwsKmsReference, { env, timeout, signal }: SignerRequest): KMSClient {
  requireSettledHome('AWS');
  const region = /^arn:[\w-]+:kms:([\w-]+):/.exec(keyId)?.[1];
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const sessionToken = env.AWS_SESSION_TOKEN;
  const client = new KMSClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint: endpointUrl(endpoint) }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: Math.min(timeout, 10_000),
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      ...agents({ timeout, signal }),
    },
  });
  limitAnswers(client, { timeout, signal });
  return client;
}

/** The SDK's own limit ends with the head of an answer, and its size has none. */
function limitAnswers(client: KMSClient, { timeout, signal }: Limits): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const timer = AbortSignal.timeout(timeout);
      const result = await next(args);
      const response = result.response as { body: IncomingMessage | Uint8Array };
      const { body } = response;
      if (body instanceof Uint8Array) return result;
      const release = onAbort(AbortSignal.any([signal, timer]), () => body.destroy());
      try {
        response.body = await readBody(body, KMS, MAX_BYTES);
      } catch (error) {
        signal.throwIfAborted();
        if (!timer.aborted) throw error;
        // By this name the SDK knows that another attempt may help.
        const late = new Error(`the answer was not complete in ${timeout} ms`);
        throw Object.assign(late, { name: 'TimeoutError' });
      } finally {
        release();
      }
      return result;
    },
    // The lowest priority is next to the connection, and within the attempts.
    { step: 'deserialize', priority: 'low', name: 'limitAnswers' },
  );
}

function agents(limits: { timeout: number; signal: AbortSignal }): ReturnType<typeof proxyAgents> {
  try {
    return proxyAgents({ connections: 16, ...limits });
  } catch (error) {
    throw error instanceof HttpError ? proxyError(error) : error;
  }
}

/** The URL of a service that is not AWS's own: HTTP is for this machine alone. */
export function endpointUrl(endpoint: string): string {
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d+)?$/i.test(endpoint);
  return `${loopback ? 'http' : 'https'}://${endpoint}`;
}
