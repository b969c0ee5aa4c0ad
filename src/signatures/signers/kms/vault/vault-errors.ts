import { VeritySignError } from '../../../../errors.ts';
import { HttpError, type HttpFailure } from '../../../../lib/http/errors.ts';
import { isSealed, VaultAnswer, type VaultClient } from './vault-client.ts';

/** A request to Vault: the path below `/v1/`, and the capability that a policy must give there. */
export interface VaultCall {
  path: string;
  capability: 'read' | 'update';
  /** Name of the transit key. */
  key: string;
  body?: unknown;
}

/**
 * Calls Vault and turns a failure into a message for the user.
 * @returns `data` of the answer.
 * @throws VeritySignError 'key', or the reason of an abort.
 */
export async function callVault(vault: VaultClient, call: VaultCall, signal: AbortSignal): Promise<unknown> {
  try {
    return await vault.call(call.path, call.body);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpError) throw connectionError(vault, error);
    if (!(error instanceof VaultAnswer)) throw error;
    const token = error.status === 403 ? await tokenState(vault, error) : 'valid';
    signal.throwIfAborted();
    if (token === 'invalid') {
      throw failure(
        'Vault does not accept the token: it has expired, was revoked or belongs to another server or namespace',
        'Get a new one and set VAULT_TOKEN; in a workflow, run hashicorp/vault-action earlier in the same job',
        error,
      );
    }
    throw answerError(vault, call, error, token);
  }
}

type TokenState = 'valid' | 'invalid' | 'unknown';

/**
 * Vault answers 403 both to invalid tokens and to valid ones without the capability, some versions in the
 * same words. Looking the token up needs a capability as well, which the policy `default` gives.
 */
async function tokenState(vault: VaultClient, denial: VaultAnswer): Promise<TokenState> {
  const isInvalid = ({ said }: VaultAnswer): boolean => /invalid token/i.test(said);
  if (isInvalid(denial)) return 'invalid';
  return vault.call('auth/token/lookup-self').then(
    () => 'valid',
    (error: unknown) => (error instanceof VaultAnswer && isInvalid(error) ? 'invalid' : 'unknown'),
  );
}

function answerError(
  vault: VaultClient,
  call: VaultCall,
  answer: VaultAnswer,
  token: TokenState,
): VeritySignError {
  const { path, capability, key } = call;
  const { status, said, redirect } = answer;
  const detail = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (redirect !== undefined) {
    return failure(
      `Vault redirects to ${redirect}, where the token is not sent`,
      `Set VAULT_ADDR to ${redirect}, if that is your Vault`,
      answer,
    );
  }
  if (status === 403) {
    const otherwise =
      token === 'valid'
        ? ''
        : '. If a policy has it already, the token has expired or was revoked: get a new one';
    return failure(
      `the Vault token lacks the capability ${capability} on ${path}`,
      `Add to a policy of the token: path "${path}" { capabilities = ["${capability}"] }${otherwise}`,
      answer,
    );
  }
  if (status === 404) {
    return failure(
      `Vault has no transit key ${key} at ${vault.settings.mount} (${detail})`,
      'Check the name of the key, TRANSIT_SECRET_ENGINE_PATH and VAULT_NAMESPACE',
      answer,
    );
  }
  if (isSealed(answer)) return failure('Vault is sealed', 'Unseal it, then run again', answer);
  if (status === 429) {
    return failure(`Vault still limits the rate of requests (${detail})`, 'Lower `concurrency`', answer);
  }
  return status >= 500
    ? failure(`Vault failed at ${path} (${detail})`, 'Run it again later', answer)
    : failure(`Vault refuses ${path} (${detail})`, 'Check the key', answer);
}

const REMEDIES: Readonly<Partial<Record<HttpFailure, string>>> = {
  timeout: 'Check the server, or raise `timeout`',
  certificate: "Set VAULT_CACERT to the PEM file of the server's CA",
};

function connectionError({ settings }: VaultClient, error: HttpError): VeritySignError {
  const remedy = error.remedy ?? REMEDIES[error.failure] ?? 'Check VAULT_ADDR and the network';
  return failure(`Vault at ${settings.address.host} ${error.message}`, remedy, error);
}

/** The cause holds no request, and so no token. */
function failure(message: string, remedy: string, cause: unknown): VeritySignError {
  return new VeritySignError('key', message, { remedy, cause });
}
