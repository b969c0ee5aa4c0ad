import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AzureContract,
  CLIENT,
  CLIENT_SECRET,
  type ContractKey,
  type ContractVault,
  forbidden,
  GITHUB_REQUEST_TOKEN,
  keyVersionOf,
  problem,
  TENANT,
  throttled,
} from '../helpers/kms/azure-contract.ts';
import { holdsForNotary, verifiedByOpenssl } from '../helpers/kms/check-answer.ts';
import {
  type CloudAnswer,
  type CloudNetwork,
  type CloudRequest,
  type CloudService,
  startCloudNetwork,
} from '../helpers/kms/cloud-network.ts';
import { errorLine, runSigning } from '../helpers/kms/run-signing.ts';
import type { SigningJob } from '../helpers/kms/signing-child.ts';
import { KEY_TYPES, type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';

const ALL = ['keys/get', 'keys/sign', 'certificates/get'];
const DIGESTS = {
  rsa2048: 'sha256',
  rsa3072: 'sha384',
  rsa4096: 'sha512',
  p256: 'sha256',
  p384: 'sha384',
  p521: 'sha512',
} as const;
const SECRET = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: CLIENT_SECRET };
const GITHUB = {
  ...{
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: CLIENT,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: GITHUB_REQUEST_TOKEN,
  },
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.actions.githubusercontent.com/x/oidctoken?api-version=2.0',
};
const folder = testFolder();

let keys: Pki;
let azure: AzureContract;
let network: CloudNetwork;
/** Answers in the place of a host. */
let instead: Record<string, CloudAnswer> = {};
/** Answers of the vault `odd`, by key name, for requests that sign. */
const faults: Record<string, (request: CloudRequest) => ReturnType<NonNullable<ContractVault['fault']>>> = {
  ...{
    twice: ({ times }) => (times <= 3 ? throttled() : undefined),
    always: () => throttled({ 'retry-after': '0' }),
  },
  ...{
    hour: () => throttled({ 'retry-after': '3600' }),
    broken: ({ times }) => (times <= 2 ? problem(503, 'ServiceUnavailable', 'Busy') : undefined),
  },
  ...{ reset: ({ times }) => (times <= 2 ? 'reset' : undefined), silent: () => 'silence' },
  garbage: () => ({ status: 200, json: { kid: 'x', value: randomBytes(64).toString('base64url') } }),
  disabledMeanwhile: () => forbidden('Operation sign is not allowed on a disabled key.', 'KeyDisabled'),
  revoked: () => ({
    ...{
      status: 401,
      json: {
        error: { code: 'Unauthorized', message: "[TokenExpired] Error validating token: 'S2S12086'." },
      },
    },
    headers: {
      'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`,
    },
  }),
};

beforeAll(async () => {
  keys = await pki();
  const key = (name: string, more: Partial<ContractKey> = {}): ContractKey => {
    const { keyPath, certPath } = keys.leaf(name);
    return { keyPath, certPath, ...more };
  };
  const usual = Object.fromEntries([...KEY_TYPES, 'selfSigned'].map((name) => [name, key(name)]));
  const vault = (more: Partial<ContractVault> = {}): ContractVault => ({
    keys: usual,
    allowed: ALL,
    ...more,
  });
  const fault = (request: CloudRequest) =>
    request.path.endsWith('/sign') ? faults[request.path.split('/')[2] ?? '']?.(request) : undefined;
  azure = new AzureContract({
    'acme.vault.azure.net': vault(),
    'acme.vault.azure.cn': vault(),
    'hsm.managedhsm.azure.net': vault({
      keys: { rsa2048: key('rsa2048', { hsm: true }), p384: key('p384', { hsm: true }) },
    }),
    'closed.managedhsm.azure.net': vault({ allowed: [] }),
    'roles-none.vault.azure.net': vault({ allowed: [] }),
    'roles-no-sign.vault.azure.net': vault({ allowed: ['keys/get'] }),
    'policy-none.vault.azure.net': vault({ allowed: [], accessPolicy: true }),
    'policy-no-sign.vault.azure.net': vault({ allowed: ['keys/get'], accessPolicy: true }),
    'firewalled.vault.azure.net': vault({
      fault: () =>
        forbidden(
          'Client address is not authorized and caller is not a trusted service.\r\nClient address: 198.51.100.7\r\nCaller: appid=x',
          'ForbiddenByFirewall',
        ),
    }),
    'elsewhere.vault.azure.net': vault({ tenant: '0fb43a4b-75a4-4b73-9f9e-3c0a4d1a2b11' }),
    'odd.vault.azure.net': {
      keys: {
        ...Object.fromEntries(Object.keys(faults).map((name) => [name, key('p256')])),
        disabled: key('p256', { enabled: false }),
        expired: key('p256', { exp: 1_700_000_000 }),
        future: key('p256', { nbf: 4_000_000_000 }),
        encrypting: key('rsa2048', { operations: ['encrypt', 'decrypt'] }),
        rsa2560: key('rsa2560'),
        secp256k1: key('secp256k1'),
        bare: { keyPath: keys.leaf('p256').keyPath },
        other: { ...key('p256'), certPath: keys.leaf('selfSigned').certPath },
      },
      allowed: ALL,
      fault,
    },
  });
  const services = Object.entries(azure.services()).map(([host, service]): [string, CloudService] => [
    host,
    (request) => instead[host] ?? service(request),
  ]);
  network = await startCloudNetwork(Object.fromEntries(services));
});

