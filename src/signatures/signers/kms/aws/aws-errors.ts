import type { KMSClient } from '@aws-sdk/client-kms';
import { VeritySignError } from '../../../../errors.ts';
import { HttpError } from '../../../../lib/http/errors.ts';
import { withoutSentSecrets } from './aws-secrets.ts';

/** Attempts for one request, including the first. When throttled, the SDK waits up to 15 s in all, with jitter. */
export const ATTEMPTS = 5;

/** A request to KMS. */
export interface AwsCall {
  /** The IAM action that it needs. */
  permission: 'kms:GetPublicKey' | 'kms:Sign';
  keyId: string;
  signal: AbortSignal;
}

/** As the SDK and Node throw it. */
interface AwsFailure extends Error {
  $metadata?: { httpStatusCode?: number; attempts?: number };
  $response?: { headers?: Record<string, string> };
  code?: string;
}

const RENEW =
  'Get new ones: in a workflow, run aws-actions/configure-aws-credentials earlier in the same job, with the permission id-token: write';
const STATES: Readonly<Record<string, string>> = {
  DisabledException: 'is disabled',
  KMSInvalidStateException: 'is in a state that does not permit its use',
  KeyUnavailableException: 'is not available at the moment',
};

/**
 * Makes a request and turns its failure into a message for the user. The service's own words are passed on
 * without the secrets of the request, which an answer may quote. The answer to a dry run and the reason of an
 * abort are thrown unchanged.
 * @throws VeritySignError 'key'
 */
export async function awsError<T>(client: KMSClient, call: AwsCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    call.signal.throwIfAborted();
    const failure = error as AwsFailure;
    if (failure.name === 'DryRunOperationException') throw error;
    const message = withoutSentSecrets(client, String(failure.message));
    throw explain(failure, message, call, await regionOf(client));
  }
}

/** The proxy is at fault, or the variable that names it. */
export function proxyError({ message, remedy }: HttpError): VeritySignError {
  return failure(`AWS KMS ${message}`, remedy ?? 'Check the proxy, or raise `timeout`');
}

async function regionOf(client: KMSClient): Promise<string | undefined> {
  return client.config.region().catch(() => undefined);
}

/** Another server has answered, such as a proxy that inspects TLS. */
export function notTheService(how: string): VeritySignError {
  return failure(
    `what answers is not AWS KMS: ${how}`,
    'Allow the proxy to connect to AWS KMS or except its host with no_proxy, and check the endpoint, if one is set',
  );
}

function explain(
  error: AwsFailure,
  message: string,
  call: AwsCall,
  region: string | undefined,
): VeritySignError {
  const { keyId, permission } = call;
  const { name } = error;
  const said = `AWS says: ${message}`;
  if (error instanceof HttpError) return proxyError(error);
  if (message === 'Region is missing') {
    return failure(`no AWS region is set for the key ${keyId}`, 'Set AWS_REGION, or give the key by its ARN');
  }
  if (/^AccessDenied/.test(name) || name === 'NotAuthorizedException') {
    const action = /\b(?:kms|sts):[A-Z]\w+/.exec(message)?.[0] ?? permission;
    return action.startsWith('sts:')
      ? failure(
          `AWS does not allow ${action} (${said})`,
          "Check that the role's trust policy admits this workflow or identity",
        )
      : failure(
          `AWS KMS does not allow ${action} on the key ${keyId} (${said})`,
          `Allow ${action} in the key policy or in the IAM policy of the role or user`,
        );
  }
  if (name === 'NotFoundException') {
    return failure(
      `AWS KMS has no key ${keyId} in ${region ?? 'this region'} (${said})`,
      'Check key, account and AWS_REGION, or give the key by its ARN',
    );
  }
  const state = STATES[name];
  if (state !== undefined) {
    return failure(`the AWS KMS key ${keyId} ${state} (${said})`, 'Enable the key, or use another one');
  }
  if (/^(?:ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(name)) {
    return failure(`the AWS credentials have expired (${name} at ${permission})`, RENEW);
  }
  if (/^(?:CredentialsProviderError|TokenProviderError)$/.test(name)) {
    const detail = message.startsWith('Command failed') ? 'the credential process failed' : message;
    return failure(`there are no AWS credentials: ${detail}`, RENEW);
  }
  if (/^(?:UnrecognizedClient|InvalidSignature|InvalidClientTokenId|SignatureDoesNotMatch)/.test(name)) {
    return failure(
      `AWS does not accept the credentials (${name} at ${permission} in ${region ?? 'an unknown region'})`,
      `Check them, the clock of this machine and whether the region is enabled. ${RENEW}`,
    );
  }
  if (/^(?:InvalidIdentityToken|IDPRejectedClaim|IDPCommunicationError)/.test(name)) {
    return failure(
      `AWS does not accept the OIDC token (${said})`,
      "Check the identity provider in IAM and the role's trust policy",
    );
  }
  return other(error, message, call);
}

function other(error: AwsFailure, message: string, { keyId, permission }: AwsCall): VeritySignError {
  const { name, $metadata = {} } = error;
  const status = $metadata.httpStatusCode;
  const tries = `after ${$metadata.attempts ?? 1} attempts`;
  if (/Throttl|^LimitExceeded|^TooManyRequests|^RequestLimit|^SlowDown/.test(name) || status === 429) {
    return failure(
      `AWS KMS still limits the rate of ${permission} ${tries} (${name})`,
      'Lower `concurrency`, or raise the request quota of AWS KMS in this account and region',
    );
  }
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'EACCES') {
    return failure(`a file that the AWS settings name cannot be read (${message})`, RENEW);
  }
  if (name === 'TimeoutError' || code !== undefined) {
    return failure(
      `AWS KMS cannot be reached for ${permission} ${tries} (${code ?? name}: ${message})`,
      'Check the network, the region and the endpoint; `timeout` limits a request',
    );
  }
  if (status !== undefined && status >= 300 && status < 400) {
    const to = URL.parse(error.$response?.headers?.location ?? '')?.origin;
    return notTheService(`it redirects to ${to ?? 'another address'}, where nothing is sent`);
  }
  // An error of KMS is JSON that names its type.
  const isForeign = name === 'SyntaxError' || name === 'Unknown';
  if (status !== undefined && status < 500 && isForeign) return notTheService(`HTTP ${status}`);
  if (status !== undefined && status >= 400 && status < 500) {
    return failure(
      `AWS KMS refuses ${permission} with the key ${keyId} (${name}: ${message})`,
      'Check the key',
    );
  }
  return failure(
    `AWS KMS failed at ${permission} ${tries} (${status === undefined ? '' : `HTTP ${status}, `}${name})`,
    'Run it again later',
  );
}

/** The system's code in the error or one of its causes, or OpenSSL's code for a certificate. */
function systemCode(error: AwsFailure): string | undefined {
  let one: { code?: unknown; cause?: unknown } | undefined = error;
  for (let depth = 0; one !== undefined && depth < 8; depth++) {
    if (typeof one.code === 'string' && /^E[A-Z_]+$|CERT|_SSL_|_TLS_/.test(one.code)) return one.code;
    one = typeof one.cause === 'object' && one.cause !== null ? one.cause : undefined;
  }
  return undefined;
}

/** The SDK's error is not the cause, since it holds the whole answer. */
function failure(message: string, remedy: string): VeritySignError {
  return new VeritySignError('key', message, { remedy });
}
