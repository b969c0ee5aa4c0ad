/**
 * A contract server for Azure Key Vault, Managed HSM and Microsoft Entra ID, written from the REST
 * references because tests cannot use the real services. It refuses what they refuse, in their words.
 *
 * [learn.microsoft.com: rest/api/keyvault/keys (Get Key, Sign), rest/api/keyvault/certificates (Get
 * Certificate), key-vault/general/rest-error-codes, key-vault/general/authentication-requests-and-responses,
 * entra/identity-platform/v2-oauth2-client-creds-grant-flow, how-to-use-vm-token (IMDS)]
 */
import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CloudAnswer, CloudRequest, CloudService } from './cloud-network.ts';
import { derToP1363, signDigest } from './sign-digest.ts';

export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
export const CLIENT = 'fad7d5b3-69d6-4b48-9259-8d12124e1cf1';
export const CLIENT_SECRET = 'Xy8Q~contract.client.secret.value';
export const GITHUB_REQUEST_TOKEN = 'github-oidc-request-token-value';
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

const API_VERSIONS = ['7.4', '7.5', '7.6', '2025-07-01'];
const ALGORITHMS: Record<string, { kty: 'RSA' | 'EC'; bytes: number; hash: string; crv?: string }> = {
  RS256: { kty: 'RSA', bytes: 32, hash: 'sha256' },
  RS384: { kty: 'RSA', bytes: 48, hash: 'sha384' },
  RS512: { kty: 'RSA', bytes: 64, hash: 'sha512' },
  PS256: { kty: 'RSA', bytes: 32, hash: 'sha256' },
  PS384: { kty: 'RSA', bytes: 48, hash: 'sha384' },
  PS512: { kty: 'RSA', bytes: 64, hash: 'sha512' },
  ES256: { kty: 'EC', bytes: 32, hash: 'sha256', crv: 'P-256' },
  ES384: { kty: 'EC', bytes: 48, hash: 'sha384', crv: 'P-384' },
  ES512: { kty: 'EC', bytes: 64, hash: 'sha512', crv: 'P-521' },
};

export interface ContractKey {
  /** PEM files. */
  keyPath: string;
  certPath?: string;
  hsm?: boolean;
  operations?: string[];
  enabled?: boolean;
  /** Seconds since 1970. */
  nbf?: number;
  exp?: number;
}

export interface ContractVault {
  keys: Record<string, ContractKey>;
  /** Permissions of the identity: `keys/get`, `keys/sign`, `certificates/get`. */
  allowed: readonly string[];
  /** Roles (the default), or the vault's own access policy. */
  accessPolicy?: boolean;
  tenant?: string;
  /** A fault instead of an answer. */
  fault?: (request: CloudRequest) => CloudAnswer | undefined;
}

interface Token {
  audience: string;
  tenant: string;
  expires: number;
}

export class AzureContract {
  /** By host name. */
  readonly vaults: Record<string, ContractVault>;
  readonly tokens = new Map<string, Token>();
  /** Subjects and audiences of GitHub tokens that Entra ID knows. */
  federated = { audience: 'api://AzureADTokenExchange', ready: true };
  managedIdentity = false;
  metadataService = true;
  readonly #github = new Map<string, { audience: string }>();

  constructor(vaults: Record<string, ContractVault>) {
    this.vaults = vaults;
  }

  /** All hosts of this contract, by the names that clients use. */
  services(): Record<string, CloudService> {
    const vaults = Object.keys(this.vaults).map((host) => [
      host,
      (request: CloudRequest) => this.#vault(request),
    ]);
    return {
      ...(Object.fromEntries(vaults) as Record<string, CloudService>),
      'login.microsoftonline.com': (request) => this.#entra(request),
      'login.partner.microsoftonline.cn': (request) => this.#entra(request),
      'pipelines.actions.githubusercontent.com': (request) => this.#gitHub(request),
      '169.254.169.254': (request) => this.#metadata(request),
    };
  }

