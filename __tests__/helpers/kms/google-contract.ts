/**
 * A contract server for Google Cloud KMS, Security Token Service and IAM Credentials, written from the
 * REST references because tests cannot use the real services. It refuses what they refuse.
 *
 * [cloud.google.com: kms/docs/reference/rest/v1 (getPublicKey, asymmetricSign, testIamPermissions,
 * CryptoKeyVersionAlgorithm), kms/docs/data-integrity-guidelines, iam/docs/reference/sts/rest/v1/TopLevel/token,
 * iam/docs/reference/credentials/rest (generateAccessToken), apis/design/errors; RFC 7523 for service accounts]
 */
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32c } from '../../../src/lib/crc32c.ts';
import type { CloudAnswer, CloudRequest, CloudService } from './cloud-network.ts';
import { signDigest } from './sign-digest.ts';

export const KEY_RING = 'projects/acme-release/locations/europe-west3/keyRings/signing';
export const PROVIDER =
  '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github/providers/acme';
export const SERVICE_ACCOUNT = 'signer@acme-release.iam.gserviceaccount.com';
export const GITHUB_REQUEST_TOKEN = 'github-oidc-request-token-value';
const CLOUD_KMS_SCOPES = [
  'https://www.googleapis.com/auth/cloudkms',
  'https://www.googleapis.com/auth/cloud-platform',
];
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const VIEW = 'cloudkms.cryptoKeyVersions.viewPublicKey';
const SIGN = 'cloudkms.cryptoKeyVersions.useToSign';

export interface GoogleKey {
  /** PEM file. */
  keyPath: string;
  algorithm: string;
  state?: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  /** Default: both. */
  allowed?: readonly string[];
  /** A fault for requests for this key. */
  fault?: (request: CloudRequest) => CloudAnswer | undefined;
  /** Changes an answer on the way. */
  change?: (json: Record<string, unknown>, request: CloudRequest) => Record<string, unknown>;
}

export class GoogleContract {
  /** By the name of the crypto key; each has version 1. */
  readonly keys: Record<string, GoogleKey>;
  readonly tokens = new Map<string, { scopes: string[]; expires: number }>();
  providerRefuses = false;
  impersonationAllowed = true;
  metadataServer = false;
  serviceEnabled = true;
  /** PEM of service accounts that IAM knows, by email address. */
  serviceAccounts: Record<string, string> = {};
  readonly #github = new Set<string>();

  constructor(keys: Record<string, GoogleKey>) {
    this.keys = keys;
  }

  services(): Record<string, CloudService> {
    return {
      'cloudkms.googleapis.com': (request) => this.#kms(request),
      'sts.googleapis.com': (request) => this.#sts(request),
      'iamcredentials.googleapis.com': (request) => this.#impersonate(request),
      'oauth2.googleapis.com': (request) => this.#serviceAccount(request),
      'pipelines.actions.githubusercontent.com': (request) => this.#gitHub(request),
    };
  }

  issue(scopes: string[], seconds = 3600): string {
    const token = `ya29.c.contract-${randomUUID()}`;
    this.tokens.set(token, { scopes, expires: Date.now() + seconds * 1000 });
    return token;
  }

