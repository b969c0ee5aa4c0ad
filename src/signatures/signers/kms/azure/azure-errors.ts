import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { VeritySignError } from '../../../../errors.ts';
import { isTransientStatus, retryAfter } from '../../../../lib/http/retry-after.ts';
import type { Retry } from '../../../../lib/retry.ts';
import type { AzureVault } from './azure-cloud.ts';

/** The request to the vault that failed. */
export type AzureStep = 'read key' | 'read certificate' | 'sign';

interface Permission {
  /** Permission in the vault's access policy. */
  policy: string;
  role: string;
}

const LOGIN =
  'In a workflow, run azure/login before this step in a job with `permissions: id-token: write`, or set AZURE_TENANT_ID and AZURE_CLIENT_ID; elsewhere, run az login';

const PERMISSIONS: Readonly<Record<AzureStep, Permission>> = {
  'read key': { policy: 'keys/get', role: 'Key Vault Crypto User' },
  'read certificate': { policy: 'certificates/get', role: 'Key Vault Reader' },
  sign: { policy: 'keys/sign', role: 'Key Vault Crypto User' },
};

/** The state of the key, by the service's inner code. [Key Vault REST API error codes] */
const KEY_STATES: Readonly<Record<string, string>> = {
  KeyDisabled: 'is disabled',
  KeyExpired: 'has expired',
  KeyNotYetValid: 'is not yet valid',
  KeyOperationForbidden: 'does not permit the operation sign',
};

/** Says whether the same request may soon succeed. Key Vault often throttles without Retry-After. */
export function azureRetry(error: unknown): Retry | undefined {
  if (!isRestError(error)) return undefined;
  const { statusCode, response, code } = error;
  if (statusCode === undefined) {
    return ['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE'].includes(code ?? '')
      ? {}
      : undefined;
  }
  if (!isTransientStatus(statusCode)) return undefined;
  return { after: retryAfter(response?.headers.get('retry-after')) };
}

/** Turns an error of the SDKs into a message. It has no cause: requests in it hold the access token. */
export function azureError(error: unknown, step: AzureStep, vault: AzureVault, key: string): VeritySignError {
  if (error instanceof VeritySignError) return error;
  if (isRestError(error)) return ofService(error, step, vault, key);
  if (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name)) {
    return failure(`${vault.host} did not answer in time`, 'Check the network, or raise `timeout`');
  }
  // The SDK's readers of errors fail on an answer without the service's document.
  if (error instanceof TypeError) return notTheVault(vault);
  return ofIdentity(error, vault);
}

/** A proxy or firewall has answered instead of the service. */
function notTheVault({ host }: AzureVault): VeritySignError {
  return failure(
    `what answers for ${host} is not Azure Key Vault: a proxy refuses the connection`,
    `Allow the proxy of https_proxy to connect to ${host} and to Entra ID, check the credentials in that variable, or except both hosts with no_proxy`,
  );
}

function ofService(error: RestError, step: AzureStep, vault: AzureVault, key: string): VeritySignError {
  const { statusCode, code = 'unknown error' } = error;
  const asked = `${vault.host} refuses to ${step} ${key}`;
  switch (statusCode) {
    case undefined:
      return failure(
        `${vault.host} cannot be reached (${code})`,
        'Check the name of the vault in `key`, the network and the proxy settings',
      );
    case 401:
      return failure(
        `${vault.host} does not accept the access token: it has expired or is for another tenant or service`,
        'Log in again right before this step, or set AZURE_TENANT_ID and AZURE_CLIENT_ID so that a token is fetched when it is needed',
      );
    case 407:
      return notTheVault(vault);
    case 403:
      if (error.details === undefined) return notTheVault(vault);
      return denied(innerCode(error), asked, step, vault, key);
    case 404:
      return step === 'read certificate'
        ? failure(
            `${vault.host} has no certificate for this version of the key ${key}`,
            'Give `certificate`: the PEM file with the certificate of the key, its issuers and the root',
          )
        : failure(
            `${vault.host} has no key ${key}`,
            'Check the name and the version in `key`; a deleted key can be recovered for some time',
          );
    case 429:
      return failure(
        `${vault.host} keeps throttling requests`,
        'Run it again later, with fewer jobs that use this vault at the same time',
      );
    default:
      return failure(`${asked}: status ${statusCode}, ${firstLine(error)}`, 'Run it again later');
  }
}

function denied(
  inner: string | undefined,
  asked: string,
  step: AzureStep,
  vault: AzureVault,
  key: string,
): VeritySignError {
  const { policy, role } = PERMISSIONS[step];
  const state = KEY_STATES[inner ?? ''];
  if (state !== undefined) {
    return failure(
      `the key ${key} in ${vault.host} ${state}`,
      'Enable it or renew it, or use another version',
    );
  }
  if (inner === 'ForbiddenByFirewall' || inner === 'ForbiddenByConnection') {
    return failure(
      `the firewall of ${vault.host} blocks this machine`,
      "Add this machine's address to the vault's firewall, or run on a machine in its network",
    );
  }
  if (vault.managedHsm) {
    return failure(asked, 'Give the identity the role "Managed HSM Crypto User" on the key or on /keys');
  }
  const assign = `the role "${role}" on the vault`;
  const allow = `the permission ${policy} in the vault's access policy`;
  if (inner === 'ForbiddenByRbac')
    return failure(asked, `Give the identity ${assign}; new roles take some minutes`);
  if (inner === 'AccessDenied' || inner === 'ForbiddenByPolicy') {
    return failure(asked, `Give the identity ${allow}`);
  }
  return failure(asked, `Give the identity ${assign}, or ${allow}`);
}