afterAll(() => network.stop());

const certificateOf = (name: string): string => keys.leaf(name).fullChainPath;

function signRequests(name: string): CloudRequest[] {
  return network.requests.filter(
    ({ path, headers }) =>
      path.startsWith(`/keys/${name}/`) && path.endsWith('/sign') && headers.authorization,
  );
}

/** A script that stands in for `az`, in a folder of its own. */
function fakeAz(name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  const lines = [
    '#!/bin/sh',
    '# Strict fake of the Azure CLI for one test.',
    `env > '${path}/environment'`,
    body,
  ];
  writeFileSync(join(path, 'az'), `${lines.join('\n')}\n`);
  chmodSync(join(path, 'az'), 0o755);
  return path;
}

describe('every kind of key, for layers and manifests side by side', () => {
  const hashes = Array.from({ length: 3 }, () => randomBytes(32).toString('hex'));

  test.each(KEY_TYPES)('%s', async (name) => {
    const files = keys.leaf(name);
    const sign: SigningJob['sign'] = [
      ...hashes.map((hash) => [hash, 'layer'] as [string, 'layer']),
      ['{"a":1}', 'manifest'],
    ];
    const job: SigningJob = {
      key: `azurekms://acme/${name}`,
      certificate: files.fullChainPath,
      purposes: ['layer', 'manifest'],
      sign,
    };
    const { answers } = await runSigning(network, [job], SECRET);
    const [answer] = answers;
    expect(answer && errorLine(answer)).toBe('no error');
    expect(answer).toMatchObject({ holder: 'azure-key-vault', spec: { digest: DIGESTS[name] } });
    const signatures = answer?.signatures ?? [];
    for (const [index, hash] of hashes.entries()) {
      const signature = signatures[index];
      if (signature === undefined) throw new Error('no signature');
      expect(signature.scheme).toBe(name.startsWith('rsa') ? 'rsa-pkcs1-v1_5' : 'ecdsa-p1363');
      expect(await verifiedByOpenssl(signature, hash, files)).toBe(hash);
    }
    const manifest = signatures[3];
    expect(manifest && (await holdsForNotary(manifest, '{"a":1}', files, DIGESTS[name]))).toBe(true);

    // Pinned to the version it was prepared with; the service gets digests, one request for each.
    const requests = signRequests(name).filter(({ body }) => body.length > 0);
    expect(requests.map(({ path }) => path)).toEqual(
      Array(4).fill(`/keys/${name}/${keyVersionOf(name)}/sign`),
    );
    const bits = DIGESTS[name].slice(3);
    const expected = name.startsWith('rsa')
      ? [`PS${bits}`, ...Array(3).fill(`RS${bits}`)]
      : Array(4).fill(`ES${bits}`);
    expect(requests.map(({ body }) => JSON.parse(body.toString()).alg).sort()).toEqual(expected);
  });
});

