import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { crc32c } from '../../src/lib/crc32c.ts';
import type { DigestName } from '../../src/model/index.ts';
import type { Purpose } from '../../src/model/signing.ts';
import { holdsForNotary, verifiedByOpenssl } from '../helpers/kms/check-answer.ts';
import {
  type CloudAnswer,
  type CloudNetwork,
  type CloudService,
  startCloudNetwork,
} from '../helpers/kms/cloud-network.ts';
import {
  externalAccount,
  GITHUB_REQUEST_TOKEN,
  GoogleContract,
  type GoogleKey,
  KEY_RING,
  problem,
  SERVICE_ACCOUNT,
} from '../helpers/kms/google-contract.ts';
import { errorLine, runSigning } from '../helpers/kms/run-signing.ts';
import type { SigningJob } from '../helpers/kms/signing-child.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';

/** Key, algorithm of the key version, and the digest of its signatures. */
const FOR_LAYERS: [string, string, DigestName][] = [
  ['rsa2048', 'RSA_SIGN_PKCS1_2048_SHA256', 'sha256'],
  ['rsa3072', 'RSA_SIGN_PKCS1_3072_SHA256', 'sha256'],
  ['rsa4096', 'RSA_SIGN_PKCS1_4096_SHA256', 'sha256'],
  ['rsa4096', 'RSA_SIGN_PKCS1_4096_SHA512', 'sha512'],
  ['rsa2048', 'RSA_SIGN_RAW_PKCS1_2048', 'sha256'],
  ['rsa3072', 'RSA_SIGN_RAW_PKCS1_3072', 'sha384'],
  ['rsa4096', 'RSA_SIGN_RAW_PKCS1_4096', 'sha512'],
  ['p256', 'EC_SIGN_P256_SHA256', 'sha256'],
  ['p384', 'EC_SIGN_P384_SHA384', 'sha384'],
];
const FOR_MANIFESTS: [string, string, DigestName][] = [
  ['rsa2048', 'RSA_SIGN_PSS_2048_SHA256', 'sha256'],
  ['rsa4096', 'RSA_SIGN_PSS_4096_SHA512', 'sha512'],
  ['p256', 'EC_SIGN_P256_SHA256', 'sha256'],
  ['p384', 'EC_SIGN_P384_SHA384', 'sha384'],
];
/** Neither of them, or not the algorithm of this key. */
const FOR_NOTHING = ['RSA_SIGN_PSS_3072_SHA256', 'EC_SIGN_SECP256K1_SHA256', 'EC_SIGN_ED25519'];
const VIEW = 'cloudkms.cryptoKeyVersions.viewPublicKey';
const SIGN = 'cloudkms.cryptoKeyVersions.useToSign';

const folder = testFolder();
const github = join(folder, 'gha-creds.json');
const direct = join(folder, 'gha-creds-direct.json');

let keys: Pki;
let google: GoogleContract;
let network: CloudNetwork;
/** Answers in the place of a host. */
let instead: Record<string, CloudAnswer> = {};

