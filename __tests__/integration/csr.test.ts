/** Certificate requests, and certificates that sign themselves, with every kind of key holder. */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cli, cliOk } from '../helpers/cli.ts';
import { AzureContract, CLIENT, CLIENT_SECRET, TENANT } from '../helpers/kms/azure-contract.ts';
import { type CloudNetwork, startCloudNetwork } from '../helpers/kms/cloud-network.ts';
import { externalAccount, GoogleContract, KEY_RING } from '../helpers/kms/google-contract.ts';
import { CREDENTIALS, type Moto, REGION, startMoto } from '../helpers/kms/moto.ts';
import { startVault, type VaultServer } from '../helpers/kms/vault-server.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { KEY_TYPES, openssl, type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const SUBJECT = 'CN=Release\\, signer,O=Exämple,ST=Bayern,C=DE';
const PASSPHRASE = 'Correct-Horse 9 Staple';
/** Each algorithm of a key version, its key, and the signature that openssl shows. */
const GOOGLE = [
  ['EC_SIGN_P384_SHA384', 'p384', 'ecdsa-with-SHA384'],
  ['RSA_SIGN_PKCS1_3072_SHA256', 'rsa3072', 'sha256WithRSAEncryption'],
  ['RSA_SIGN_RAW_PKCS1_4096', 'rsa4096', 'sha512WithRSAEncryption'],
  ['RSA_SIGN_PSS_2048_SHA256', 'rsa2048', 'rsassaPss'],
] as const;
const ALGORITHMS: Readonly<Record<string, string>> = {
  rsa2048: 'sha256WithRSAEncryption',
  rsa3072: 'sha384WithRSAEncryption',
  rsa4096: 'sha512WithRSAEncryption',
  p256: 'ecdsa-with-SHA256',
  p384: 'ecdsa-with-SHA384',
  p521: 'ecdsa-with-SHA512',
};

const folder = testFolder();
const google = join(folder, 'google.json');
let keys: Pki;
let moto: Moto;
let vault: VaultServer;
let azureNetwork: CloudNetwork;
let googleNetwork: CloudNetwork;

beforeAll(async () => {
  keys = await pki();
  moto = await startMoto();
  vault = await startVault();
  const held = Object.fromEntries(KEY_TYPES.map((name) => [name, { keyPath: keys.leaf(name).keyPath }]));
  const vaults = { 'acme.vault.azure.net': { keys: held, allowed: ['keys/get', 'keys/sign'] } };
  azureNetwork = await startCloudNetwork(new AzureContract(vaults).services());
  const versions = GOOGLE.map(([algorithm, name]) => [
    algorithm,
    { keyPath: keys.leaf(name).keyPath, algorithm },
  ]);
  googleNetwork = await startCloudNetwork(new GoogleContract(Object.fromEntries(versions)).services());
  writeFileSync(google, JSON.stringify(externalAccount({ impersonate: true })));
  await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
});

afterAll(async () => {
  await Promise.all([moto.stop(), vault.stop(), azureNetwork.stop(), googleNetwork.stop()]);
});

/** A key as its holder knows it. */
interface Held {
  args: string[];
  env?: Record<string, string>;
  publicKey: KeyObject;
  algorithm: string;
}

function publicKeyOf(name: string): KeyObject {
  return createPublicKey(readFileSync(keys.leaf(name).keyPath));
}

function algorithmOf(name: string): string {
  return ALGORITHMS[name] ?? 'unknown';
}

async function inAws(spec: 'RSA_3072' | 'ECC_NIST_P256', name: string): Promise<Held> {
  const { alias, publicKey } = await moto.createKey(spec);
  if (publicKey === undefined) throw new TypeError('no public key');
  const env = { ...CREDENTIALS, AWS_REGION: REGION };
  return { args: ['--key', `awskms://${moto.host}/${alias}`], env, publicKey, algorithm: algorithmOf(name) };
}

async function inVault(type: string, name: string): Promise<Held> {
  const publicKey = await vault.createKey(type, type);
  if (publicKey === undefined) throw new TypeError('no public key');
  const env = { VAULT_ADDR: `http://${vault.host}`, VAULT_TOKEN: vault.rootToken };
  return { args: ['--key', `hashivault://${type}`], env, publicKey, algorithm: algorithmOf(name) };
}

async function inAzure(name: string): Promise<Held> {
  const env = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: CLIENT_SECRET };
  const args = ['--key', `azurekms://acme/${name}`];
  return {
    args,
    env: { ...azureNetwork.env, ...env },
    publicKey: publicKeyOf(name),
    algorithm: algorithmOf(name),
  };
}

function inGoogle([algorithm, name, shown]: (typeof GOOGLE)[number]): Held {
  const args = ['--key', `gcpkms://${KEY_RING}/cryptoKeys/${algorithm}/cryptoKeyVersions/1`];
  const env = { ...googleNetwork.env, GOOGLE_APPLICATION_CREDENTIALS: google };
  return { args, env, publicKey: publicKeyOf(name), algorithm: shown };
}