  #gitHub({ method, query, headers }: CloudRequest): CloudAnswer {
    if (headers.authorization !== `Bearer ${GITHUB_REQUEST_TOKEN}`)
      return json(401, { message: 'Unauthorized' });
    if (method !== 'GET' || query.get('audience') === null) return json(400, { message: 'Bad request' });
    const value = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ aud: query.get('audience'), jti: randomUUID() })).toString('base64url')}.c2ln`;
    this.#github.add(value);
    return json(200, { count: 1, value });
  }

  #sts({ method, path, headers, body }: CloudRequest): CloudAnswer {
    if (method !== 'POST' || path !== '/v1/token') return json(404, {});
    const form = bodyOf(headers['content-type'], body);
    const wrong = (error: string, error_description: string) => json(400, { error, error_description });
    if (form.grant_type !== TOKEN_EXCHANGE) return wrong('invalid_request', 'Invalid grant_type.');
    if (form.audience !== PROVIDER)
      return wrong('invalid_target', 'The target service indicated by the "audience" parameters is invalid.');
    if (form.requested_token_type !== 'urn:ietf:params:oauth:token-type:access_token')
      return wrong('invalid_request', 'Invalid requested_token_type.');
    if (form.subject_token_type !== 'urn:ietf:params:oauth:token-type:jwt')
      return wrong('invalid_request', 'Invalid subject_token_type.');
    if (!this.#github.has(form.subject_token ?? ''))
      return wrong('invalid_grant', 'ID Token issued at 0 is stale to sign-in.');
    if (this.providerRefuses)
      return wrong('unauthorized_client', 'The given credential is rejected by the attribute condition.');
    const access_token = this.issue((form.scope ?? '').split(' '));
    return json(200, {
      access_token,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3600,
    });
  }

  #impersonate({ method, path, headers, body }: CloudRequest): CloudAnswer {
    if (method !== 'POST' || path !== `/v1/projects/-/serviceAccounts/${SERVICE_ACCOUNT}:generateAccessToken`)
      return json(404, {});
    const denied = this.#authorize(headers.authorization, ['https://www.googleapis.com/auth/cloud-platform']);
    if (denied !== undefined) return denied;
    if (!this.impersonationAllowed) {
      return problem(
        403,
        'PERMISSION_DENIED',
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
        'IAM_PERMISSION_DENIED',
      );
    }
    const { scope } = JSON.parse(body.toString('utf8')) as { scope?: string[] };
    if (!Array.isArray(scope) || scope.length === 0)
      return problem(400, 'INVALID_ARGUMENT', 'Scope required.');
    const expireTime = new Date(Date.now() + 3600_000).toISOString();
    return json(200, { accessToken: this.issue(scope), expireTime });
  }

  #serviceAccount({ method, path, headers, body }: CloudRequest): CloudAnswer {
    if (method !== 'POST' || path !== '/token') return json(404, {});
    const form = bodyOf(headers['content-type'], body);
    if (form.grant_type !== JWT_BEARER)
      return json(400, { error: 'unsupported_grant_type', error_description: 'Invalid grant_type' });
    const [head = '', claims = '', signature = ''] = (form.assertion ?? '').split('.');
    const { iss, scope, aud } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<
      string,
      string
    >;
    const key = this.serviceAccounts[iss ?? ''];
    if (key === undefined)
      return json(400, { error: 'invalid_grant', error_description: 'Invalid grant: account not found' });
    const holds = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(key),
      Buffer.from(signature, 'base64url'),
    );
    if (!holds || aud !== 'https://oauth2.googleapis.com/token') {
      return json(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
    }
    return json(200, {
      access_token: this.issue((scope ?? '').split(' ')),
      expires_in: 3599,
      token_type: 'Bearer',
    });
  }

  #authorize(header: string | undefined, scopes: readonly string[]): CloudAnswer | undefined {
    const [scheme, value = ''] = (header ?? '').split(' ');
    const token = scheme === 'Bearer' ? this.tokens.get(value) : undefined;
    if (token === undefined || token.expires < Date.now()) {
      return problem(
        401,
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
        'ACCESS_TOKEN_EXPIRED',
      );
    }
    if (scopes.some((scope) => token.scopes.includes(scope))) return undefined;
    return problem(
      403,
      'PERMISSION_DENIED',
      'Request had insufficient authentication scopes.',
      'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    );
  }

  async #kms(request: CloudRequest): Promise<CloudAnswer> {
    const { method, path, headers, body } = request;
    const denied = this.#authorize(headers.authorization, CLOUD_KMS_SCOPES);
    if (denied !== undefined) return denied;
    if (!this.serviceEnabled) {
      return problem(
        403,
        'PERMISSION_DENIED',
        'Cloud Key Management Service (KMS) API has not been used in project acme-release before or it is disabled.',
        'SERVICE_DISABLED',
      );
    }
    const parts =
      /^\/v1\/(.+)\/cryptoKeys\/([\w-]+)(?:\/cryptoKeyVersions\/(\d+))?(\/publicKey|:asymmetricSign|:testIamPermissions)$/.exec(
        path,
      );
    if (parts === null) return problem(404, 'NOT_FOUND', 'Requested entity was not found.');
    const [, ring = '', id = '', version, verb = ''] = parts;
    const key = ring === KEY_RING ? this.keys[id] : undefined;
    const name = `${ring}/cryptoKeys/${id}/cryptoKeyVersions/${version}`;
    const allowed = key?.allowed ?? [VIEW, SIGN];
    const refuse = (permission: string) =>
      problem(
        403,
        'PERMISSION_DENIED',
        `Permission '${permission}' denied on resource '${name}' (or it may not exist).`,
        'IAM_PERMISSION_DENIED',
      );
    const fault = key?.fault?.(request);
    if (fault !== undefined) return fault;
    const input = method === 'POST' ? (JSON.parse(body.toString('utf8')) as Record<string, unknown>) : {};
    if (verb === ':testIamPermissions' && method === 'POST' && version === undefined) {
      const { permissions = [] } = input as { permissions?: string[] };
      const granted = permissions.filter((one) => allowed.includes(one));
      // An empty list is left out, as everywhere in Google's JSON.
      return json(200, granted.length === 0 ? {} : { permissions: granted });
    }
    if (version === undefined) return problem(404, 'NOT_FOUND', 'Requested entity was not found.');
    const permission =
      verb === '/publicKey' && method === 'GET'
        ? VIEW
        : verb === ':asymmetricSign' && method === 'POST'
          ? SIGN
          : undefined;
    if (permission === undefined) return problem(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (key === undefined) return refuse(permission);
    if (!allowed.includes(permission)) return refuse(permission);
    if (version !== '1') return problem(404, 'NOT_FOUND', `CryptoKeyVersion ${name} not found.`);
    const { state = 'ENABLED' } = key;
    if (state !== 'ENABLED') {
      return problem(400, 'FAILED_PRECONDITION', `${name} is not enabled, current state is: ${state}.`);
    }
    const answer = permission === VIEW ? publicKey(key, name) : await sign(key, name, input);
    if (typeof answer === 'string' || answer.status !== 200 || key.change === undefined) return answer;
    return json(200, key.change(answer.json as Record<string, unknown>, request));
  }
}

/** The credential file that google-github-actions/auth writes, with a service account or without. */
export function externalAccount(options: { impersonate?: boolean; requestToken?: string }): object {
  const { impersonate = false, requestToken = GITHUB_REQUEST_TOKEN } = options;
  const audience = encodeURIComponent(`https:${PROVIDER}`);
  return {
    ...{ type: 'external_account', audience: PROVIDER, universe_domain: 'googleapis.com' },
    ...{
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
    },
    credential_source: {
      url: `https://pipelines.actions.githubusercontent.com/x/oidctoken?api-version=2.0&audience=${audience}`,
      headers: { Authorization: `Bearer ${requestToken}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...(impersonate && {
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${SERVICE_ACCOUNT}:generateAccessToken`,
    }),
  };
}

