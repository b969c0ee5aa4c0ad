/**
 * Whole runs of the Action with a key of each kind of holder, judged by notation; and nothing that they
 * write, or hand to a child process, has any of the run's secrets.
 */
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { inputVariables } from '../helpers/action-files.ts';
import { cli } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { AzureContract, CLIENT, CLIENT_SECRET, TENANT } from '../helpers/kms/azure-contract.ts';
import { certify } from '../helpers/kms/certified.ts';
import { startCloudNetwork } from '../helpers/kms/cloud-network.ts';
import { GITHUB_REQUEST_TOKEN, GoogleContract, KEY_RING, PROVIDER } from '../helpers/kms/google-contract.ts';
import { CREDENTIALS, REGION, startMoto } from '../helpers/kms/moto.ts';
import { startVault } from '../helpers/kms/vault-server.ts';
import { type MixedImage, mixedImage } from '../helpers/mixed-image.ts';
import { Notation } from '../helpers/notary.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { filesWith, watchedTools } from '../helpers/watched-tools.ts';

const ENTRY = programPath('sign-action');
const PASSPHRASE = 'Correct-Horse 9 Staple';
const PASSWORD = 'registry-Passw0rd!';
const ALL = ['keys/get', 'keys/sign', 'certificates/get'];
const folder = testFolder();

let images: ImageWriter;
let mixed: MixedImage;
let notation: Notation;
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
  images = await ImageWriter.create();
  mixed = await mixedImage(images);
  await images.add(mixed.index, 'mixed');
  // In a layout, notation knows no manifest that only an index lists.
  for (const one of [mixed.linux, mixed.windows]) await images.add(one);
  notation = new Notation(join(folder, 'home'));
  const authorities = ['rsa2048', 'p384'].map((name) => keys.leaf(name).caPath);
  await notation.configure({ 'ca:release': authorities });
});
afterAll(() => images.remove());

interface Holder {
  name: string;
  inputs: Record<string, string>;
  env?: Record<string, string>;
  secrets: (string | Uint8Array)[];
}

interface Outcome {
  status: number | null;
  /** Standard output without the runner's own commands that hide words, and standard error. */
  shown: string;
  masked: string[];
  report: SignReport | undefined;
  layout: string;
}

/**
 * Runs the Action, then looks for the secrets in everything that there is after it, and was during it. A run
 * that fails attaches nothing and leaves nothing in the temporary folder.
 */
async function sign({ name, inputs, env = {}, secrets }: Holder): Promise<Outcome> {
  const own = join(folder, name);
  const temp = join(own, 'temp');
  const layout = join(own, 'layout');
  mkdirSync(temp, { recursive: true });
  cpSync(images.directory, layout, { recursive: true });
  const watched = watchedTools(join(own, 'watched'), temp);
  const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((file) => [file, join(own, file)] as const);
  for (const [, path] of files) writeFileSync(path, '');
  const given: Record<string, string> = {
    image: `oci:${layout}:mixed`,
    layers: 'auto',
    'manifest-signature': 'jws',
    install: 'false',
    report: join(own, 'report.json'),
    'temp-dir': temp,
    'oras-path': watched.oras,
    builder: 'mkfs',
    'mkfs-path': watched.mkfs,
    ...inputs,
  };
  const ended = await new Promise<{ status: number | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      const child = spawn(process.execPath, [ENTRY], {
        cwd: own,
        env: toolEnvironment({
          HOME: own,
          RUNNER_TEMP: temp,
          RUNNER_DEBUG: '1',
          ...Object.fromEntries(files),
          ...inputVariables('action', given),
          ...env,
        }),
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout, stderr }));
    },
  );
  const mask = '::add-mask::';
  const lines = ended.stdout.split('\n');
  const masked = lines.filter((line) => line.startsWith(mask)).map((line) => line.slice(mask.length));
  const shown = [...lines.filter((line) => !line.startsWith(mask)), ended.stderr].join('\n');
  writeFileSync(join(own, 'shown'), shown);
  if (ended.status === 0) expect(watched.calls()).toBeGreaterThan(0);
  expect(filesWith(own, secrets)).toEqual([]);
  if (ended.status !== 0) {
    // What is pushed is signed in the layout first.
    if (inputs['push-to'] === undefined) expect(filesBelow(layout)).toEqual(filesBelow(images.directory));
    expect(readdirSync(temp)).toEqual([]);
  }
  const report =
    ended.status === 0 ? JSON.parse(readFileSync(join(own, 'report.json'), 'utf8'))[0] : undefined;
  return { status: ended.status, shown, masked, report, layout };
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
}