async function inPkcs12(name: string): Promise<Held> {
  const { keyPath, certPath } = keys.leaf(name);
  const file = join(folder, `${name}.p12`);
  const input = ['-inkey', keyPath, '-in', certPath, '-passout', `pass:${PASSPHRASE}`];
  await openssl(['pkcs12', '-export', ...input, '-out', file], folder);
  const args = ['--key', file, '--key-passphrase', 'env://PASS'];
  return {
    args,
    env: { PASS: PASSPHRASE },
    publicKey: publicKeyOf(name),
    algorithm: algorithmOf(name),
  };
}

async function inPem(name: string): Promise<Held> {
  const { keyPath } = keys.leaf(name);
  return { args: ['--key', keyPath], publicKey: publicKeyOf(name), algorithm: algorithmOf(name) };
}

async function inPlugin(name: string, shown: string): Promise<Held> {
  const plugin = await installPlugin(folder, { key: name, name });
  const env = { NOTATION_LIBEXEC: folder };
  return { args: ['--key', plugin.reference], env, publicKey: publicKeyOf(name), algorithm: shown };
}

/** A key on P-256 as `openssl ec` writes it with these options. */
async function inForm(...form: string[]): Promise<Held> {
  const path = join(folder, `${form[1]}.key`);
  await openssl(['ec', '-in', keys.leaf('p256').keyPath, ...form, '-out', path], folder);
  return { args: ['--key', path], publicKey: publicKeyOf('p256'), algorithm: algorithmOf('p256') };
}

/** Forms of EC keys that a certificate must not have. */
const FORMS: [string, () => Promise<Held>][] = [
  ['PEM, explicit parameters', () => inForm('-param_enc', 'explicit')],
  ['PEM, a compressed point', () => inForm('-conv_form', 'compressed')],
  ['PEM, a hybrid point', () => inForm('-conv_form', 'hybrid')],
];

/** Holders of keys that may sign layers and themselves. */
const HOLDERS: [string, () => Promise<Held> | Held][] = [
  ...FORMS,
  ...Object.keys(ALGORITHMS).map((name): [string, () => Promise<Held>] => [
    `PEM, ${name}`,
    () => inPem(name),
  ]),
  ['PKCS#12', () => inPkcs12('p256')],
  ['AWS KMS, RSA', () => inAws('RSA_3072', 'rsa3072')],
  ['AWS KMS, EC', () => inAws('ECC_NIST_P256', 'p256')],
  ['Vault, RSA', () => inVault('rsa-2048', 'rsa2048')],
  ['Vault, EC', () => inVault('ecdsa-p521', 'p521')],
  ['Azure Key Vault, RSA', () => inAzure('rsa4096')],
  ['Azure Key Vault, EC', () => inAzure('p384')],
  ...GOOGLE.slice(0, 3).map((row): [string, () => Held] => [`Google, ${row[0]}`, () => inGoogle(row)]),
];
/** Holders of keys whose signatures no kernel checks, or that have their certificate with them. */
const FOR_REQUESTS: typeof HOLDERS = [
  [`Google, ${GOOGLE[3][0]}`, () => inGoogle(GOOGLE[3])],
  ['a notation plugin, RSA', () => inPlugin('rsa2048', 'rsassaPss')],
  ['a notation plugin, EC', () => inPlugin('p384', 'ecdsa-with-SHA384')],
];

/** What openssl says of a request whose signature it has verified. */
async function readRequest(pem: string, name: string): Promise<string> {
  const file = join(folder, `${name}.csr`);
  writeFileSync(file, pem);
  const options = ['-nameopt', 'RFC2253,utf8,-esc_msb'];
  return String(await openssl(['req', '-verify', '-noout', '-text', '-in', file, ...options], folder));
}

