import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import {
  type AccessToken,
  ChainedTokenCredential,
  ClientAssertionCredential,
  EnvironmentCredential,
  type GetTokenOptions,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { VeritySignError } from '../../../../errors.ts';
import { within } from '../../../../lib/concurrent.ts';
import { isTransientStatus } from '../../../../lib/http/retry-after.ts';
import { AzureCliCredential } from './azure-cli.ts';
import type { AzureVault } from './azure-cloud.ts';

interface Limits {
  timeout: number;
  signal: AbortSignal;
}

/**
 * The credentials that the environment describes. The first that is set is used: a secret or certificate of
 * a service principal, a file with a federated token (Kubernetes), GitHub's OIDC token. Without them it is
 * the account of the Azure CLI (azure/login), else a managed identity.
 */
export function azureCredential(
  { authorityHost: host, federationAudience }: AzureVault,
  limits: Limits,
): TokenCredential {
  const limited = (one: TokenCredential) => new LimitedCredential(one, limits);
  const {
    AZURE_TENANT_ID: tenant,
    AZURE_CLIENT_ID: client,
    AZURE_CLIENT_SECRET: secret,
    AZURE_CLIENT_CERTIFICATE_PATH: certificate,
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_AUTHORITY_HOST: authorityHost = host,
  } = process.env;
  if (tenant && client) {
    if (secret || certificate) return limited(new EnvironmentCredential({ authorityHost }));
    if (tokenFile) return limited(new WorkloadIdentityCredential({ authorityHost }));
    if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL) {
      const { timeout, signal } = limits;
      const github = new GitHubCredential(tenant, client, federationAudience, authorityHost, limits);
      // The request to GitHub has a limit of its own, whose error names GitHub.
      return new LimitedCredential(github, { timeout: 2 * timeout, signal });
    }
  }
  const cli = new AzureCliCredential(limits.timeout, limits.signal);
  const managed = limited(managedIdentity(client));
  const { IDENTITY_ENDPOINT, MSI_ENDPOINT } = process.env;
  return IDENTITY_ENDPOINT || MSI_ENDPOINT
    ? new ChainedTokenCredential(managed, cli)
    : new ChainedTokenCredential(cli, managed);
}

/**
 * Outside Azure the metadata service's address does not answer. DefaultAzureCredential therefore probes it
 * for a second first; the option for that is not among the declared ones.
 */
function managedIdentity(clientId: string | undefined): ManagedIdentityCredential {
  const options = { sendProbeRequest: true, retryOptions: { maxRetries: 2 } };
  return new ManagedIdentityCredential(clientId ? { ...options, clientId } : options);
}

/** The SDKs give the signal of a request to none of the requests that fetch its token. */
class LimitedCredential implements TokenCredential {
  readonly #inner: TokenCredential;
  readonly #limits: Limits;

  constructor(inner: TokenCredential, limits: Limits) {
    this.#inner = inner;
    this.#limits = limits;
  }

  async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
    try {
      return await within(this.#limits, () => this.#inner.getToken(scopes, options));
    } catch (error) {
      this.#limits.signal.throwIfAborted();
      if (!(error instanceof DOMException)) throw error;
      throw new VeritySignError('key', 'the login to Azure was not answered in time', {
        remedy: 'Check the network, or raise `timeout`',
      });
    }
  }
}

/** Exchanges a fresh OIDC token of the running GitHub job whenever Entra ID wants one. */
class GitHubCredential implements TokenCredential {
  readonly #inner: ClientAssertionCredential;
  /** MSAL wraps what the callback throws. */
  #failure: unknown;

  constructor(tenant: string, client: string, audience: string, authorityHost: string, limits: Limits) {
    const assertion = async (): Promise<string> => {
      try {
        return await gitHubToken(audience, limits);
      } catch (error) {
        this.#failure = error;
        throw error;
      }
    };
    this.#inner = new ClientAssertionCredential(tenant, client, assertion, { authorityHost });
  }

  async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    this.#failure = undefined;
    try {
      return await this.#inner.getToken(scopes, options);
    } catch (error) {
      throw this.#failure ?? error;
    }
  }
}

/** [GitHub docs: OpenID Connect reference, requesting the token using environment variables] */
async function gitHubToken(audience: string, { timeout, signal }: Limits): Promise<string> {
  const url = new URL(process.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '');
  url.searchParams.set('audience', audience);
  const request = createPipelineRequest({ url: url.href, timeout, abortSignal: signal });
  request.headers.set('Authorization', `Bearer ${process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? ''}`);
  request.headers.set('Accept', 'application/json');
  let reason: string;
  let remedy = 'Give the job `permissions: id-token: write`';
  try {
    const pipeline = createPipelineFromOptions({});
    const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
    const value: unknown = status === 200 ? JSON.parse(bodyAsText ?? '').value : undefined;
    if (typeof value === 'string') return value;
    reason = status === 200 ? 'an answer without a token' : `status ${status}`;
    if (isTransientStatus(status)) remedy = 'Run it again later';
  } catch (error) {
    signal.throwIfAborted();
    const { code, name } = error as NodeJS.ErrnoException;
    reason = name === 'AbortError' ? `no answer in ${timeout} ms` : (code ?? 'no readable answer');
    remedy = 'Check the network and the proxy settings, or raise `timeout`';
  }
  throw new VeritySignError('key', `GitHub issued no OIDC token for Azure (${reason})`, { remedy });
}