async function expectSigned(outcome: Outcome, holder: string): Promise<void> {
  expect({ status: outcome.status, shown: outcome.status === 0 ? '' : outcome.shown }).toEqual({
    status: 0,
    shown: '',
  });
  expect(outcome.report?.signer?.holder).toBe(holder);
  expect(outcome.report?.artifacts).toHaveLength(1);
  expect(outcome.report?.manifestSignatures).toHaveLength(3);
  for (const { digest } of [mixed.linux, mixed.windows, mixed.index]) {
    expect(await notation.verifyLayout(outcome.layout, digest)).toContain('Successfully verified');
  }
}

/** What would be a part of a private key: lines of its PEM, and the number itself. */
function partsOf(pem: string, passphrase?: string): (string | Uint8Array)[] {
  const lines = pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
  const key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  const { d = '' } = key.export({ format: 'jwk' });
  const number = Buffer.from(d, 'base64url');
  return [...lines, number, d, number.toString('base64'), number.toString('hex')];
}

test('the search finds what is there', () => {
  const place = join(folder, 'search/below');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'file'), 'with a secret in it');
  expect(filesWith(join(folder, 'search'), ['other', Buffer.from('secret')])).toEqual([join(place, 'file')]);
});

test('fault 53: an encrypted PEM key in the environment, and a registry with a password', async () => {
  const { keyPath, fullChainPath } = keys.leaf('p256');
  const encrypted = join(folder, 'encrypted.pem');
  const passout = ['-passout', `pass:${PASSPHRASE}`];
  await openssl(
    ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', keyPath, '-out', encrypted, ...passout],
    folder,
  );
  const pem = readFileSync(encrypted, 'utf8');
  rmSync(encrypted);
  const registry = await startRegistry('fallback-tag', { htpasswd: { user: 'ci', password: PASSWORD } });
  const holder = (name: string, password: string, passphrase: string): Holder => ({
    name,
    inputs: {
      key: 'env://SIGNING_KEY',
      'key-passphrase': 'env://PASSPHRASE',
      certificate: fullChainPath,
      'push-to': `${registry.host}/${name}:v1`,
      'plain-http': 'true',
      'registry-username': 'ci',
      'registry-password': password,
    },
    env: { SIGNING_KEY: pem, PASSPHRASE: passphrase },
    secrets: [...partsOf(pem, PASSPHRASE), PASSPHRASE, PASSWORD, `${PASSWORD}x`, `${PASSPHRASE}x`],
  });
  try {
    const outcome = await sign(holder('pem', PASSWORD, PASSPHRASE));
    await expectSigned(outcome, 'pem');
    expect(outcome.report?.pushed?.digest).toBe(mixed.index.digest);
    expect(outcome.masked).toEqual(expect.arrayContaining([PASSPHRASE, PASSWORD]));
    // And when they are wrong.
    const refused = await sign(holder('pem-password', `${PASSWORD}x`, PASSPHRASE));
    expect(refused.status).toBe(1);
    expect(refused.shown).toMatch(/::error::.*(401|unauthorized|credentials)/i);
    const tags = await fetch(`http://${registry.host}/v2/pem-password/tags/list`, {
      headers: { authorization: `Basic ${Buffer.from(`ci:${PASSWORD}`).toString('base64')}` },
    });
    expect(tags.status).toBe(404);
  } finally {
    await registry.stop();
  }
});