test('a vault that is named by its host, a version, its own self-signed certificate; a Managed HSM', async () => {
  const version = keyVersionOf('selfSigned');
  const jobs: SigningJob[] = [
    { key: `azurekms://acme.vault.azure.net/selfSigned/${version}`, sign: [['x', 'layer']] },
    { key: 'azurekms://acme/selfSigned', sign: [['x', 'manifest']] },
    ...['rsa2048', 'p384'].map((name): SigningJob => {
      return {
        key: `azurekms://hsm.managedhsm.azure.net/${name}`,
        certificate: certificateOf(name),
        sign: [['x', 'layer']],
      };
    }),
  ];
  const { answers } = await runSigning(network, jobs, SECRET);
  expect(answers.map(errorLine)).toEqual(Array(4).fill('no error'));
  const certificate = readFileSync(keys.leaf('selfSigned').certPath, 'utf8').replaceAll(
    /-----[A-Z ]+-----|\s/g,
    '',
  );
  expect(answers[0]?.certificateChain).toEqual([certificate]);
  expect(answers[2]?.signatures?.[0]?.scheme).toBe('rsa-pkcs1-v1_5');
  expect(network.refused).toEqual([]);
});

test('what is wrong with a key, its certificate or the permission is told before anything is converted', async () => {
  const job = (key: string, certificate?: string): SigningJob => {
    return {
      key: `azurekms://${key}`,
      ...(certificate !== undefined && { certificate: certificateOf(certificate) }),
    };
  };
  const cases: [SigningJob, string][] = [
    [
      job('roles-none/p256', 'p256'),
      '[key] roles-none.vault.azure.net refuses to read key p256. Give the identity the role "Key Vault Crypto User" on the vault; new roles take some minutes',
    ],
    [
      job('policy-none/p256', 'p256'),
      "[key] policy-none.vault.azure.net refuses to read key p256. Give the identity the permission keys/get in the vault's access policy",
    ],
    [
      job('roles-no-sign/selfSigned'),
      '[key] roles-no-sign.vault.azure.net refuses to read certificate selfSigned. Give the identity the role "Key Vault Reader" on the vault; new roles take some minutes',
    ],
    [
      job('policy-no-sign/selfSigned'),
      "[key] policy-no-sign.vault.azure.net refuses to read certificate selfSigned. Give the identity the permission certificates/get in the vault's access policy",
    ],
    [
      job('closed.managedhsm.azure.net/p256', 'p256'),
      '[key] closed.managedhsm.azure.net refuses to read key p256. Give the identity the role "Managed HSM Crypto User" on the key or on /keys',
    ],
    [
      job('firewalled/p256', 'p256'),
      "[key] the firewall of firewalled.vault.azure.net blocks this machine. Add this machine's address to the vault's firewall, or run on a machine in its network",
    ],
    [
      job('acme/absent', 'p256'),
      '[key] acme.vault.azure.net has no key absent. Check the name and the version in `key`; a deleted key can be recovered for some time',
    ],
    [
      job('acme/p256/0123456789abcdef0123456789abcdef', 'p256'),
      '[key] acme.vault.azure.net has no key p256. Check the name and the version in `key`; a deleted key can be recovered for some time',
    ],
    [
      job('odd/disabled', 'p256'),
      '[key] the key disabled in odd.vault.azure.net is disabled. Use a version of the key that is enabled, valid and permits the operation sign',
    ],
    [
      job('odd/expired', 'p256'),
      '[key] the key expired in odd.vault.azure.net expired at 2023-11-14T22:13:20.000Z. Use a version of the key that is enabled, valid and permits the operation sign',
    ],
    [
      job('odd/future', 'p256'),
      '[key] the key future in odd.vault.azure.net is not valid before 2096-10-02T07:06:40.000Z. Use a version of the key that is enabled, valid and permits the operation sign',
    ],
    [
      job('odd/encrypting', 'rsa2048'),
      '[key] the key encrypting in odd.vault.azure.net does not permit the operation sign. Use a version of the key that is enabled, valid and permits the operation sign',
    ],
    [
      job('odd/rsa2560', 'rsa2560'),
      '[key] a key of type rsa 2560 bits cannot sign layers. Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
    ],
    [
      job('odd/secp256k1', 'p256'),
      '[key] the key secp256k1 is of type EC P-256K, which cannot sign images. Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521',
    ],
    [
      job('acme/p256', 'p384'),
      '[key] the key does not belong to the first certificate of the chain. Give the certificate that was issued for this key, before its issuers',
    ],
    [
      job('odd/other'),
      '[key] the key does not belong to the first certificate of the chain. Give the certificate that was issued for this key, before its issuers',
    ],
    [
      job('odd/bare'),
      '[key] odd.vault.azure.net has no certificate for this version of the key bare. Give `certificate`: the PEM file with the certificate of the key, its issuers and the root',
    ],
    [
      job('acme/rsa2048'),
      '[usage] `certificate` is missing: acme.vault.azure.net returns the certificate of rsa2048 without its issuers. Name the PEM file with the certificate, its issuers and the root',
    ],
    [
      job('hsm.managedhsm.azure.net/p384'),
      '[usage] `certificate` is missing: a Managed HSM keeps no certificates. Name the PEM file of the signer: its certificate, then the issuers',
    ],
    [
      job('elsewhere/p256', 'p256'),
      '[key] elsewhere.vault.azure.net belongs to the tenant 0fb43a4b-75a4-4b73-9f9e-3c0a4d1a2b11, but the credentials belong to another. Set AZURE_TENANT_ID to the tenant of the vault',
    ],
  ];
  const { answers } = await runSigning(
    network,
    cases.map(([one]) => one),
    SECRET,
  );
  expect(answers.map(errorLine)).toEqual(cases.map(([, message]) => `preparing: ${message}`));
  expect(answers.every(({ error }) => error?.hasCause === false)).toBe(true);
  expect(network.requests.filter(({ path }) => path.startsWith('/secrets'))).toEqual([]);
});