  issue(audience: string, seconds = 3600, tenant = TENANT): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const claims = { aud: audience, iss: `https://sts.windows.net/${tenant}/`, appid: CLIENT, exp: expires };
    const token = `${part({ typ: 'JWT', alg: 'RS256' })}.${part({ ...claims, jti: randomUUID() })}.c2lnbmF0dXJl`;
    this.tokens.set(token, { audience, tenant, expires });
    return token;
  }

  #entra({ host, method, path, query, headers, body }: CloudRequest): CloudAnswer {
    const authority = `https://${host}`;
    if (method === 'GET' && path === '/common/discovery/instance') {
      if (query.get('api-version') === null || query.get('authorization_endpoint') === null) {
        return oauthError(400, 'invalid_request', 'AADSTS900144: The request body must contain a parameter');
      }
      return json(200, {
        tenant_discovery_endpoint: `${authority}/${TENANT}/v2.0/.well-known/openid-configuration`,
        'api-version': '1.1',
        metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
      });
    }
    const [, tenant, ...rest] = path.split('/');
    if (tenant !== TENANT) {
      return oauthError(
        400,
        'invalid_tenant',
        `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID`,
      );
    }
    if (method === 'GET' && rest.join('/') === 'v2.0/.well-known/openid-configuration') {
      return json(200, {
        token_endpoint: `${authority}/${tenant}/oauth2/v2.0/token`,
        issuer: `${authority}/${tenant}/v2.0`,
        authorization_endpoint: `${authority}/${tenant}/oauth2/v2.0/authorize`,
        end_session_endpoint: `${authority}/${tenant}/oauth2/v2.0/logout`,
        jwks_uri: `${authority}/${tenant}/discovery/v2.0/keys`,
      });
    }
    if (method !== 'POST' || rest.join('/') !== 'oauth2/v2.0/token') return json(404, {});
    if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
      return oauthError(400, 'invalid_request', 'AADSTS900561: The endpoint only accepts POST requests');
    }
    return this.#token(new URLSearchParams(body.toString('utf8')), tenant, host);
  }

  #token(form: URLSearchParams, tenant: string, host: string): CloudAnswer {
    if (form.get('grant_type') !== 'client_credentials') {
      return oauthError(
        400,
        'unsupported_grant_type',
        'AADSTS70003: The app requested an unsupported grant type',
      );
    }
    if (form.get('client_id') !== CLIENT) {
      return oauthError(
        400,
        'unauthorized_client',
        `AADSTS700016: Application with identifier '${form.get('client_id')}' was not found in the directory 'Contract'`,
      );
    }
    const domain = host.endsWith('.cn') ? 'azure.cn' : 'azure.net';
    const audience = /^(https:\/\/(?:vault|managedhsm)\.[a-z.]+)\/\.default$/.exec(
      form.get('scope')?.split(' ')[0] ?? '',
    )?.[1];
    if (audience === undefined || !audience.endsWith(`.${domain}`)) {
      return oauthError(
        400,
        'invalid_resource',
        `AADSTS500011: The resource principal named ${form.get('scope')} was not found in the tenant named Contract`,
      );
    }
    const assertion = form.get('client_assertion');
    if (assertion === null) {
      if (form.get('client_secret') === CLIENT_SECRET) return this.#granted(audience, tenant);
      return oauthError(
        401,
        'invalid_client',
        `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'.`,
      );
    }
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      return oauthError(400, 'invalid_request', 'AADSTS900144: client_assertion_type');
    }
    const presented = this.#github.get(assertion);
    if (presented === undefined) {
      return oauthError(
        401,
        'invalid_client',
        'AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-01-01T01:00:00.0000000Z, assertion valid from 2026-01-01T00:00:00.0000000Z, expiry time of assertion 2026-01-01T00:05:00.0000000Z.',
      );
    }
    if (presented.audience !== this.federated.audience) {
      return oauthError(
        400,
        'invalid_request',
        `AADSTS700212: No matching federated identity record found for presented assertion audience '${presented.audience}'.`,
      );
    }
    if (!this.federated.ready) {
      return oauthError(
        401,
        'invalid_client',
        "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:acme/app:ref:refs/heads/main'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
      );
    }
    return this.#granted(audience, tenant);
  }

  #granted(audience: string, tenant: string): CloudAnswer {
    const access_token = this.issue(audience, 3599, tenant);
    return json(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token });
  }

  #gitHub({ method, query, headers }: CloudRequest): CloudAnswer {
    if (headers.authorization?.toLowerCase() !== `bearer ${GITHUB_REQUEST_TOKEN}`)
      return json(401, { message: 'Unauthorized' });
    if (method !== 'GET' || query.get('api-version') !== '2.0') return json(400, { message: 'Bad request' });
    const audience = query.get('audience') ?? GITHUB_ISSUER;
    const value = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ aud: audience, jti: randomUUID() })).toString('base64url')}.c2ln`;
    this.#github.set(value, { audience });
    return json(200, { count: 1, value });
  }

  #metadata({ path, query, headers }: CloudRequest): CloudAnswer {
    if (!this.metadataService) return 'silence';
    const wrong = (error_description: string) => json(400, { error: 'invalid_request', error_description });
    if (path !== '/metadata/identity/oauth2/token') return json(404, {});
    if (headers.metadata !== 'true') return wrong('Required metadata header not specified');
    if (!this.managedIdentity) return wrong('Identity not found');
    const resource = query.get('resource') ?? '';
    if (query.get('api-version') !== '2018-02-01' || resource === '')
      return wrong('Required query variable missing');
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    return json(200, {
      access_token: this.issue(resource),
      expires_in: '3600',
      expires_on,
      resource,
      token_type: 'Bearer',
    });
  }

  async #vault(request: CloudRequest): Promise<CloudAnswer> {
    const { host, method, path, query, headers } = request;
    const vault = this.vaults[host];
    if (vault === undefined) throw new Error(`no vault ${host}`);
    const service = host.split('.').slice(1).join('.');
    const resource = `https://${service}`;
    const challenge = (message: string): CloudAnswer => ({
      ...{ status: 401, json: { error: { code: 'Unauthorized', message } } },
      headers: {
        'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${vault.tenant ?? TENANT}", resource="${resource}"`,
      },
    });
    const [scheme, value = ''] = (headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer') {
      // A client holds the body of its first request back; those that it sends meanwhile overtake it.
      await new Promise((done) => setTimeout(done, request.body.length === 0 ? 150 : 0));
      return challenge('AKV10000: Request is missing a Bearer or PoP token.');
    }
    const token = this.tokens.get(value);
    if (token === undefined || token.expires * 1000 < Date.now()) {
      return challenge("[TokenExpired] Error validating token: 'S2S12086'.");
    }
    if (token.audience !== resource)
      return challenge(`AKV10022: Invalid audience. Expected ${resource}, found: ${token.audience}.`);
    const fault = vault.fault?.(request);
    if (fault !== undefined) return fault;
    const version = query.get('api-version');
    if (version === null || !API_VERSIONS.includes(version)) {
      return problem(400, 'BadParameter', `AKV10001: The specified version (${version}) is not recognized.`);
    }
    const [, collection, name = '', keyVersion, verb, ...more] = path.split('/');
    if (more.length > 0) return problem(404, 'NotFound', 'Not found');
    if (method === 'GET' && collection === 'keys' && verb === undefined)
      return this.#getKey(vault, host, name, keyVersion);
    if (
      method === 'GET' &&
      collection === 'certificates' &&
      verb === undefined &&
      !service.startsWith('managedhsm')
    ) {
      return this.#getCertificate(vault, host, name, keyVersion);
    }
    if (method === 'POST' && collection === 'keys' && verb === 'sign')
      return this.#sign(vault, request, name, keyVersion);
    return problem(404, 'NotFound', 'Not found');
  }

  #getKey(vault: ContractVault, host: string, name: string, version?: string): CloudAnswer {
    const denied = refusal(vault, host, 'keys/get', 'keys/read');
    if (denied !== undefined) return denied;
    const key = vault.keys[name];
    if (key === undefined || (version !== undefined && version !== '' && version !== keyVersionOf(name)))
      return keyNotFound(name);
    const { kty, n, e, crv, x, y } = createPublicKey(readFileSync(key.keyPath)).export({ format: 'jwk' });
    const kid = `https://${host}/keys/${name}/${keyVersionOf(name)}`;
    const curve = crv === 'secp256k1' ? 'P-256K' : crv;
    const key_ops = key.operations ?? ['sign', 'verify'];
    return json(200, {
      key: { kid, kty: key.hsm === true ? `${kty}-HSM` : kty, key_ops, n, e, crv: curve, x, y },
      attributes: {
        enabled: key.enabled ?? true,
        ...(key.nbf !== undefined && { nbf: key.nbf }),
        ...(key.exp !== undefined && { exp: key.exp }),
        ...{
          created: 1_700_000_000,
          updated: 1_700_000_000,
          recoveryLevel: 'Recoverable+Purgeable',
          recoverableDays: 90,
          exportable: false,
        },
      },
    });
  }

  #getCertificate(vault: ContractVault, host: string, name: string, version = ''): CloudAnswer {
    const denied = refusal(vault, host, 'certificates/get', 'certificates/read');
    if (denied !== undefined) return denied;
    const path = vault.keys[name]?.certPath;
    if (path === undefined || (version !== '' && version !== keyVersionOf(name))) {
      return problem(
        404,
        'CertificateNotFound',
        `A certificate with (name/id) ${name}/${version} was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command.`,
      );
    }
    const cer = readFileSync(path, 'utf8').replaceAll(/-----[A-Z ]+-----|\s/g, '');
    const id = (kind: string) => `https://${host}/${kind}/${name}/${keyVersionOf(name)}`;
    return json(200, {
      ...{ id: id('certificates'), kid: id('keys'), sid: id('secrets'), cer },
      x5t: createHash('sha1').update(Buffer.from(cer, 'base64')).digest('base64url'),
      attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000 },
    });
  }

  async #sign(
    vault: ContractVault,
    { host, headers, body }: CloudRequest,
    name: string,
    version?: string,
  ): Promise<CloudAnswer> {
    const denied = refusal(vault, host, 'keys/sign', 'keys/sign/action');
    if (denied !== undefined) return denied;
    const key = vault.keys[name];
    if (key === undefined || (version !== undefined && version !== '' && version !== keyVersionOf(name)))
      return keyNotFound(name);
    if (headers['content-type']?.startsWith('application/json') !== true) {
      return problem(415, 'BadParameter', 'The Content-Type is not supported.');
    }
    const now = Date.now() / 1000;
    const state =
      key.enabled === false
        ? ['KeyDisabled', 'a disabled']
        : (key.exp ?? now) < now
          ? ['KeyExpired', 'an expired']
          : undefined;
    if (state !== undefined)
      return forbidden(`Operation sign is not allowed on ${state[1]} key.`, state[0] ?? '');
    if (key.operations?.includes('sign') === false) {
      return forbidden('Operation sign is not permitted on this key.', 'KeyOperationForbidden');
    }
    let parsed: { alg?: string; value?: string };
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      return problem(400, 'BadParameter', 'The request body is not valid JSON.');
    }
    const { alg = '', value = '' } = parsed;
    const algorithm = ALGORITHMS[alg];
    if (algorithm === undefined)
      return problem(400, 'BadParameter', `AKV10033: Property alg has invalid value ${alg}.`);
    const privateKey = createPrivateKey(readFileSync(key.keyPath));
    const { crv } = createPublicKey(privateKey).export({ format: 'jwk' });
    const kty = privateKey.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC';
    if (kty !== algorithm.kty || crv !== algorithm.crv) {
      return problem(
        400,
        'BadParameter',
        `Key and signing algorithm are incompatible. Key https://${host}/keys/${name}/${keyVersionOf(name)} is of type ${kty}, and algorithm ${alg} can only be used with a key of type '${algorithm.kty}' or '${algorithm.kty}-HSM'.`,
      );
    }
    const digest = Buffer.from(value, 'base64url');
    if (!/^[\w-]*$/.test(value) || digest.length !== algorithm.bytes) {
      return problem(
        400,
        'BadParameter',
        `Invalid length of 'value': ${digest.length} bytes. ${alg} requires ${algorithm.bytes} bytes, encoded with base64url.`,
      );
    }
    const padding = kty === 'EC' ? 'none' : alg.startsWith('PS') ? 'pss' : 'pkcs1';
    const der = await signDigest(key.keyPath, digest, padding, algorithm.hash);
    const signature =
      kty === 'EC' ? derToP1363(der, algorithm.hash === 'sha512' ? 66 : algorithm.bytes) : der;
    return json(200, {
      kid: `https://${host}/keys/${name}/${keyVersionOf(name)}`,
      value: signature.toString('base64url'),
    });
  }
}