test('fault 53: AWS KMS', async () => {
  const moto = await startMoto();
  try {
    const { alias, publicKey } = await moto.createKey('RSA_2048');
    if (publicKey === undefined) throw new Error('no public key');
    const certificate = join(folder, 'aws.pem');
    writeFileSync(certificate, (await certify(publicKey)).pem);
    const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = CREDENTIALS;
    const outcome = await sign({
      name: 'aws',
      inputs: { key: `awskms://${moto.host}/${alias}`, certificate },
      env: { ...CREDENTIALS, AWS_REGION: REGION },
      secrets: [AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN],
    });
    await expectSigned(outcome, 'aws-kms');
    expect(outcome.masked).toEqual(expect.arrayContaining([AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]));
  } finally {
    await moto.stop();
  }
});

test('fault 53: Vault', async () => {
  const vault = await startVault();
  try {
    const publicKey = await vault.createKey('release', 'ecdsa-p256');
    if (publicKey === undefined) throw new Error('no public key');
    const certificate = join(folder, 'vault.pem');
    writeFileSync(certificate, (await certify(publicKey)).pem);
    const holder = (name: string, token: string): Holder => ({
      name,
      inputs: { key: 'hashivault://release', certificate },
      env: { VAULT_ADDR: `http://${vault.host}`, VAULT_TOKEN: token },
      secrets: [token],
    });
    const outcome = await sign(holder('vault', vault.rootToken));
    await expectSigned(outcome, 'vault');
    expect(outcome.masked).toContain(vault.rootToken);
    const refused = await sign(holder('vault-denied', 'hvs.a-token-that-nobody-gave-out'));
    expect(refused.status).toBe(1);
    expect(refused.shown).toMatch(/::error::.*(denied|permission|token)/i);
  } finally {
    await vault.stop();
  }
});

test('fault 53: Azure Key Vault', async () => {
  const { keyPath, certPath, fullChainPath } = keys.leaf('rsa3072');
  const azure = new AzureContract({
    'acme.vault.azure.net': { keys: { release: { keyPath, certPath } }, allowed: ALL },
  });
  const network = await startCloudNetwork(azure.services());
  try {
    const outcome = await sign({
      name: 'azure',
      inputs: { key: 'azurekms://acme/release', certificate: fullChainPath },
      env: {
        ...network.env,
        AZURE_TENANT_ID: TENANT,
        AZURE_CLIENT_ID: CLIENT,
        AZURE_CLIENT_SECRET: CLIENT_SECRET,
      },
      secrets: [CLIENT_SECRET],
    });
    await expectSigned(outcome, 'azure-key-vault');
    expect(outcome.masked).toContain(CLIENT_SECRET);
    // One call for the root hash that two layers share, and one for each manifest.
    const signing = network.requests.filter(({ path, body }) => path.endsWith('/sign') && body.length > 0);
    expect(signing).toHaveLength(4);
    expect(filesWith(join(folder, 'azure'), bearerTokens(network.requests))).toEqual([]);
  } finally {
    await network.stop();
  }
});

test('fault 53: Google Cloud KMS', async () => {
  const { keyPath, fullChainPath } = keys.leaf('p384');
  const google = new GoogleContract({ release: { keyPath, algorithm: 'EC_SIGN_P384_SHA384' } });
  const network = await startCloudNetwork(google.services());
  const credentials = join(folder, 'gha-creds.json');
  writeFileSync(
    credentials,
    JSON.stringify({
      ...{ type: 'external_account', audience: PROVIDER, universe_domain: 'googleapis.com' },
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: {
        url: `https://pipelines.actions.githubusercontent.com/x/oidctoken?api-version=2.0&audience=${encodeURIComponent(`https:${PROVIDER}`)}`,
        headers: { Authorization: `Bearer ${GITHUB_REQUEST_TOKEN}` },
        format: { type: 'json', subject_token_field_name: 'value' },
      },
    }),
  );
  try {
    const outcome = await sign({
      name: 'google',
      inputs: {
        key: `gcpkms://${KEY_RING}/cryptoKeys/release/cryptoKeyVersions/1`,
        certificate: fullChainPath,
      },
      env: { ...network.env, GOOGLE_APPLICATION_CREDENTIALS: credentials },
      secrets: [GITHUB_REQUEST_TOKEN],
    });
    await expectSigned(outcome, 'google-kms');
    expect(filesWith(join(folder, 'google'), bearerTokens(network.requests))).toEqual([]);
  } finally {
    await network.stop();
  }
});

