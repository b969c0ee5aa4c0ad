import { VeritySignError } from '../../../../errors.ts';
import { isTransientStatus, retryAfter } from '../../../../lib/http/retry-after.ts';
import type { Retry } from '../../../../lib/retry.ts';

export const GOOGLE_KMS_HOST = 'cloudkms.googleapis.com';

/** The request to the service that failed. */
export type GoogleStep = 'read the public key' | 'sign';

const PERMISSIONS: Readonly<Record<GoogleStep, string>> = {
  'read the public key': 'cloudkms.cryptoKeyVersions.viewPublicKey',
  sign: 'cloudkms.cryptoKeyVersions.useToSign',
};

const LOGIN =
  'In a workflow, run google-github-actions/auth before this step in a job with `permissions: id-token: write`; elsewhere, set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login';

/** An answer whose checksum is missing or wrong, or that belongs to another request. */
export class ChecksumError extends Error {}

/** An answer of Cloud KMS that is no JSON object. */
class ForeignAnswer extends Error {}

/** @throws for {@link googleError}, if another server must have answered */
export function checkDocument(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) throw new ForeignAnswer();
}

/** The fields of the auth library's errors that are used here. [gaxios: GaxiosError] */
interface HttpError extends Error {
  config?: { url?: string | URL };
  code?: string | number;
  response?: { status: number; headers: Headers; data?: unknown };
}

/** [google.rpc.Status, with google.rpc.ErrorInfo among the details] */
interface Status {
  message?: string;
  status?: string;
  details?: readonly { '@type'?: string; reason?: string }[];
}

/** Says whether the same request may soon succeed. */
export function googleRetry(error: unknown): Retry | undefined {
  if (error instanceof ChecksumError) return { after: 0 };
  if (!fromService(error)) return undefined;
  const { response, code } = error;
  if (response === undefined) {
    return ['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE'].includes(String(code))
      ? {}
      : undefined;
  }
  if (!isTransientStatus(response.status)) return undefined;
  return { after: retryAfter(response.headers.get('retry-after')) };
}

/** Turns an error of the library into a message. It has no cause: requests in it hold the access token. */
export function googleError(error: unknown, step: GoogleStep, name: string): VeritySignError {
  if (error instanceof VeritySignError) return error;
  if (error instanceof ChecksumError) {
    return failure(
      `Cloud KMS failed six times in a row: ${error.message}`,
      'Check any proxy between this machine and the service',
    );
  }
  if (error instanceof ForeignAnswer) {
    return notTheServer(GOOGLE_KMS_HOST, `what answers for ${GOOGLE_KMS_HOST} is not Cloud KMS`);
  }
  if (!fromService(error)) return ofCredentials(error);
  const { response } = error;
  if (response === undefined) {
    return timedOut(error)
      ? failure(`${GOOGLE_KMS_HOST} did not answer in time`, 'Check the network, or raise `timeout`')
      : failure(
          `${GOOGLE_KMS_HOST} cannot be reached (${error.code ?? 'unknown error'})`,
          'Check the network and the proxy settings',
        );
  }
  return (
    ofRedirect(GOOGLE_KMS_HOST, response) ?? ofStatus(response.status, statusOf(response.data), step, name)
  );
}

function ofRedirect(host: string, { status, headers }: NonNullable<HttpError['response']>) {
  if (status < 300 || status >= 400) return undefined;
  const to = URL.parse(headers.get('location') ?? '')?.origin ?? 'another address';
  return notTheServer(host, `${host} redirects to ${to}, where nothing is sent`);
}

/** Another server has answered, such as a proxy that inspects TLS. */
function notTheServer(host: string, message: string): VeritySignError {
  return failure(message, `Allow the proxy to connect to ${host}, or except that host with no_proxy`);
}

/** The error for a missing permission, which the service or an earlier check reports. */
export function permissionMissing(step: GoogleStep, name: string): VeritySignError {
  const permission = PERMISSIONS[step];
  return failure(
    `Cloud KMS refuses to ${step} ${step === 'sign' ? 'with' : 'of'} ${name}: the permission ${permission} is missing, or there is no such key`,
    'Give the identity the role roles/cloudkms.signerVerifier on the key, and check the name in `key`',
  );
}

