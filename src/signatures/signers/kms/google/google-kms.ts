import { createPublicKey, type KeyObject } from 'node:crypto';
import { type AuthClient, GoogleAuth } from 'google-auth-library';
import { VeritySignError } from '../../../../errors.ts';
import { within } from '../../../../lib/concurrent.ts';
import { crc32c } from '../../../../lib/crc32c.ts';
import { withRetries } from '../../../../lib/retry.ts';
import type { PreparedSigner, RawSignature, Signer, SignerRequest } from '../../../../model/signing.ts';
import { checkLeaf, keySpecOf } from '../../key-spec.ts';
import type { GoogleKmsReference } from '../../reference.ts';
import { checkedSignature, digestOf } from '../check-signature.ts';
import { requireSettledHome } from '../settled-home.ts';
import { digestInfo, type GoogleAlgorithm, googleAlgorithm } from './google-algorithm.ts';
import {
  ChecksumError,
  checkDocument,
  GOOGLE_KMS_HOST,
  type GoogleStep,
  googleError,
  googleRetry,
  permissionMissing,
} from './google-errors.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloudkms';
const USE_TO_SIGN = 'cloudkms.cryptoKeyVersions.useToSign';

/** [Cloud KMS REST v1: PublicKey] */
interface PublicKeyAnswer {
  pem?: string;
  pemCrc32c?: string;
  algorithm?: string;
  name?: string;
}

/** [Cloud KMS REST v1: AsymmetricSignResponse] */
interface SignAnswer {
  signature?: string;
  signatureCrc32c?: string;
  verifiedDigestCrc32c?: boolean;
  verifiedDataCrc32c?: boolean;
  name?: string;
}

/** Makes one request, POST where there is a body, with a time limit and retries. */
type Call = <T>(
  step: GoogleStep,
  path: string,
  body: object | undefined,
  check: (answer: T) => void,
) => Promise<T>;

/**
 * A key version in Google Cloud KMS. What it can sign is a property of the version: PKCS#1 v1.5 for
 * layers, PSS for manifests, ECDSA for both.
 * @throws VeritySignError 'key'; 'usage' if there is no certificate, since Cloud KMS keeps none.
 */
