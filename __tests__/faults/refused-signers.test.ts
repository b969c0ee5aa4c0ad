/** Keys, certificates and signers that are refused by the CLI: nothing is attached, and nothing is left. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attachedIn, DM_VERITY } from '../helpers/attached-signatures.ts';
import { cliOk } from '../helpers/cli.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { certify } from '../helpers/kms/certified.ts';
import { startVault, type VaultServer } from '../helpers/kms/vault-server.ts';
import { installPlugin, type PluginOptions } from '../helpers/notation-plugin.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { expectActionRefused, expectRefused } from '../helpers/refused-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const layout = join(folder, 'layout');
const ROOT_HASH = vectors().find(({ name }) => name === 'simple-gzip')?.profiles.containerd.rootHash ?? '';
let keys: Pki;
let vault: VaultServer;

beforeAll(async () => {
  keys = await pki();
  await writeVectorImage(layout, ['simple-gzip']);
  vault = await startVault();
});
afterAll(() => vault.stop());

const pem = (...names: string[]): string =>
  names.map((name) => readFileSync(keys.leaf(name).certPath, 'utf8')).join('');

/** A new file with this text. */
function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(folder, 'file-')), name);
  writeFileSync(path, text);
  return path;
}

/** Signs with each kind of signature that the layout gets, and expects the same refusal. */
async function refused(
  key: string,
  certificate: string | undefined,
  message: RegExp,
  env: Record<string, string> = {},
): Promise<void> {
  const signing = ['--key', key, ...(certificate === undefined ? [] : ['--certificate', certificate])];
  const refusal = { status: 5, message, untouched: [layout] };
  for (const kind of ['none', 'jws']) {
    const args = ['sign', `oci:${layout}`, ...signing, '--manifest-signature', kind];
    await expectRefused(folder, args, refusal, { env });
  }
}