describe('while signing', () => {
  const job = (key: string, more: Partial<SigningJob> = {}): SigningJob => {
    return { key: `azurekms://${key}`, certificate: certificateOf('p256'), sign: [['x', 'layer']], ...more };
  };
  /** Authenticated requests; without one of them there was no answer to be had. */
  const attempts = (name: string) => signRequests(name).length;

  test('throttling and passing failures are waited out, within bounds', async () => {
    const jobs = [job('odd/twice'), job('odd/broken'), job('odd/reset'), job('odd/always'), job('odd/hour')];
    const { answers } = await runSigning(network, jobs, SECRET);
    const throttling =
      'signing: [key] odd.vault.azure.net keeps throttling requests. Run it again later, with fewer jobs that use this vault at the same time';
    expect(answers.map(errorLine)).toEqual(['no error', 'no error', 'no error', throttling, throttling]);
    expect(['twice', 'always', 'hour'].map(attempts)).toEqual([3, 6, 1]);
  });

  test('denial, a token that is no longer accepted, a key that was disabled, damage', async () => {
    const cases: [SigningJob, string][] = [
      [
        job('roles-no-sign/p256'),
        '[key] roles-no-sign.vault.azure.net refuses to sign p256. Give the identity the role "Key Vault Crypto User" on the vault; new roles take some minutes',
      ],
      [
        job('policy-no-sign/p256'),
        "[key] policy-no-sign.vault.azure.net refuses to sign p256. Give the identity the permission keys/sign in the vault's access policy",
      ],
      [
        job('odd/revoked'),
        '[key] odd.vault.azure.net does not accept the access token: it has expired or is for another tenant or service. Log in again right before this step, or set AZURE_TENANT_ID and AZURE_CLIENT_ID so that a token is fetched when it is needed',
      ],
      [
        job('odd/disabledMeanwhile'),
        '[key] the key disabledMeanwhile in odd.vault.azure.net is disabled. Enable it or renew it, or use another version',
      ],
      [
        job('odd/garbage'),
        '[key] Azure Key Vault returned a signature that its own key does not verify. Run again. If it recurs, check the key and any proxy between the service and this machine',
      ],
      [
        job('odd/silent', { timeout: 10_000 }),
        '[key] odd.vault.azure.net did not answer in time. Check the network, or raise `timeout`',
      ],
      [job('odd/silent', { cancelAfter: 700 }), '[cancelled] stopped by SIGTERM. undefined'],
    ];
    const { answers } = await runSigning(
      network,
      cases.map(([one]) => one),
      SECRET,
    );
    expect(answers.map(errorLine)).toEqual(cases.map(([, message]) => `signing: ${message}`));
  });
});