test('fault 53: a notation plugin gets the credentials of its service and nothing else', async () => {
  const plugin = await installPlugin(notation.folder, { key: 'p384', name: 'kept' });
  const outcome = await sign({
    name: 'plugin',
    inputs: { key: plugin.reference, 'registry-username': 'ci', 'registry-password': PASSWORD },
    env: { NOTATION_LIBEXEC: notation.folder, AZURE_CLIENT_SECRET: CLIENT_SECRET },
    secrets: [PASSWORD, CLIENT_SECRET],
  });
  await expectSigned(outcome, 'notation-plugin');
  expect(outcome.masked).toEqual(expect.arrayContaining([PASSWORD, CLIENT_SECRET]));
  expect(plugin.calls().length).toBeGreaterThan(2);
  for (const { env, request } of plugin.calls()) {
    expect(env.AZURE_CLIENT_SECRET).toBe(CLIENT_SECRET);
    expect(JSON.stringify({ env, request })).not.toContain(PASSWORD);
    expect(Object.keys(env).filter((name) => name.startsWith('INPUT_'))).toEqual([]);
  }
});

const CONFIGURED = 'configured "token" of a plugin';
/** Says all that it knows when it fails. */
const TELL_ALL = `
if (command === 'describe-key') {
  const { service_token, self_signed } = request.pluginConfig;
  fail('ACCESS_DENIED', [service_token, self_signed, process.env.AZURE_CLIENT_SECRET].join(' / '));
}`;

test.each([
  ['says so', TELL_ALL],
  [
    'writes it beside JSON',
    `${TELL_ALL.replace('fail(', "console.error('DEBUG', request.pluginConfig); fail(")}`,
  ],
])('fault 53: a notation plugin that fails and %s: the Action', async (what, first) => {
  const name = `tells-${what.length}`;
  const plugin = await installPlugin(notation.folder, { key: 'p384', name, first });
  const outcome = await sign({
    name,
    inputs: { key: plugin.reference, 'plugin-config': `service_token=${CONFIGURED}\nself_signed=true` },
    env: { NOTATION_LIBEXEC: notation.folder, AZURE_CLIENT_SECRET: CLIENT_SECRET },
    secrets: [CONFIGURED, CLIENT_SECRET, JSON.stringify(CONFIGURED).slice(1, -1)],
  });
  expect(outcome.status).toBe(1);
  expect(outcome.shown).toMatch(/::error::.*\*\*\*.*\*\*\*/);
  expect(outcome.masked).toEqual(expect.arrayContaining([CONFIGURED, CLIENT_SECRET]));
  expect(outcome.masked).not.toContain('true');
});

test('fault 53: a notation plugin that fails and says all that it knows: the CLI', async () => {
  const plugin = await installPlugin(notation.folder, { key: 'p384', name: 'tells', first: TELL_ALL });
  const config = [`service_token=${CONFIGURED}`, 'self_signed=true'];
  const { status, stderr } = await cli(
    [
      ...['sign', `oci:${images.directory}:mixed`, '--layers', 'none', '--manifest-signature', 'jws'],
      ...['--key', plugin.reference, ...config.flatMap((one) => ['--plugin-config', one])],
    ],
    { env: { NOTATION_LIBEXEC: notation.folder, AZURE_CLIENT_SECRET: CLIENT_SECRET } },
  );
  expect({ status, stderr }).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('*** / true / ***'),
  });
  for (const secret of [CONFIGURED, CLIENT_SECRET]) expect(stderr).not.toContain(secret);
});

/** The tokens that the services gave out. */
function bearerTokens(requests: readonly { headers: { authorization?: string | undefined } }[]): string[] {
  const tokens = requests.flatMap(
    ({ headers }) => /^Bearer (\S{8,})$/i.exec(headers.authorization ?? '')?.[1] ?? [],
  );
  expect(tokens.length).toBeGreaterThan(0);
  return tokens;
}