describe('a request', () => {
  test.each([...HOLDERS, ...FOR_REQUESTS])('%s: openssl verifies and shows it', async (name, hold) => {
    const { args, env, publicKey, algorithm } = await hold();
    const { stdout } = await cliOk(['csr', ...args, '--subject', SUBJECT], { env: env ?? {} });
    const file = name.replaceAll(/\W+/g, '-');
    const text = await readRequest(stdout, file);
    expect(text).toContain(`Subject: ${SUBJECT}\n`);
    expect(text).toContain(`Signature Algorithm: ${algorithm}\n`);
    expect(text).toMatch(/Key Usage: critical\n +Digital Signature\n/);
    expect(text).toMatch(/Extended Key Usage: *\n +Code Signing\n/);
    expect(text).toMatch(/Basic Constraints: critical\n +CA:FALSE\n/);
    const shown = await openssl(['req', '-noout', '-pubkey', '-in', `${file}.csr`], folder);
    expect(createPublicKey(shown).equals(publicKey)).toBe(true);
  });

  test.each([['PEM', () => inPem('p256')] as const, ...FORMS])(
    '%s: an authority makes a certificate of it that signs and verifies',
    async (name, hold) => {
      const { args } = await hold();
      const file = `issue-${name.replaceAll(/\W+/g, '-')}.csr`;
      await cliOk(['csr', ...args, '--subject', SUBJECT, '--out', join(folder, file)]);
      const ca = ['-CA', join(keys.dir, 'root.pem'), '-CAkey', join(keys.dir, 'root.key'), '-days', '2'];
      const copied = ['-copy_extensions', 'copyall', '-set_serial', '77'];
      await openssl(['x509', '-req', '-in', file, ...copied, ...ca, '-out', 'issued.pem'], folder);
      const layout = join(folder, `layout-of-${file}`);
      await writeVectorImage(layout, ['simple-gzip']);
      await cliOk(['sign', `oci:${layout}`, ...args, '--certificate', join(folder, 'issued.pem')]);
      const trusted = ['--trusted-certificate', join(keys.dir, 'root.pem')];
      await cliOk(['verify', `oci:${layout}`, ...trusted, '--signer-identity', SUBJECT]);
    },
  );
});

describe('a self-signed certificate', () => {
  test.each(HOLDERS)('%s: openssl, sign and verify accept it', async (name, hold) => {
    const { args, env = {}, publicKey } = await hold();
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.pem`);
    const self = ['--subject', SUBJECT, '--self-signed', '--days', '3', '--out', file];
    const { stdout } = await cliOk(['csr', ...args, ...self], { env });
    expect(stdout).toBe('');
    expect(String(await openssl(['verify', '-x509_strict', '-CAfile', file, file], folder))).toContain('OK');
    const certificate = new X509Certificate(readFileSync(file));
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    const days = (certificate.validToDate.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(2.9);
    expect(days).toBeLessThanOrEqual(3);
    const layout = join(folder, `layout-${name.replaceAll(/\W+/g, '-')}`);
    await writeVectorImage(layout, ['simple-gzip']);
    await cliOk(['sign', `oci:${layout}`, ...args, '--certificate', file], { env });
    await cliOk(['verify', `oci:${layout}`, '--trusted-certificate', file]);
  });

  test('may sign manifests, too', async () => {
    const { args } = await inPem('p384');
    const file = join(folder, 'for-manifests.pem');
    await cliOk(['csr', ...args, '--subject', 'CN=test', '--self-signed', '--out', file]);
    const layout = join(folder, 'layout-for-manifests');
    await writeVectorImage(layout, ['simple-gzip']);
    const notary = ['--manifest-signature', 'cose'];
    await cliOk(['sign', `oci:${layout}`, ...args, '--certificate', file, ...notary]);
    const required = ['--manifest-signature', 'required'];
    await cliOk(['verify', `oci:${layout}`, '--trusted-certificate', file, ...required]);
  });

  test.each([
    ['a key that makes only RSASSA-PSS signatures', () => inGoogle(GOOGLE[3]), 5, 'it cannot sign layers'],
    [
      'a key of a notation plugin',
      () => inPlugin('p256', ''),
      2,
      'a key of a notation plugin has its certificate',
    ],
  ])('is not made for %s', async (_what, hold, code, message) => {
    const { args, env = {} } = await hold();
    const { status, stderr, stdout } = await cli(['csr', ...args, '--subject', 'CN=test', '--self-signed'], {
      env,
    });
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('the file of --out', () => {
  test('is for everyone to read, and never replaces one', async () => {
    const out = join(folder, 'new.csr');
    const { args } = await inPem('p256');
    const command = ['csr', ...args, '--subject', 'CN=test', '--out', out];
    await cliOk(command, { prefix: ['sh', '-c', 'umask 077; exec "$@"', 'sh'] });
    expect(statSync(out).mode & 0o777).toBe(0o644);
    const before = readFileSync(out, 'utf8');
    const again = await cli(command);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain(`option --out: ${out} exists already`);
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  test('in a folder that this user may not write to is an error', async () => {
    const out = join(folder, 'missing', 'new.csr');
    const { args } = await inPem('p256');
    const { status, stderr } = await cli(['csr', ...args, '--subject', 'CN=test', '--out', out]);
    expect(status).toBe(4);
    expect(stderr).toContain(`option --out: ${out} cannot be written (ENOENT)`);
  });
});

test('a wrong passphrase shows nothing of it', async () => {
  const { args } = await inPkcs12('p384');
  const env = { PASS: `${PASSPHRASE}x` };
  const { status, stdout, stderr } = await cli(['csr', ...args, '--subject', 'CN=test'], { env });
  expect(status).toBe(5);
  expect(stdout + stderr).not.toContain(PASSPHRASE);
});
