import { join } from 'node:path';
import { VeritySignError } from '../../../../errors.ts';
import { homeFolder } from '../../../../lib/process/environment.ts';
import { readGiven } from '../../../../lib/read-given.ts';

/** The address of Vault, the token, and the path of its transit engine. */
export interface VaultSettings {
  address: URL;
  token: string;
  namespace: string | undefined;
  /** PEM: trusted instead of the system's roots. */
  ca: string | undefined;
  /** Mount path of the transit engine, ready for a URL, without slashes at its ends. */
  mount: string;
}

/**
 * Settings as the vault CLI and cosign have them: VAULT_ADDR, VAULT_TOKEN (else the file that `vault login`
 * writes), VAULT_NAMESPACE, VAULT_CACERT, TRANSIT_SECRET_ENGINE_PATH (default `transit`).
 * @param env Variables that were taken out of the process environment at start; they take precedence.
 * @throws VeritySignError 'key'
 */
export async function readVaultSettings(env: Readonly<Record<string, string>>): Promise<VaultSettings> {
  const setting = (name: string): string | undefined => {
    const captured = Object.hasOwn(env, name) ? env[name] : undefined;
    return (captured ?? process.env[name])?.trim() || undefined;
  };
  const mount = setting('TRANSIT_SECRET_ENGINE_PATH') ?? 'transit';
  return {
    address: parseAddress(setting('VAULT_ADDR')),
    token: checkToken(setting('VAULT_TOKEN') ?? (await storedToken())),
    namespace: checkNamespace(setting('VAULT_NAMESPACE')),
    ca: await readCa(setting('VAULT_CACERT')),
    mount: mount.split('/').filter(Boolean).map(encodeURIComponent).join('/'),
  };
}

function parseAddress(text: string | undefined): URL {
  const remedy = 'Set VAULT_ADDR to the URL of the server, such as https://vault.example:8200';
  if (text === undefined) throw new VeritySignError('key', 'VAULT_ADDR is not set', { remedy });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new VeritySignError('key', 'VAULT_ADDR is not the URL of an HTTP server', { remedy });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new VeritySignError('key', 'VAULT_ADDR may have only scheme, host, port and path', { remedy });
  }
  return url;
}

/** The token becomes a header. */
function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new VeritySignError('key', 'the Vault token is not a single word of printable characters', {
    remedy: 'Set VAULT_TOKEN to the token only',
  });
}

/** The namespace becomes a header. */
function checkNamespace(namespace: string | undefined): string | undefined {
  if (namespace === undefined || /^[\x20-\x7e]+$/.test(namespace)) return namespace;
  throw new VeritySignError('key', 'VAULT_NAMESPACE is not a path of printable ASCII characters', {
    remedy: 'Set it to the path of the namespace only, such as teams/release',
  });
}

async function storedToken(): Promise<string> {
  const token = await readGiven(join(homeFolder(), '.vault-token')).then(String, () => '');
  if (token.trim() !== '') return token.trim();
  throw new VeritySignError('key', 'no Vault token was found', {
    remedy: 'Set VAULT_TOKEN, or log in with the vault or bao CLI',
  });
}

async function readCa(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readGiven(path)).toString();
  } catch (cause) {
    throw new VeritySignError('key', 'the file that VAULT_CACERT names cannot be read', {
      remedy: "Set VAULT_CACERT to the PEM file of the server's CA",
      cause,
    });
  }
}
