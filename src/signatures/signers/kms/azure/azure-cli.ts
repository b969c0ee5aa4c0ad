import {
  type AccessToken,
  CredentialUnavailableError,
  type GetTokenOptions,
  type TokenCredential,
} from '@azure/identity';
import { networkEnvironment } from '../../../../lib/process/environment.ts';
import { run, ToolError } from '../../../../lib/process/run.ts';

const VARIABLES = [
  'AZURE_CONFIG_DIR',
  'AZURE_EXTENSION_DIR',
  'AZURE_HTTP_USER_AGENT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
] as const;
const TOKEN_BYTES = 1024 * 1024;

/**
 * Tokens from `az account get-access-token` for the account that is logged in, for example by azure/login.
 * The SDK's own class would give `az` the whole environment, through a shell.
 */
export class AzureCliCredential implements TokenCredential {
  readonly #timeout: number;
  readonly #signal: AbortSignal;

  constructor(timeout: number, signal: AbortSignal) {
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** @throws CredentialUnavailableError if the CLI is missing, logged out or cannot renew its login. */
  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    const resource = [scopes].flat()[0]?.replace(/\/\.default$/, '') ?? '';
    const argv = ['az', 'account', 'get-access-token', '--output', 'json', '--resource', resource];
    if (options.tenantId !== undefined) argv.push('--tenant', options.tenantId);
    try {
      const { stdout } = await run(argv, {
        env: environment(),
        timeout: this.#timeout,
        signal: this.#signal,
        maxOutput: TOKEN_BYTES,
      });
      return readToken(stdout.toString('utf8'));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new CredentialUnavailableError(`Azure CLI: ${reason(error)}`);
    }
  }
}

function environment(): Record<string, string> {
  const env = networkEnvironment();
  for (const name of VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** `expires_on` has seconds since 1970; CLIs before 2.54 have only a local time. */
function readToken(output: string): AccessToken {
  let answer: { accessToken?: unknown; expires_on?: unknown; expiresOn?: unknown };
  try {
    answer = JSON.parse(output);
  } catch {
    throw new CredentialUnavailableError('Azure CLI: its answer is not JSON');
  }
  const { accessToken, expires_on, expiresOn } = answer;
  const expires = Number(expires_on) * 1000 || Date.parse(String(expiresOn));
  if (typeof accessToken !== 'string' || accessToken === '' || !Number.isFinite(expires)) {
    throw new CredentialUnavailableError('Azure CLI: its answer lacks a token or its expiry');
  }
  return { token: accessToken, expiresOnTimestamp: expires, tokenType: 'Bearer' };
}

/** The text on standard error is not passed on: it may hold a secret. */
function reason({ message, stderr, timedOut }: ToolError): string {
  if (message.endsWith('is not installed')) return 'az is not installed';
  if (timedOut) return 'az did not answer in time';
  const code = /AADSTS\d+/.exec(stderr)?.[0];
  if (code !== undefined) return `the login cannot be renewed (${code})`;
  return /az login/.test(stderr) ? 'az is not logged in' : 'az could not get a token';
}