function ofStatus(
  code: number,
  { message = '', details = [] }: Status,
  step: GoogleStep,
  name: string,
): VeritySignError {
  const reason = details.find((one) => one['@type']?.endsWith('google.rpc.ErrorInfo'))?.reason;
  const text = (message.split(/\r?\n/, 1)[0] ?? '').slice(0, 300).replace(/\.+$/, '');
  if (code === 401) {
    return failure('Cloud KMS does not accept the access token: it has expired or was revoked', LOGIN);
  }
  if (code === 403 && reason === 'SERVICE_DISABLED') {
    return failure(`the Cloud KMS API is disabled: ${text}`, `Enable ${GOOGLE_KMS_HOST} in that project`);
  }
  if (code === 403 && reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT') {
    return failure(
      'the access token lacks a scope for Cloud KMS',
      'Log in with the scope https://www.googleapis.com/auth/cloudkms or cloud-platform',
    );
  }
  if (code === 403) return permissionMissing(step, name);
  if (code === 404) return failure(`Cloud KMS has no ${name}`, 'Check the name in `key`');
  if (code === 429) {
    return failure(
      'Cloud KMS keeps throttling requests',
      'Run it again later, or raise the quota for cryptographic requests of the project',
    );
  }
  if (code === 400 && /not enabled|is DESTROYED|state/i.test(message)) {
    return failure(`the key version ${name} is not enabled`, 'Enable it, or name another version in `key`');
  }
  return failure(
    `Cloud KMS refuses to ${step}: status ${code}, ${text}`,
    'Check the key, and run it again later',
  );
}

/** Failures before the first request: no credentials, or none that can be exchanged for a token. */
function ofCredentials(error: unknown): VeritySignError {
  if (timedOut(error)) {
    return failure(
      'the login to Google Cloud was not answered in time',
      'Check the network, or raise `timeout`',
    );
  }
  const { message = '', config, response, code: systemCode } = error as HttpError;
  if (/Could not load the default credentials/.test(message)) {
    return failure('there are no credentials for Google Cloud', LOGIN);
  }
  if (/credential file|is not a file|JSON/i.test(message)) {
    return failure(
      'the credential file of Google Cloud cannot be read',
      'Check GOOGLE_APPLICATION_CREDENTIALS',
    );
  }
  const host = hostOf(config?.url);
  if (response === undefined && /^E[A-Z_]+$/.test(String(systemCode))) {
    return failure(
      `${host ?? 'the login to Google Cloud'} cannot be reached (${systemCode})`,
      'Check the network and the proxy settings',
    );
  }
  if (response !== undefined) {
    const { status } = response;
    const redirected = ofRedirect(host ?? 'the login to Google Cloud', response);
    if (redirected !== undefined) return redirected;
    if (isTransientStatus(status)) {
      return failure(`the login at ${host ?? 'Google Cloud'} failed (HTTP ${status})`, 'Run it again later');
    }
  }
  if (response !== undefined && host?.endsWith('.actions.githubusercontent.com')) {
    return failure(
      'GitHub issued no OIDC token for Google Cloud',
      'Give the job `permissions: id-token: write`',
    );
  }
  if (host === 'iamcredentials.googleapis.com' && response?.status === 403) {
    return failure(
      'Google Cloud does not permit this job to act as the service account',
      "Give the job's principal roles/iam.workloadIdentityUser on the service account",
    );
  }
  const { error: code } = (response?.data ?? {}) as { error?: unknown };
  // Where the answer was no error of OAuth, the library's message has `undefined` for its code.
  const named = typeof code === 'string' ? code : /Error code (?!undefined)(\w+)/.exec(message)?.[1];
  const known = named ?? (response === undefined ? undefined : `HTTP ${response.status}`);
  const refused = `Google Cloud refuses the login${known === undefined ? '' : ` (${known})`}`;
  if (known === 'unauthorized_client') {
    return failure(
      refused,
      "Check the attribute condition of the workload identity provider against this job's repository and ref",
    );
  }
  return failure(refused, LOGIN);
}

function fromService(error: unknown): error is HttpError {
  return error instanceof Error && hostOf((error as HttpError).config?.url) === GOOGLE_KMS_HOST;
}

function hostOf(url: string | URL | undefined): string | undefined {
  return url === undefined || !URL.canParse(String(url)) ? undefined : new URL(String(url)).hostname;
}

function timedOut(error: unknown): boolean {
  const names = [
    (error as Error).name,
    ((error as Error).cause as Error | undefined)?.name,
    String((error as HttpError).code),
  ];
  return names.some((name) => name === 'TimeoutError' || name === 'AbortError');
}

function statusOf(data: unknown): Status {
  let body = data;
  if (typeof data === 'string') {
    try {
      body = JSON.parse(data);
    } catch {
      return {};
    }
  }
  return (body as { error?: Status } | undefined)?.error ?? {};
}

function failure(message: string, remedy: string): VeritySignError {
  return new VeritySignError('key', message, { remedy });
}