describe('certificates', () => {
  test.each<[fault: string, chain: string[], message: RegExp]>([
    ['fault 43', ['expired', 'root'], /"CN=expired,.*" expired on 2021-01-01/],
    ['fault 43', ['notYetValid', 'root'], /is not valid before 2060-01-01/],
    ['fault 44', ['rsa1024', 'root'], /"CN=rsa1024,.*RSA key of 1024 bits/],
    ['fault 45', ['sha1', 'root'], /"CN=sha1,.*signed with SHA-1/],
    ['fault 45', ['underSha1', 'sha1Ca', 'root'], /"CN=sha1Ca,.*signed with SHA-1/],
    ['fault 46', ['root', 'p256'], /out of order/],
    ['fault 46', ['chained', 'intermediate', 'issuing'], /out of order/],
    ['fault 46', ['chained', 'issuing', 'root', 'intermediate'], /out of order/],
    ['fault 46', ['chained', 'chained', 'issuing'], /out of order/],
    ['fault 46', ['chained', 'intermediate', 'root'], /incomplete: the issuer "CN=issuing,.*is missing/],
    ['fault 46', ['chained', 'root'], /incomplete/],
    ['fault 46', ['p256', 'ecroot'], /incomplete/],
    ['fault 46', ['underNoCa', 'noCa', 'root'], /"CN=noCa,.*is not a CA certificate/],
    ['fault 49', ['ed25519', 'root'], /a key of the type ed25519/],
    ['fault 49', ['underEd25519', 'ed25519Ca'], /signed with Ed25519/],
  ])('%s: %j', async (_fault, chain, message) => {
    // The key is that of the certificate that names the signer, wherever that is.
    const [first = '', second] = chain;
    const signer = first === 'root' ? (second ?? '') : first;
    await refused(keys.leaf(signer).keyPath, file('chain.pem', pem(...chain)), message);
  });

  test.each<[fault: string, key: string, message: RegExp]>([
    ['fault 42', 'p384', /does not belong to the first certificate/],
    ['fault 44', 'rsa1024', /rsa 1024 bits cannot sign layers/],
    ['fault 49', 'ed25519', /ed25519 cannot sign layers/],
  ])('%s: the key %s with a good certificate', async (_fault, key, message) => {
    await refused(keys.leaf(key).keyPath, keys.leaf('p256').fullChainPath, message);
  });

  test.each([
    ['fault 44', 'rsa1024'],
    ['fault 45', 'sha1'],
    ['fault 49', 'ed25519'],
  ])('%s: the Action with %s', async (_fault, name) => {
    const { keyPath, fullChainPath } = keys.leaf(name);
    const inputs = { image: `oci:${layout}`, key: keyPath, certificate: fullChainPath };
    await expectActionRefused(folder, inputs, { status: 1, message: /CN=/, untouched: [layout] });
  });
});

/** A key of Vault, with its certificate in a file. */
async function vaultKey(name: string, type: string): Promise<string> {
  const publicKey = await vault.createKey(name, type);
  if (publicKey === undefined) throw new Error('no public key');
  return file('vault.pem', (await certify(publicKey)).pem);
}

/** Vault's own signature over the root hash of the layer. */
async function vaultSignature(name: string, more: Record<string, string>): Promise<string> {
  const input = Buffer.from(ROOT_HASH, 'ascii').toString('base64');
  const { signature } = await vault.call(`transit/sign/${name}/sha2-256`, { input, ...more });
  return String(signature);
}

/** Signs with a key of a Vault whose signatures are all this one. */
async function refusedFromVault(name: string, certificate: string, signature: string): Promise<number> {
  const proxy = await startFaultyProxy(vault.host, ({ path }) =>
    path.includes('/sign/')
      ? {
          change: (body) =>
            Buffer.from(body.toString().replace(/"signature":"[^"]*"/, `"signature":"${signature}"`)),
        }
      : undefined,
  );
  try {
    const env = { VAULT_ADDR: `http://${proxy.host}`, VAULT_TOKEN: vault.rootToken };
    await refused(`hashivault://${name}`, certificate, /signature/, env);
    return proxy.requests.filter(({ path }) => path.includes('/sign/')).length;
  } finally {
    await proxy.stop();
  }
}

/** A plugin in a folder of its own, and the variable by which it is found. */
async function plugin(options: PluginOptions): Promise<{ key: string; env: Record<string, string> }> {
  const libexec = mkdtempSync(join(folder, 'libexec-'));
  mkdirSync(join(libexec, 'plugins'));
  const { reference } = await installPlugin(libexec, options);
  return { key: reference, env: { NOTATION_LIBEXEC: libexec } };
}

describe('signers that sign otherwise than asked', () => {
  test('fault 47: a plugin with an RSA key, which signs with PSS', async () => {
    const { key, env } = await plugin({ key: 'rsa2048' });
    await refused(key, undefined, /RSASSA-PSS/, env);
  });

  test('fault 47: a plugin with an EC key that answers with PSS', async () => {
    const change = `if (command === 'generate-signature') response.signingAlgorithm = 'RSASSA-PSS-SHA-256';`;
    const { key, env } = await plugin({ key: 'p256', change });
    await refused(key, undefined, /com\.example\.test.*RSASSA-PSS-SHA-256/, env);
  });

  test('fault 47: Vault with a valid PSS signature in place of PKCS#1 v1.5', async () => {
    const certificate = await vaultKey('pss', 'rsa-2048');
    const pss = await vaultSignature('pss', { signature_algorithm: 'pss', salt_length: 'hash' });
    expect(await refusedFromVault('pss', certificate, pss)).toBeGreaterThan(0);
  });

  test('fault 48: Vault with r and s in place of DER, and with garbage', async () => {
    const certificate = await vaultKey('garbage', 'ecdsa-p256');
    const raw = await vaultSignature('garbage', { marshaling_algorithm: 'jws' });
    for (const signature of [raw, 'vault:v1:AAAA', 'vault:v1:', 'garbage']) {
      expect(await refusedFromVault('garbage', certificate, signature)).toBeGreaterThan(0);
    }
  });

  test.each<[string, string, RegExp]>([
    ['no bytes', "''", /signature/],
    [
      'a byte too few',
      "Buffer.from(response.signature, 'base64').subarray(1).toString('base64')",
      /signature/,
    ],
    ['zeros', "Buffer.alloc(64).toString('base64')", /signature/],
    ['other numbers', "Buffer.alloc(64, 7).toString('base64')", /signature/],
    ['no base64', "'***'", /signature/],
    ['a number', '7', /signature/],
  ])('fault 48: a plugin with %s as its signature', async (_what, expression, message) => {
    const change = `if (command === 'generate-signature') response.signature = ${expression};`;
    const { key, env } = await plugin({ key: 'p256', change });
    await refused(key, undefined, message, env);
  });

  test.each(
    ['p256', 'p384', 'p521'].flatMap((key) =>
      (['ieee-p1363', 'der'] as const).map((form) => [key, form] as const),
    ),
  )('fault 48: ECDSA by %s as %s becomes what openssl verifies', async (name, ecdsa) => {
    const own = mkdtempSync(join(folder, 'signed-'));
    const signed = join(own, 'layout');
    cpSync(layout, signed, { recursive: true });
    const { key, env } = await plugin({ key: name, ecdsa });
    await cliOk(['sign', `oci:${signed}`, '--key', key], { env });
    const [artifact] = attachedIn(signed);
    expect(artifact?.artifactType).toBe(DM_VERITY);
    const [signature] = artifact?.layers ?? [];
    writeFileSync(join(own, 'content'), ROOT_HASH);
    const path = join(signed, 'blobs', signature?.digest.replace(':', '/') ?? '');
    const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', path, '-content', 'content'];
    const content = await openssl([...args, '-CAfile', keys.leaf(name).caPath], own);
    expect(content.toString()).toBe(ROOT_HASH);
  });
});