function publicKey(key: GoogleKey, name: string): CloudAnswer {
  const pem = createPublicKey(readFileSync(key.keyPath)).export({ format: 'pem', type: 'spki' }) as string;
  const { algorithm } = key;
  return json(200, {
    pem,
    algorithm,
    pemCrc32c: String(crc32c(Buffer.from(pem))),
    name,
    protectionLevel: 'HSM',
  });
}

interface SignInput {
  digest?: Record<string, string>;
  digestCrc32c?: string;
  data?: string;
  dataCrc32c?: string;
}

async function sign(key: GoogleKey, name: string, input: SignInput): Promise<CloudAnswer> {
  const { digest, digestCrc32c, data, dataCrc32c } = input;
  const wrong = (message: string) => problem(400, 'INVALID_ARGUMENT', message);
  const unknown = Object.keys(input).find(
    (field) => !['digest', 'digestCrc32c', 'data', 'dataCrc32c'].includes(field),
  );
  if (unknown !== undefined)
    return wrong(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
  if (digest !== undefined && data !== undefined) return wrong('Only one of digest and data may be set.');
  const raw = key.algorithm.startsWith('RSA_SIGN_RAW_');
  if (raw !== (data !== undefined))
    return wrong(`The key version's algorithm ${key.algorithm} needs ${raw ? 'data' : 'a digest'}.`);
  const hash = /_SHA(256|384|512)$/.exec(key.algorithm)?.[1];
  const [field = '', ...others] = Object.keys(digest ?? {});
  if (digest !== undefined && (others.length > 0 || field !== `sha${hash}`)) {
    return wrong(`The digest type does not match the key version's algorithm ${key.algorithm}.`);
  }
  const text = data ?? digest?.[field] ?? '';
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return wrong('Invalid value at base64 field.');
  if (digest !== undefined && bytes.length !== Number(hash) / 8)
    return wrong(`The length of the digest is ${bytes.length} bytes.`);
  const sum = raw ? dataCrc32c : digestCrc32c;
  if (sum !== undefined && sum !== String(crc32c(bytes)))
    return wrong('The checksum in field digest_crc32c did not match the data in field digest.');
  const padding = key.algorithm.startsWith('EC_')
    ? 'none'
    : key.algorithm.includes('_PSS_')
      ? 'pss'
      : 'pkcs1';
  const signature = await signDigest(
    key.keyPath,
    bytes,
    padding,
    raw || padding === 'none' ? undefined : `sha${hash}`,
  );
  return json(200, {
    ...{
      signature: signature.toString('base64'),
      signatureCrc32c: String(crc32c(signature)),
      name,
      protectionLevel: 'HSM',
    },
    ...(sum !== undefined && { [raw ? 'verifiedDataCrc32c' : 'verifiedDigestCrc32c']: true }),
  });
}

export function problem(code: number, status: string, message: string, reason?: string): CloudAnswer {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' };
  return json(code, { error: { code, message, status, ...(reason !== undefined && { details: [info] }) } });
}

function bodyOf(type: string | undefined, body: Buffer): Record<string, string> {
  if (type?.startsWith('application/x-www-form-urlencoded') !== true) return {};
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
}

function json(status: number, body: unknown): CloudAnswer {
  return { status, json: body };
}