export async function prepareGoogleKms(
  { name }: GoogleKmsReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const certificateChain = request.certificates ?? [];
  const [leaf] = certificateChain;
  if (leaf === undefined && request.withoutCertificate !== true) {
    throw new VeritySignError('usage', '`certificate` is missing: Google Cloud KMS keeps no certificates', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  const call = await caller(name, request);
  const { pem = '', algorithm = '' } = await call<PublicKeyAnswer>(
    'read the public key',
    `${name}/publicKey`,
    undefined,
    (answer) => {
      checkSum(Buffer.from(answer.pem ?? ''), answer.pemCrc32c, 'the public key that it returned is damaged');
      if (answer.name !== name) throw new ChecksumError('it returned the public key of another key version');
    },
  );
  const publicKey = publicKeyOf(pem, algorithm);
  const spec = keySpecOf(publicKey);
  const how = googleAlgorithm(algorithm, spec, request.purposes);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  if (leaf !== undefined) checkLeaf(spki, leaf);
  await checkPermission(name, call);
  const open = async (): Promise<Signer> => new GoogleSigner(name, certificateChain, how, publicKey, call);
  return { holder: 'google-kms', spec, publicKey: spki, certificateChain, open };
}

class GoogleSigner implements Signer {
  readonly certificateChain: readonly Uint8Array[];
  readonly #name: string;
  readonly #how: GoogleAlgorithm;
  readonly #publicKey: KeyObject;
  readonly #call: Call;

  constructor(
    name: string,
    certificateChain: readonly Uint8Array[],
    how: GoogleAlgorithm,
    publicKey: KeyObject,
    call: Call,
  ) {
    this.#name = name;
    this.certificateChain = certificateChain;
    this.#how = how;
    this.#publicKey = publicKey;
    this.#call = call;
  }

  async sign(bytes: Uint8Array): Promise<RawSignature> {
    const { scheme, digest, raw } = this.#how;
    const hash = digestOf(digest, bytes);
    const data = digestInfo(digest, hash);
    const body = raw
      ? { data: data.toString('base64'), dataCrc32c: String(crc32c(data)) }
      : { digest: { [digest]: hash.toString('base64') }, digestCrc32c: String(crc32c(hash)) };
    const { signature = '' } = await this.#call<SignAnswer>(
      'sign',
      `${this.#name}:asymmetricSign`,
      body,
      (answer) => {
        if ((raw ? answer.verifiedDataCrc32c : answer.verifiedDigestCrc32c) !== true) {
          throw new ChecksumError('it did not confirm the checksum of what it signed');
        }
        checkSum(
          Buffer.from(answer.signature ?? '', 'base64'),
          answer.signatureCrc32c,
          'the signature that it returned is damaged',
        );
        if (answer.name !== this.#name)
          throw new ChecksumError('it returned the signature of another key version');
      },
    );
    const value = Buffer.from(signature, 'base64');
    return checkedSignature({ scheme, digest, value }, bytes, this.#publicKey, 'Google Cloud KMS');
  }
}

/** [Cloud KMS: data integrity guidelines] */
function checkSum(bytes: Uint8Array, sum: string | undefined, otherwise: string): void {
  if (sum !== String(crc32c(bytes))) throw new ChecksumError(otherwise);
}

/**
 * Checks the identity's permission before any layer is converted. Only a clear refusal counts; if the check
 * itself is not permitted, the first signature shows.
 */
async function checkPermission(name: string, call: Call): Promise<void> {
  const key = name.replace(/\/cryptoKeyVersions\/\d+$/, '');
  const body = { permissions: [USE_TO_SIGN] };
  let granted: readonly string[] | undefined;
  try {
    ({ permissions: granted = [] } = await call<{ permissions?: string[] }>(
      'sign',
      `${key}:testIamPermissions`,
      body,
      () => undefined,
    ));
  } catch (error) {
    if (error instanceof VeritySignError && error.code === 'key') return;
    throw error;
  }
  if (!granted.includes(USE_TO_SIGN)) throw permissionMissing('sign', name);
}

function publicKeyOf(pem: string, algorithm: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw new VeritySignError(
      'key',
      `the key version has the algorithm ${algorithm}, whose public key cannot be read`,
      {
        remedy: 'Use a key version of the algorithm EC_SIGN_P256_SHA256 or EC_SIGN_P384_SHA384',
      },
    );
  }
}

/**
 * The credentials are Google's "application default": a file that GOOGLE_APPLICATION_CREDENTIALS names
 * (google-github-actions/auth sets it), gcloud's own, or the metadata service of a machine in the cloud.
 */
async function caller(name: string, { timeout, signal }: SignerRequest): Promise<Call> {
  requireSettledHome('Google Cloud');
  // The library logs in without a signal or a time limit.
  const limits = { timeout, signal };
  const client = await within(limits, () => credentials(name)).catch((error: unknown) => {
    signal.throwIfAborted();
    throw googleError(error, 'read the public key', name);
  });
  return async <T>(
    step: GoogleStep,
    path: string,
    body: object | undefined,
    check: (answer: T) => void,
  ): Promise<T> => {
    const attempt = async (): Promise<T> => {
      const { data } = await within(limits, (either) =>
        client.request<T>({
          url: `https://${GOOGLE_KMS_HOST}/v1/${path}`,
          ...(body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, data: body }),
          responseType: 'json',
          retry: false,
          signal: either,
        }),
      );
      checkDocument(data);
      check(data);
      return data;
    };
    try {
      return await withRetries(attempt, googleRetry, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw googleError(error, step, name);
    }
  };
}

/** A redirect is an answer: what is meant for one server goes to no other. */
const NO_REDIRECTS = { redirect: 'manual' } as const;

async function credentials(name: string): Promise<AuthClient> {
  const client = await new GoogleAuth({
    scopes: [SCOPE],
    // Otherwise it looks for a project everywhere, and starts gcloud for it.
    projectId: name.split('/')[1] ?? '',
    clientOptions: {
      // Its interceptors write requests, headers included, to standard error if the environment says so.
      useAuthRequestParameters: false,
      forceRefreshOnFailure: true,
      transporterOptions: NO_REDIRECTS,
    },
  }).getClient();
  // The exchange of an OIDC token has a transporter of its own, without options.
  const { stsCredential } = client as { stsCredential?: { transporter: { defaults: object } } };
  if (stsCredential !== undefined) Object.assign(stsCredential.transporter.defaults, NO_REDIRECTS);
  return client;
}