/** As a vault writes versions: 32 hexadecimal digits. */
export function keyVersionOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

function refusal(
  vault: ContractVault,
  host: string,
  permission: string,
  action: string,
): CloudAnswer | undefined {
  if (vault.allowed.includes(permission)) return undefined;
  const caller = `appid=${CLIENT};oid=3975aeed-7d08-453b-b6f4-445f32698091;iss=https://sts.windows.net/${TENANT}/`;
  const name = host.split('.')[0];
  if (host.includes('.managedhsm.')) {
    return problem(
      403,
      'Forbidden',
      `Caller is not authorized to perform action on resource. Caller: ${caller}, Action: 'Microsoft.KeyVault/managedHsm/${action}'`,
    );
  }
  if (vault.accessPolicy === true) {
    const words = permission.replace('/', ' ');
    return forbidden(
      `The user, group or application '${caller}' does not have ${words} permission on key vault '${name};location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
      'AccessDenied',
    );
  }
  return forbidden(
    [
      'Caller is not authorized to perform action on resource.',
      'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
      `Caller: ${caller}`,
      `Action: 'Microsoft.KeyVault/vaults/${action}'`,
      `Resource: '/subscriptions/0/resourcegroups/rg/providers/microsoft.keyvault/vaults/${name}/keys'`,
      ...[
        'Assignment: (not found)',
        'DenyAssignmentId: null',
        'DecisionReason: null ',
        `Vault: ${name};location=westeurope`,
        '',
      ],
    ].join('\r\n'),
    'ForbiddenByRbac',
  );
}

export function forbidden(message: string, inner: string): CloudAnswer {
  return json(403, { error: { code: 'Forbidden', message, innererror: { code: inner } } });
}

export function throttled(headers: Record<string, string> = {}): CloudAnswer {
  const message =
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached';
  return { status: 429, json: { error: { code: 'Throttled', message } }, headers };
}

function keyNotFound(name: string): CloudAnswer {
  return problem(
    404,
    'KeyNotFound',
    `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );
}

export function problem(status: number, code: string, message: string): CloudAnswer {
  return json(status, { error: { code, message } });
}

function oauthError(status: number, error: string, description: string): CloudAnswer {
  const error_codes = [Number(/AADSTS(\d+)/.exec(description)?.[1])];
  const trace = ` Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()} Timestamp: 2026-01-01 00:00:00Z`;
  return json(status, {
    error,
    error_description: description + trace,
    error_codes,
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  });
}

function json(status: number, body: unknown): CloudAnswer {
  return { status, json: body };
}
