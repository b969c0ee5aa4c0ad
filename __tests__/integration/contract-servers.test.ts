/**
 * The servers that stand in for Azure Key Vault and Google Cloud KMS refuse what the real ones refuse: a
 * signer that asks wrongly must not pass its tests.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { AzureContract, keyVersionOf, TENANT } from '../helpers/kms/azure-contract.ts';
import type { CloudAnswer, CloudRequest } from '../helpers/kms/cloud-network.ts';
import { GoogleContract, KEY_RING } from '../helpers/kms/google-contract.ts';
import { pki } from '../helpers/pki.ts';

interface Ask {
  method?: string;
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: object | string;
}

type Service = (ask?: Ask) => Promise<{ status: number; text: string }>;

function statusOf(answer: CloudAnswer): { status: number; text: string } {
  if (typeof answer === 'string') throw new TypeError(`no answer: ${answer}`);
  return { status: answer.status, text: JSON.stringify(answer.json) };
}

function request(host: string, normal: Required<Ask>, ask: Ask): CloudRequest {
  const { method, path, query, headers, body } = { ...normal, ...ask };
  return {
    ...{ host, method, path, query: new URLSearchParams(query), headers, times: 1 },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

const digest = (bytes: number, encoding: 'base64' | 'base64url'): string =>
  Buffer.alloc(bytes, 7).toString(encoding);
const JSON_TYPE = { 'content-type': 'application/json' };

describe('Azure Key Vault', () => {
  const HOST = 'acme.vault.azure.net';
  let sign: (key: string) => Service;
  let bearer: (token: string) => Record<string, string>;
  let azure: AzureContract;

  beforeAll(async () => {
    const { leaf } = await pki();
    azure = new AzureContract({
      [HOST]: {
        keys: {
          rsa: { keyPath: leaf('rsa2048').keyPath },
          p256: { keyPath: leaf('p256').keyPath },
          p384: { keyPath: leaf('p384').keyPath },
        },
        allowed: ['keys/sign'],
      },
    });
    bearer = (token) => ({ ...JSON_TYPE, authorization: `Bearer ${token}` });
    sign =
      (key) =>
      async (ask = {}) => {
        const normal = {
          method: 'POST',
          path: `/keys/${key}/${keyVersionOf(key)}/sign`,
          query: 'api-version=7.6',
          headers: bearer(azure.issue('https://vault.azure.net')),
          body: { alg: key === 'rsa' ? 'RS256' : 'ES256', value: digest(32, 'base64url') },
        };
        const service = azure.services()[HOST];
        if (service === undefined) throw new TypeError('no service');
        return statusOf(await service(request(HOST, normal, ask)));
      };
  });

  test.each(['rsa', 'p256'])('%s: signs what is asked for rightly', async (key) => {
    expect(await sign(key)()).toMatchObject({ status: 200 });
  });

  test.each<[string, string, Ask, number, RegExp]>([
    ['no api-version', 'rsa', { query: '' }, 400, /version \(null\) is not recognized/],
    ['an unknown api-version', 'rsa', { query: 'api-version=1.0' }, 400, /is not recognized/],
    [
      'an EC algorithm',
      'rsa',
      { body: { alg: 'ES256', value: digest(32, 'base64url') } },
      400,
      /incompatible/,
    ],
    [
      'an RSA algorithm',
      'p256',
      { body: { alg: 'PS256', value: digest(32, 'base64url') } },
      400,
      /incompatible/,
    ],
    [
      'that of another curve',
      'p384',
      { body: { alg: 'ES256', value: digest(32, 'base64url') } },
      400,
      /incompatible/,
    ],
    [
      'an unknown algorithm',
      'rsa',
      { body: { alg: 'none', value: digest(32, 'base64url') } },
      400,
      /AKV10033/,
    ],
    ['a short digest', 'rsa', { body: { alg: 'RS256', value: digest(31, 'base64url') } }, 400, /31 bytes/],
    [
      'the digest of another hash',
      'rsa',
      { body: { alg: 'RS256', value: digest(48, 'base64url') } },
      400,
      /48 bytes/,
    ],
    [
      'plain base64',
      'rsa',
      { body: { alg: 'RS256', value: `${'+'.repeat(43)}=` } },
      400,
      /encoded with base64url/,
    ],
    ['no JSON', 'rsa', { body: '{' }, 400, /not valid JSON/],
    ['another version of the key', 'rsa', { path: `/keys/rsa/${'0'.repeat(32)}/sign` }, 404, /KeyNotFound/],
    ['GET', 'rsa', { method: 'GET' }, 404, /Not found/],
    ['no token', 'rsa', { headers: JSON_TYPE }, 401, /missing a Bearer/],
  ])('%s is refused', async (_what, key, ask, status, reason) => {
    expect(await sign(key)(ask)).toEqual({ status, text: expect.stringMatching(reason) });
  });

  test('a token of another service, one that has expired, another type, another tenant', async () => {
    const ask = (headers: Record<string, string>) => sign('rsa')({ headers });
    expect(await ask(bearer(azure.issue('https://managedhsm.azure.net')))).toMatchObject({ status: 401 });
    expect(await ask(bearer(azure.issue('https://vault.azure.net', -1)))).toMatchObject({ status: 401 });
    const plain = { ...bearer(azure.issue('https://vault.azure.net')), 'content-type': 'text/plain' };
    expect(await ask(plain)).toMatchObject({ status: 415 });
    const entra = azure.services()['login.microsoftonline.com'];
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/${TENANT.replace('7', '8')}/oauth2/v2.0/token`;
    const wanted = { method: 'POST', path, query: '', headers: form, body: 'grant_type=client_credentials' };
    const answer = await entra?.(request('login.microsoftonline.com', wanted, {}));
    expect(answer && statusOf(answer)).toMatchObject({ status: 400 });
  });
});

describe('Google Cloud KMS', () => {
  const HOST = 'cloudkms.googleapis.com';
  let sign: (key: string) => Service;
  let google: GoogleContract;
  const SCOPE = 'https://www.googleapis.com/auth/cloudkms';

  beforeAll(async () => {
    const { leaf } = await pki();
    google = new GoogleContract({
      rsa: { keyPath: leaf('rsa2048').keyPath, algorithm: 'RSA_SIGN_PKCS1_2048_SHA256' },
      p384: { keyPath: leaf('p384').keyPath, algorithm: 'EC_SIGN_P384_SHA384' },
    });
    sign =
      (key) =>
      async (ask = {}) => {
        const hash = key === 'rsa' ? 'sha256' : 'sha384';
        const normal = {
          method: 'POST',
          path: `/v1/${KEY_RING}/cryptoKeys/${key}/cryptoKeyVersions/1:asymmetricSign`,
          query: '',
          headers: { ...JSON_TYPE, authorization: `Bearer ${google.issue([SCOPE])}` },
          body: { digest: { [hash]: digest(key === 'rsa' ? 32 : 48, 'base64') } },
        };
        const service = google.services()[HOST];
        if (service === undefined) throw new TypeError('no service');
        return statusOf(await service(request(HOST, normal, ask)));
      };
  });

  test.each(['rsa', 'p384'])('%s: signs what is asked for rightly', async (key) => {
    expect(await sign(key)()).toMatchObject({ status: 200 });
  });

  test.each<[string, string, Ask, number, RegExp]>([
    [
      'the digest of another hash',
      'rsa',
      { body: { digest: { sha384: digest(48, 'base64') } } },
      400,
      /does not match/,
    ],
    [
      'the same, of an EC key',
      'p384',
      { body: { digest: { sha256: digest(32, 'base64') } } },
      400,
      /does not match/,
    ],
    ['a short digest', 'rsa', { body: { digest: { sha256: digest(31, 'base64') } } }, 400, /31 bytes/],
    ['data where a digest is due', 'rsa', { body: { data: digest(32, 'base64') } }, 400, /needs a digest/],
    [
      'a wrong checksum',
      'rsa',
      { body: { digest: { sha256: digest(32, 'base64') }, digestCrc32c: '1' } },
      400,
      /checksum/,
    ],
    [
      'a field that is not known',
      'rsa',
      { body: { digest: { sha256: digest(32, 'base64') }, alg: 'x' } },
      400,
      /Unknown name/,
    ],
    [
      'another version',
      'rsa',
      { path: `/v1/${KEY_RING}/cryptoKeys/rsa/cryptoKeyVersions/2:asymmetricSign` },
      404,
      /not found/,
    ],
    ['GET', 'rsa', { method: 'GET' }, 404, /not found/],
    ['no token', 'rsa', { headers: JSON_TYPE }, 401, /UNAUTHENTICATED/],
  ])('%s is refused', async (_what, key, ask, status, reason) => {
    expect(await sign(key)(ask)).toEqual({ status, text: expect.stringMatching(reason) });
  });

  test('a token for something else, or one that has expired', async () => {
    const ask = (token: string) =>
      sign('rsa')({ headers: { ...JSON_TYPE, authorization: `Bearer ${token}` } });
    expect(await ask(google.issue(['https://www.googleapis.com/auth/drive']))).toMatchObject({ status: 403 });
    expect(await ask(google.issue([SCOPE], -1))).toMatchObject({ status: 401 });
  });
});