describe('credentials', () => {
  const job = (vault = 'acme'): SigningJob => {
    return { key: `azurekms://${vault}/p256`, certificate: certificateOf('p256'), sign: [['x', 'layer']] };
  };
  const line = async (env: Record<string, string>, one = job()) => {
    const { answers } = await runSigning(network, [one], env);
    return answers.map(errorLine)[0];
  };

  test("GitHub's OIDC token, exchanged at the vault's cloud", async () => {
    expect(await line(GITHUB)).toBe('no error');
    azure.federated.audience = 'api://AzureADTokenExchangeChina';
    const before = network.requests.length;
    expect(await line(GITHUB, job('acme.vault.azure.cn'))).toBe('no error');
    expect(new Set(network.requests.slice(before).map(({ host }) => host))).toEqual(
      new Set([
        'acme.vault.azure.cn',
        'login.partner.microsoftonline.cn',
        'pipelines.actions.githubusercontent.com',
      ]),
    );
    azure.federated.audience = 'api://AzureADTokenExchange';
  });

  test('what keeps the exchange from working is named', async () => {
    const denied = { ...GITHUB, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of another job' };
    expect(await line(denied)).toBe(
      'preparing: [key] GitHub issued no OIDC token for Azure (status 401). Give the job `permissions: id-token: write`',
    );
    azure.federated.ready = false;
    expect(await line(GITHUB)).toBe(
      'preparing: [key] Entra ID refuses the login: no federated credential has the subject of this job (AADSTS700213). Add a federated credential for this repository with the branch, tag or environment of the job',
    );
    azure.federated.ready = true;
    expect(await line({ ...SECRET, AZURE_CLIENT_SECRET: 'wrong-secret-value' })).toBe(
      'preparing: [key] Entra ID refuses the login: the client secret is wrong (AADSTS7000215). Set AZURE_CLIENT_SECRET to the value of the secret, not its id',
    );
    expect(await line({ ...SECRET, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' })).toBe(
      'preparing: [key] Entra ID cannot be reached. Check the network, the proxy settings and AZURE_AUTHORITY_HOST',
    );
    expect(await line({ ...SECRET, AZURE_CLIENT_ID: '00000000-0000-4000-8000-000000000000' })).toMatch(
      /AADSTS700016/,
    );
  });

  test('a login that fails for now is not called a lack of credentials or of a permission', async () => {
    const [entra, oidc] = ['login.microsoftonline.com', 'pipelines.actions.githubusercontent.com'];
    const retry = (status: number): CloudAnswer => ({ status, json: {}, headers: { 'retry-after': '0' } });
    const later = 'Run it again later';
    const nothing = `Entra ID answered the login without a token. ${later}. If it recurs, check the proxy settings and AZURE_AUTHORITY_HOST`;
    const busy = {
      status: 429,
      json: { error: 'temporarily_unavailable', error_description: 'AADSTS90033: A transient error.' },
    };
    const cases: [Record<string, string>, string, CloudAnswer, string][] = [
      [SECRET, entra, retry(429), nothing],
      [SECRET, entra, { status: 503, json: 'a page' }, nothing],
      [
        SECRET,
        entra,
        busy,
        `Entra ID cannot serve the login at the moment (temporarily_unavailable). ${later}`,
      ],
      [GITHUB, oidc, retry(503), `GitHub issued no OIDC token for Azure (status 503). ${later}`],
      [
        GITHUB,
        oidc,
        'silence',
        `GitHub issued no OIDC token for Azure (no answer in 2000 ms). Check the network and the proxy settings, or raise \`timeout\``,
      ],
    ];
    const lines: unknown[] = [];
    for (const [env, host, answer] of cases) {
      instead = { [host]: answer };
      lines.push(await line(env, { ...job(), ...(answer === 'silence' && { timeout: 2000 }) }));
    }
    instead = {};
    expect(lines).toEqual(cases.map(([, , , text]) => `preparing: [key] ${text}`));
  });

  test('a federated token that has gone stale in its file', async () => {
    const token = join(folder, 'federated-token');
    writeFileSync(token, 'eyJhbGciOiJSUzI1NiJ9.e30.c3RhbGU');
    const env = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_FEDERATED_TOKEN_FILE: token };
    expect(await line(env)).toMatch(/the OIDC token has expired \(AADSTS700024\)/);
  });

  test('the Azure CLI, as after azure/login, gets a short environment', async () => {
    const token = azure.issue('https://vault.azure.net');
    const wanted = `account get-access-token --output json --resource https://vault.azure.net --tenant ${TENANT}`;
    const answer = JSON.stringify({
      accessToken: token,
      expires_on: Math.floor(Date.now() / 1000) + 3600,
      tokenType: 'Bearer',
    });
    const path = fakeAz('az-good', `[ "$*" = '${wanted}' ] || exit 2\ncat <<'END'\n${answer}\nEND`);
    const env = {
      PATH: `${path}:/usr/bin:/bin`,
      INPUT_KEY: 'input-secret',
      SOME_TOKEN: 'some-token',
      AZURE_CONFIG_DIR: '/azure',
    };
    expect(await line(env)).toBe('no error');
    const seen = readFileSync(join(path, 'environment'), 'utf8');
    expect(seen).toContain('AZURE_CONFIG_DIR=/azure');
    expect(seen).not.toMatch(/input-secret|some-token/);
  });

  test('a CLI whose login cannot be renewed or that nobody is logged in to; a managed identity after it', async () => {
    const stale =
      'ERROR: AADSTS700024: Client assertion is not within its valid time range. secret-in-output';
    const path = fakeAz('az-stale', `echo '${stale}' >&2\nexit 1`);
    expect(await line({ PATH: `${path}:/usr/bin:/bin` })).toMatch(
      /^preparing: \[key\] Entra ID refuses the login: the OIDC token has expired \(AADSTS700024\)\. Run azure\/login right before this step/,
    );
    const out = fakeAz('az-out', 'echo "ERROR: Please run \'az login\' to setup account." >&2\nexit 1');
    expect(await line({ PATH: `${out}:/usr/bin:/bin` })).toMatch(
      /^preparing: \[key\] there are no credentials for acme.vault.azure.net: Azure CLI: az is not logged in, no managed identity\. In a workflow, run azure\/login before this step in a job with `permissions: id-token: write`/,
    );
    azure.managedIdentity = true;
    expect(await line({ PATH: `${out}:/usr/bin:/bin` })).toBe('no error');
    azure.managedIdentity = false;
  });

  test('without any, and with nobody at the metadata address, it says so instead of running out of time', async () => {
    azure.metadataService = false;
    const { answers } = await runSigning(network, [job()], {});
    azure.metadataService = true;
    expect(answers.map(errorLine)[0]).toMatch(/Azure CLI: az is not installed, no managed identity/);
  });
});

test('nothing secret is written, whatever the environment asks of the SDKs', async () => {
  const noisy = {
    AZURE_LOG_LEVEL: 'verbose',
    TYPESPEC_RUNTIME_LOG_LEVEL: 'verbose',
    DEBUG: '*',
    NODE_DEBUG: 'azure*',
  };
  const jobs: SigningJob[] = ['acme/p256', 'roles-none/p256', 'odd/revoked'].map((key) => {
    return { key: `azurekms://${key}`, certificate: certificateOf('p256'), sign: [['x', 'layer']] };
  });
  const runs = [
    await runSigning(network, jobs, { ...SECRET, ...noisy }),
    await runSigning(network, jobs, { ...GITHUB, ...noisy }),
  ];
  for (const { output } of runs) {
    for (const secret of [CLIENT_SECRET, GITHUB_REQUEST_TOKEN, ...azure.tokens.keys()])
      expect(output).not.toContain(secret);
    expect(output).not.toMatch(/eyJhbGci|Bearer/);
  }
});