beforeAll(async () => {
  keys = await pki();
  const { keyPath } = keys.leaf('p256');
  const ec = (more: Partial<GoogleKey> = {}): GoogleKey => ({
    keyPath,
    algorithm: 'EC_SIGN_P256_SHA256',
    ...more,
  });
  const onSign = (answer: (times: number) => ReturnType<NonNullable<GoogleKey['fault']>>) =>
    ec({ fault: ({ path, times }) => (path.endsWith(':asymmetricSign') ? answer(times) : undefined) });
  const changed = (change: GoogleKey['change']) => ec(change === undefined ? {} : { change });
  const exhausted = problem(
    429,
    'RESOURCE_EXHAUSTED',
    "Quota exceeded for quota metric 'Asymmetric cryptographic requests' and limit 'Asymmetric cryptographic requests per minute' of service 'cloudkms.googleapis.com' for consumer 'project_number:123456789'.",
    'RATE_LIMIT_EXCEEDED',
  );
  const later = (seconds: string) => ({
    ...(exhausted as { status: number; json: unknown }),
    headers: { 'retry-after': seconds },
  });
  google = new GoogleContract({
    ...Object.fromEntries(
      [...FOR_LAYERS, ...FOR_MANIFESTS].map(([name, algorithm]) => [
        algorithm,
        { keyPath: keys.leaf(name).keyPath, algorithm },
      ]),
    ),
    RSA_SIGN_PSS_3072_SHA256: {
      keyPath: keys.leaf('rsa3072').keyPath,
      algorithm: 'RSA_SIGN_PSS_3072_SHA256',
    },
    EC_SIGN_SECP256K1_SHA256: {
      keyPath: keys.leaf('secp256k1').keyPath,
      algorithm: 'EC_SIGN_SECP256K1_SHA256',
    },
    EC_SIGN_ED25519: { keyPath: keys.leaf('ed25519').keyPath, algorithm: 'EC_SIGN_ED25519' },
    decrypting: { keyPath: keys.leaf('rsa2048').keyPath, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' },
    none: ec({ allowed: [] }),
    'view-only': ec({ allowed: [VIEW] }),
    'sign-only': ec({ allowed: [SIGN] }),
    disabled: ec({ state: 'DISABLED' }),
    destroyed: ec({ state: 'DESTROYED' }),
    // testIamPermissions may fail or say yes too much: then signing tells.
    unsure: ec({
      allowed: [VIEW],
      fault: ({ path }) =>
        path.endsWith(':testIamPermissions')
          ? problem(403, 'PERMISSION_DENIED', 'Request is prohibited by organization policy')
          : undefined,
    }),
    twice: onSign((times) => (times <= 2 ? later('0') : undefined)),
    always: onSign(() => later('0')),
    hour: onSign(() => later('3600')),
    broken: onSign((times) =>
      times === 1 ? problem(503, 'UNAVAILABLE', 'The service is currently unavailable.') : undefined,
    ),
    reset: onSign((times) => (times === 1 ? 'reset' : undefined)),
    silent: onSign(() => 'silence'),
    'unauthenticated-once': onSign((times) =>
      times === 1
        ? problem(
            401,
            'UNAUTHENTICATED',
            'Request had invalid authentication credentials.',
            'ACCESS_TOKEN_EXPIRED',
          )
        : undefined,
    ),
    unauthenticated: onSign(() =>
      problem(
        401,
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials.',
        'ACCESS_TOKEN_EXPIRED',
      ),
    ),
    'bad-sum-once': changed((json, { times }) =>
      times === 1 && 'signature' in json ? { ...json, signatureCrc32c: '1' } : json,
    ),
    'bad-sum': changed((json) => ('signature' in json ? { ...json, signatureCrc32c: '1' } : json)),
    'bad-pem': changed((json) => ('pem' in json ? { ...json, pemCrc32c: '1' } : json)),
    unverified: changed(({ verifiedDigestCrc32c: _, ...json }) => json),
    'other-name': changed((json) => ('signature' in json ? { ...json, name: `${json.name}2` } : json)),
    // Its own checksum fits: only the key can tell.
    garbage: changed((json) =>
      'signature' in json
        ? { ...json, signature: 'AAAA', signatureCrc32c: String(crc32c(Buffer.alloc(3))) }
        : json,
    ),
  });
  const services = Object.entries(google.services()).map(([host, service]): [string, CloudService] => [
    host,
    (request) => instead[host] ?? service(request),
  ]);
  network = await startCloudNetwork(Object.fromEntries(services));
  writeFileSync(github, JSON.stringify(externalAccount({ impersonate: true })));
  writeFileSync(direct, JSON.stringify(externalAccount({})));
});

afterAll(() => network.stop());

const name = (key: string): string => `${KEY_RING}/cryptoKeys/${key}/cryptoKeyVersions/1`;

function job(key: string, purpose: Purpose, certificate: string, more: Partial<SigningJob> = {}): SigningJob {
  const certificatePath = keys.leaf(certificate).fullChainPath;
  return { key: `gcpkms://${name(key)}`, certificate: certificatePath, purposes: [purpose], ...more };
}

const env = (): Record<string, string> => ({ GOOGLE_APPLICATION_CREDENTIALS: github });
const sent = (key: string, verb = ':asymmetricSign') =>
  network.requests.filter(({ path }) => path === `/v1/${name(key)}${verb}`);

test('every algorithm that can sign layers: the signature is one that openssl verifies', async () => {
  const hash = randomBytes(32).toString('hex');
  const jobs = FOR_LAYERS.map(([key, algorithm]) =>
    job(algorithm, 'layer', key, {
      sign: [
        [hash, 'layer'],
        [`${hash}2`, 'layer'],
      ],
    }),
  );
  const { answers } = await runSigning(network, jobs, env());
  expect(answers.map(errorLine)).toEqual(jobs.map(() => 'no error'));
  for (const [index, [key, algorithm, digest]] of FOR_LAYERS.entries()) {
    const signature = answers[index]?.signatures?.[0];
    expect(signature).toMatchObject({
      scheme: key.startsWith('rsa') ? 'rsa-pkcs1-v1_5' : 'ecdsa-der',
      digest,
    });
    expect(signature && (await verifiedByOpenssl(signature, hash, keys.leaf(key)))).toBe(hash);
    expect(answers[index]).toMatchObject({ holder: 'google-kms', certificateChain: { length: 2 } });
    expect(sent(algorithm).map(({ body }) => Object.keys(JSON.parse(body.toString())))).toEqual(
      Array(2).fill(algorithm.includes('RAW') ? ['data', 'dataCrc32c'] : ['digest', 'digestCrc32c']),
    );
  }
  expect(network.refused).toEqual([]);
});

test('every algorithm that can sign manifests', async () => {
  const jobs = FOR_MANIFESTS.map(([key, algorithm]) =>
    job(algorithm, 'manifest', key, { sign: [['{}', 'manifest']] }),
  );
  const { answers } = await runSigning(network, jobs, env());
  expect(answers.map(errorLine)).toEqual(jobs.map(() => 'no error'));
  for (const [index, [key, , digest]] of FOR_MANIFESTS.entries()) {
    const signature = answers[index]?.signatures?.[0];
    expect(signature && (await holdsForNotary(signature, '{}', keys.leaf(key), digest))).toBe(true);
  }
});

test('an algorithm that cannot serve the purpose, a key or certificate that does not do: before anything is converted', async () => {
  const layers =
    'Use a key version of the algorithm EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384 or one of RSA_SIGN_PKCS1';
  const manifests =
    'Use a key version of the algorithm EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384, RSA_SIGN_PSS_2048_SHA256 or RSA_SIGN_PSS_4096_SHA512';
  const both =
    'Use a key version of the algorithm EC_SIGN_P256_SHA256 or EC_SIGN_P384_SHA384, which can sign both';
  const pss = 'makes only RSASSA-PSS signatures, which a kernel cannot verify: it cannot sign layers';
  const pkcs1 = 'makes only PKCS#1 v1.5 signatures, which Notary does not accept: it cannot sign manifests';
  const bothPurposes: Partial<SigningJob> = { purposes: ['layer', 'manifest'] };
  const role =
    'Give the identity the role roles/cloudkms.signerVerifier on the key, and check the name in `key`';
  const kinds = 'Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521';
  const cases: [SigningJob, string][] = [
    [
      job('RSA_SIGN_PSS_2048_SHA256', 'layer', 'rsa2048'),
      `[key] a key version of the algorithm RSA_SIGN_PSS_2048_SHA256 ${pss}. ${layers}`,
    ],
    [
      job('RSA_SIGN_PSS_2048_SHA256', 'policy', 'rsa2048', { purposes: ['policy'] }),
      `[key] a key version of the algorithm RSA_SIGN_PSS_2048_SHA256 ${pss.replace('layers', 'policies')}. ${layers}`,
    ],
    [
      job('RSA_SIGN_PSS_2048_SHA256', 'layer', 'rsa2048', bothPurposes),
      `[key] a key version of the algorithm RSA_SIGN_PSS_2048_SHA256 ${pss}. ${both}`,
    ],
    [
      job('RSA_SIGN_PKCS1_2048_SHA256', 'manifest', 'rsa2048'),
      `[key] a key version of the algorithm RSA_SIGN_PKCS1_2048_SHA256 ${pkcs1}. ${manifests}`,
    ],
    [
      job('RSA_SIGN_RAW_PKCS1_3072', 'manifest', 'rsa3072', bothPurposes),
      `[key] a key version of the algorithm RSA_SIGN_RAW_PKCS1_3072 ${pkcs1}. ${both}`,
    ],
    [
      job('RSA_SIGN_PSS_3072_SHA256', 'manifest', 'rsa3072'),
      `[key] a key version of the algorithm RSA_SIGN_PSS_3072_SHA256 signs with SHA256, but Notary requires SHA384 of RSA-3072: it cannot sign manifests. ${manifests}`,
    ],
    [
      job('decrypting', 'layer', 'rsa2048'),
      `[key] the key version has the algorithm RSA_DECRYPT_OAEP_2048_SHA256, which cannot sign images. ${layers}`,
    ],
    [
      job('EC_SIGN_SECP256K1_SHA256', 'layer', 'p256'),
      `[key] a key of type ec secp256k1 cannot sign layers. ${kinds}`,
    ],
    [job('EC_SIGN_ED25519', 'layer', 'p256'), `[key] a key of type ed25519 cannot sign layers. ${kinds}`],
    [
      job('EC_SIGN_P256_SHA256', 'layer', 'p384'),
      '[key] the key does not belong to the first certificate of the chain. Give the certificate that was issued for this key, before its issuers',
    ],
    [
      { key: `gcpkms://${name('EC_SIGN_P256_SHA256')}` },
      '[usage] `certificate` is missing: Google Cloud KMS keeps no certificates. Name the PEM file of the signer: its certificate, then the issuers',
    ],
    [
      job('none', 'layer', 'p256'),
      `[key] Cloud KMS refuses to read the public key of ${name('none')}: the permission ${VIEW} is missing, or there is no such key. ${role}`,
    ],
    [
      job('absent', 'layer', 'p256'),
      `[key] Cloud KMS refuses to read the public key of ${name('absent')}: the permission ${VIEW} is missing, or there is no such key. ${role}`,
    ],
    [
      job('sign-only', 'layer', 'p256'),
      `[key] Cloud KMS refuses to read the public key of ${name('sign-only')}: the permission ${VIEW} is missing, or there is no such key. ${role}`,
    ],
    [
      job('view-only', 'layer', 'p256'),
      `[key] Cloud KMS refuses to sign with ${name('view-only')}: the permission ${SIGN} is missing, or there is no such key. ${role}`,
    ],
    [
      job('disabled', 'layer', 'p256'),
      `[key] the key version ${name('disabled')} is not enabled. Enable it, or name another version in \`key\``,
    ],
    [
      job('destroyed', 'layer', 'p256'),
      `[key] the key version ${name('destroyed')} is not enabled. Enable it, or name another version in \`key\``,
    ],
    [
      { ...job('p', 'layer', 'p256'), key: `gcpkms://${KEY_RING}/cryptoKeys/EC_SIGN_P256_SHA256/versions/9` },
      `[key] Cloud KMS has no ${KEY_RING}/cryptoKeys/EC_SIGN_P256_SHA256/cryptoKeyVersions/9. Check the name in \`key\``,
    ],
    [
      job('bad-pem', 'layer', 'p256'),
      '[key] Cloud KMS failed six times in a row: the public key that it returned is damaged. Check any proxy between this machine and the service',
    ],
  ];
  const { answers } = await runSigning(
    network,
    cases.map(([one]) => one),
    env(),
  );
  expect(answers.map(errorLine)).toEqual(cases.map(([, message]) => `preparing: ${message}`));
  expect(answers.every(({ error }) => error?.hasCause === false)).toBe(true);
  expect(FOR_NOTHING.flatMap((one) => sent(one))).toEqual([]);
});

describe('while signing', () => {
  const signing = (key: string, more: Partial<SigningJob> = {}) =>
    job(key, 'layer', 'p256', { sign: [['x', 'layer']], ...more });

  test('throttling, passing failures and damage on the way are overcome, within bounds', async () => {
    const good = ['twice', 'broken', 'reset', 'bad-sum-once', 'unauthenticated-once'];
    const bad = ['always', 'hour', 'bad-sum', 'unverified', 'other-name'];
    const { answers } = await runSigning(
      network,
      [...good, ...bad].map((key) => signing(key)),
      env(),
    );
    const throttling =
      'signing: [key] Cloud KMS keeps throttling requests. Run it again later, or raise the quota for cryptographic requests of the project';
    const damage = (what: string) =>
      `signing: [key] Cloud KMS failed six times in a row: ${what}. Check any proxy between this machine and the service`;
    expect(answers.map(errorLine)).toEqual([
      ...good.map(() => 'no error'),
      ...[throttling, throttling, damage('the signature that it returned is damaged')],
      ...[
        damage('it did not confirm the checksum of what it signed'),
        damage('it returned the signature of another key version'),
      ],
    ]);
    expect([...good, ...bad].map((key) => sent(key).length)).toEqual([3, 2, 2, 2, 2, 6, 1, 6, 6, 6]);
  });

  test('denial, a token that is no longer accepted, garbage, silence', async () => {
    const cases: [SigningJob, string][] = [
      [
        signing('unsure'),
        `[key] Cloud KMS refuses to sign with ${name('unsure')}: the permission ${SIGN} is missing, or there is no such key. Give the identity the role roles/cloudkms.signerVerifier on the key, and check the name in \`key\``,
      ],
      [
        signing('unauthenticated'),
        '[key] Cloud KMS does not accept the access token: it has expired or was revoked. In a workflow, run google-github-actions/auth before this step in a job with `permissions: id-token: write`; elsewhere, set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login',
      ],
      [
        signing('garbage'),
        '[key] Google Cloud KMS returned a signature that its own key does not verify. Run again. If it recurs, check the key and any proxy between the service and this machine',
      ],
      [
        signing('silent', { timeout: 10_000 }),
        '[key] cloudkms.googleapis.com did not answer in time. Check the network, or raise `timeout`',
      ],
      [signing('silent', { cancelAfter: 900 }), '[cancelled] stopped by SIGTERM. undefined'],
    ];
    const { answers } = await runSigning(
      network,
      cases.map(([one]) => one),
      env(),
    );
    expect(answers.map(errorLine)).toEqual(cases.map(([, message]) => `signing: ${message}`));
  });
});

describe('credentials', () => {
  const line = async (file: string | object | undefined, more: Record<string, string> = {}) => {
    const path = typeof file === 'object' ? join(folder, 'credentials.json') : file;
    if (typeof file === 'object') writeFileSync(path ?? '', JSON.stringify(file));
    const one = job('EC_SIGN_P256_SHA256', 'layer', 'p256', { sign: [['x', 'layer']] });
    const { answers } = await runSigning(network, [one], {
      ...(path !== undefined && { GOOGLE_APPLICATION_CREDENTIALS: path }),
      ...more,
    });
    return { line: answers.map(errorLine)[0] };
  };
  const preparing = (text: string) => ({ line: `preparing: [key] ${text}` });
  const LOGIN =
    'In a workflow, run google-github-actions/auth before this step in a job with `permissions: id-token: write`; elsewhere, set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login';

  test("GitHub's OIDC token, with and without a service account; a service account's key", async () => {
    expect(await line(github)).toMatchObject({ line: 'no error' });
    expect(await line(direct)).toMatchObject({ line: 'no error' });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    google.serviceAccounts[SERVICE_ACCOUNT] = publicKey.export({ format: 'pem', type: 'spki' }) as string;
    const account = {
      type: 'service_account',
      client_email: SERVICE_ACCOUNT,
      token_uri: 'https://oauth2.googleapis.com/token',
    };
    const private_key = privateKey.export({ format: 'pem', type: 'pkcs8' });
    expect(await line({ ...account, private_key })).toMatchObject({ line: 'no error' });
    google.serviceAccounts = {};
    expect(await line({ ...account, private_key })).toMatchObject(
      preparing(`Google Cloud refuses the login (invalid_grant). ${LOGIN}`),
    );
  });

  test('a proxy that is not there', async () => {
    const { line: said } = await line(github, { HTTPS_PROXY: 'http://user:secret@127.0.0.1:9' });
    expect(said).toBe(
      'preparing: [key] pipelines.actions.githubusercontent.com cannot be reached (ECONNREFUSED). Check the network and the proxy settings',
    );
  });

  test('what keeps the exchange from working is named', async () => {
    expect(await line(externalAccount({ requestToken: 'of another job' }))).toMatchObject(
      preparing('GitHub issued no OIDC token for Google Cloud. Give the job `permissions: id-token: write`'),
    );
    google.providerRefuses = true;
    expect(await line(github)).toMatchObject(
      preparing(
        "Google Cloud refuses the login (unauthorized_client). Check the attribute condition of the workload identity provider against this job's repository and ref",
      ),
    );
    google.providerRefuses = false;
    google.impersonationAllowed = false;
    expect(await line(github)).toMatchObject(
      preparing(
        "Google Cloud does not permit this job to act as the service account. Give the job's principal roles/iam.workloadIdentityUser on the service account",
      ),
    );
    google.impersonationAllowed = true;
    google.serviceEnabled = false;
    expect((await line(github)).line).toMatch(
      /the Cloud KMS API is disabled: .*\. Enable cloudkms\.googleapis\.com in that project$/,
    );
    google.serviceEnabled = true;
  });

  test('a login that fails for now, or that another server answers, is not called refused', async () => {
    const later = 'Run it again later';
    const proxy = (host: string) =>
      `Allow the proxy to connect to ${host}, or except that host with no_proxy`;
    const moved = { status: 307, json: {}, headers: { location: 'https://login.example/?token=x' } };
    const [sts, oidc, kms] = [
      'sts.googleapis.com',
      'pipelines.actions.githubusercontent.com',
      'cloudkms.googleapis.com',
    ];
    const cases: [string, CloudAnswer, string][] = [
      [sts, { status: 429, json: {} }, `the login at ${sts} failed (HTTP 429). ${later}`],
      [sts, { status: 500, json: 'x' }, `the login at ${sts} failed (HTTP 500). ${later}`],
      [oidc, { status: 503, json: {} }, `the login at ${oidc} failed (HTTP 503). ${later}`],
      [sts, { status: 400, json: 'page' }, `Google Cloud refuses the login (HTTP 400). ${LOGIN}`],
      [sts, moved, `${sts} redirects to https://login.example, where nothing is sent. ${proxy(sts)}`],
      [oidc, moved, `${oidc} redirects to https://login.example, where nothing is sent. ${proxy(oidc)}`],
      [kms, moved, `${kms} redirects to https://login.example, where nothing is sent. ${proxy(kms)}`],
      [kms, { status: 200, json: null }, `what answers for ${kms} is not Cloud KMS. ${proxy(kms)}`],
      [kms, { status: 200, json: 'page' }, `what answers for ${kms} is not Cloud KMS. ${proxy(kms)}`],
    ];
    const lines: unknown[] = [];
    for (const [host, answer] of cases) {
      instead = { [host]: answer };
      lines.push(await line(github));
    }
    instead = {};
    expect(lines).toEqual(cases.map(([, , text]) => preparing(text)));
    // The login of a user, whose answer to a failure has other fields.
    const user = { type: 'authorized_user', client_id: 'x', client_secret: 'y', refresh_token: 'z' };
    const host = 'oauth2.googleapis.com';
    for (const status of [429, 500, 307]) {
      instead = { [host]: { status, json: {}, headers: moved.headers } };
      const expected =
        status === 307
          ? `${host} redirects to https://login.example, where nothing is sent. ${proxy(host)}`
          : `the login at ${host} failed (HTTP ${status}). ${later}`;
      expect(await line(user)).toEqual(preparing(expected));
    }
    instead = {};
  });

  test('a file that is not there or no JSON; no credentials at all', async () => {
    expect(await line(join(folder, 'absent.json'))).toMatchObject(
      preparing('the credential file of Google Cloud cannot be read. Check GOOGLE_APPLICATION_CREDENTIALS'),
    );
    const damaged = join(folder, 'damaged.json');
    writeFileSync(damaged, '{"type":"external_acc');
    expect(await line(damaged)).toMatchObject(
      preparing('the credential file of Google Cloud cannot be read. Check GOOGLE_APPLICATION_CREDENTIALS'),
    );
    const nothing = await line(undefined);
    expect(nothing).toMatchObject(preparing(`there are no credentials for Google Cloud. ${LOGIN}`));
  });
});

test('nothing secret is written, whatever the environment asks of the library', async () => {
  const noisy = { GOOGLE_SDK_NODE_LOGGING: '*', NODE_DEBUG: 'auth,gaxios', DEBUG: '*', DEBUG_AUTH: '1' };
  const jobs = ['EC_SIGN_P256_SHA256', 'unauthenticated', 'view-only'].map((key) =>
    job(key, 'layer', 'p256', { sign: [['x', 'layer']] }),
  );
  const { output } = await runSigning(network, jobs, { ...env(), ...noisy });
  for (const secret of [GITHUB_REQUEST_TOKEN, ...google.tokens.keys()]) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/eyJhbGci|Bearer|ya29/);
});
