import { createPublicKey, type KeyObject } from 'node:crypto';
import { startService } from './service-process.ts';

/** HashiCorp Vault's own core with its transit engine, in memory; see scripts/tools/vault. */
export interface VaultServer {
  /** `127.0.0.1:PORT` */
  host: string;
  rootToken: string;
  /** Sends a request with the root token, over plain HTTP. @returns `data`, or `auth` if there is one. */
  call(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>;
  /** Makes a key of the engine mounted at `transit`; its public key unless it is symmetric or Ed25519. */
  createKey(name: string, type: string): Promise<KeyObject | undefined>;
  /** Public key of the latest version. */
  publicKey(name: string): Promise<KeyObject | undefined>;
  /** A token with one policy; `rules` in HCL. */
  createToken(rules: string, ttl?: string): Promise<string>;
  stop(): Promise<void>;
}

/** @param tls PEM files: then it serves HTTPS, and `call` and what needs it cannot be used. */
export async function startVault(tls?: { cert: string; key: string }): Promise<VaultServer> {
  const argv = tls === undefined ? [] : ['--tls-cert', tls.cert, '--tls-key', tls.key];
  const service = await startService('vault-dev-server', argv);
  const [host = '', rootToken = ''] = service.line.split(' ');
  const call: VaultServer['call'] = async (path, body, method) => {
    const response = await fetch(`http://${host}/v1/${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'x-vault-token': rootToken },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${text}`);
    const answer = (text === '' ? {} : JSON.parse(text)) as Record<string, Record<string, unknown> | null>;
    return answer.auth ?? answer.data ?? {};
  };
  const publicKey = async (name: string): Promise<KeyObject | undefined> => {
    const { keys, latest_version: latest } = (await call(`transit/keys/${name}`)) as {
      keys: Record<string, { public_key?: string }>;
      latest_version: number;
    };
    const pem = keys[String(latest)]?.public_key;
    return pem?.startsWith('-----') ? createPublicKey(pem) : undefined;
  };
  let policies = 0;
  if (tls === undefined) await call('sys/mounts/transit', { type: 'transit' });
  return {
    host,
    rootToken,
    call,
    publicKey,
    createKey: async (name, type) => {
      await call(`transit/keys/${name}`, { type });
      return publicKey(name);
    },
    createToken: async (rules, ttl = '1h') => {
      const policy = `policy-${policies++}`;
      await call(`sys/policies/acl/${policy}`, { policy: rules });
      const { client_token: token } = await call('auth/token/create', { policies: [policy], ttl });
      return String(token);
    },
    stop: service.stop,
  };
}