/** Entra ID's errors have a number; the rest of its text is trace identifiers. */
function ofIdentity(error: unknown, vault: AzureVault): VeritySignError {
  const text = messages(error).join('; ');
  const code = /AADSTS\d+/.exec(text)?.[0];
  const tenant = /not configured to acquire tokens for tenant ([0-9a-f-]{36})/.exec(text)?.[1];
  if (tenant !== undefined) {
    return failure(
      `${vault.host} belongs to the tenant ${tenant}, but the credentials belong to another`,
      'Set AZURE_TENANT_ID to the tenant of the vault',
    );
  }
  const known = code === undefined ? undefined : ENTRA_ERRORS[code];
  if (known !== undefined) return failure(`Entra ID refuses the login: ${known[0]} (${code})`, known[1]);
  const passing = /\b(?:temporarily_unavailable|too_many_requests)\b/.exec(text)?.[0];
  if (passing !== undefined) {
    return failure(`Entra ID cannot serve the login at the moment (${passing})`, 'Run it again later');
  }
  if (code !== undefined)
    return failure(`Entra ID refuses the login (${code})`, `Look up the code. ${LOGIN}`);
  // With a status instead of Entra ID's document, something between has answered, such as a proxy.
  if (/network_error|Network unreachable|ENOTFOUND|ECONNREFUSED|Http status code: \d/.test(text)) {
    return failure(
      'Entra ID cannot be reached',
      'Check the network, the proxy settings and AZURE_AUTHORITY_HOST',
    );
  }
  // MSAL ignores the status. These are its words for an answer that has neither a token nor an error.
  if (/Response had no "expiresOn" property|Cannot create property 'status'/.test(text)) {
    return failure(
      'Entra ID answered the login without a token',
      'Run it again later. If it recurs, check the proxy settings and AZURE_AUTHORITY_HOST',
    );
  }
  if (/challenge resource/.test(text)) {
    return failure(`${vault.host} is not an Azure key vault`, 'Give the host name of a vault in `key`');
  }
  return failure(`there are no credentials for ${vault.host}: ${unavailable(error)}`, LOGIN);
}

/** [learn.microsoft.com: Microsoft Entra authentication and authorization error codes] */
const ENTRA_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  AADSTS700024: [
    'the OIDC token has expired',
    'Run azure/login right before this step, or set AZURE_TENANT_ID and AZURE_CLIENT_ID so that a token is fetched when it is needed',
  ],
  AADSTS700211: ['no federated credential has this issuer', 'Check the issuer of the federated credential'],
  AADSTS700212: [
    'no federated credential has this audience',
    'Check the audience of the federated credential',
  ],
  AADSTS700213: [
    'no federated credential has the subject of this job',
    'Add a federated credential for this repository with the branch, tag or environment of the job',
  ],
  AADSTS70021: [
    'no federated credential matches this job',
    'Add a federated credential for this repository with the branch, tag or environment of the job',
  ],
  AADSTS700016: ['the application is not known in the tenant', 'Check AZURE_CLIENT_ID and AZURE_TENANT_ID'],
  AADSTS90002: ['the tenant is not known', 'Check AZURE_TENANT_ID'],
  AADSTS7000215: [
    'the client secret is wrong',
    'Set AZURE_CLIENT_SECRET to the value of the secret, not its id',
  ],
  AADSTS7000222: ['the client secret has expired', 'Create a new client secret, or use OIDC'],
};

/** The reason for which each credential failed, without the SDKs' additions. */
function unavailable(error: unknown): string {
  const known = messages(error).flatMap((text) => {
    if (text.startsWith('Azure CLI: ')) return [text];
    return /ManagedIdentityCredential|IMDS/.test(text) ? ['no managed identity'] : [];
  });
  return known.length === 0 ? 'the login failed' : [...new Set(known)].join(', ');
}

function messages(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = (error as { errors?: unknown }).errors;
  return Array.isArray(inner) ? inner.flatMap(messages) : [error.message];
}

/** The service's inner code; its two SDKs spell the field differently. */
function innerCode({ details }: RestError): string | undefined {
  type Inner = { code?: string } | undefined;
  const { error } = (details ?? {}) as { error?: { innerError?: Inner; innererror?: Inner } };
  return error?.innerError?.code ?? error?.innererror?.code;
}

function firstLine({ message }: Error): string {
  return (message.split(/\r?\n/, 1)[0] ?? '').slice(0, 300).replace(/\.+$/, '');
}

function failure(message: string, remedy: string): VeritySignError {
  return new VeritySignError('key', message, { remedy });
}
