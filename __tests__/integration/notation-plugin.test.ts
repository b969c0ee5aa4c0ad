import { constants, verify, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { chainFromDer } from '../../src/signatures/pkcs7/signing-chain.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { chainOf, Notation } from '../helpers/notary.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { KEY_TYPES, type Pki, pki } from '../helpers/pki.ts';
import { prepare } from '../helpers/signer.ts';

const ROOT_HASH = 'a7'.repeat(32);
const EC = KEY_TYPES.filter((name) => name.startsWith('p'));
const RSA = KEY_TYPES.filter((name) => name.startsWith('rsa'));

let keys: Pki;
let work: string;
let libexec: string;
const outside = { ...process.env };

beforeAll(async () => {
  keys = await pki();
  work = await mkdtemp(join(tmpdir(), 'notation-plugin-'));
});

beforeEach(async () => {
  libexec = await mkdtemp(join(work, 'libexec-'));
  process.env.NOTATION_LIBEXEC = libexec;
});

afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in outside)) delete process.env[name];
  Object.assign(process.env, outside);
});

afterAll(() => rm(work, { recursive: true, force: true }));

function fullChain(name: string): Promise<Uint8Array[]> {
  return chainOf(keys.leaf(name).fullChainPath);
}

async function refusal(promise: Promise<unknown>): Promise<VeritySignError> {
  const error = await promise.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof VeritySignError) return error;
  throw error;
}

describe('a plugin with an EC key signs layers and manifests', () => {
  test.each(EC.flatMap((key) => (['ieee-p1363', 'der'] as const).map((ecdsa) => [key, ecdsa] as const)))(
    '%s, signature as %s',
    async (key, ecdsa) => {
      const plugin = await installPlugin(libexec, { key, ecdsa });
      const prepared = await prepare(plugin.reference, { purposes: ['layer', 'manifest'] });
      expect(prepared.holder).toBe('notation-plugin');
      expect(prepared.certificateChain.map((der) => Buffer.from(der))).toEqual(await fullChain(key));
      const signer = await prepared.open();
      const layer = await signer.sign(Buffer.from(ROOT_HASH), 'layer');
      expect(layer.scheme).toBe(ecdsa === 'der' ? 'ecdsa-der' : 'ecdsa-p1363');
      // It verifies what it builds.
      buildPkcs7({ signature: layer, chain: chainFromDer(prepared.certificateChain), rootHash: ROOT_HASH });
      const manifest = await signer.sign(Buffer.from('payload'), 'manifest');
      const { publicKey } = new X509Certificate(prepared.certificateChain[0] ?? '');
      const valid = verify(
        manifest.digest,
        Buffer.from('payload'),
        { key: publicKey, dsaEncoding: ecdsa },
        manifest.value,
      );
      expect(valid).toBe(true);
    },
  );
});

describe('a plugin with an RSA key', () => {
  test.each(RSA)('%s signs manifests, with PSS', async (key) => {
    const plugin = await installPlugin(libexec, { key });
    const prepared = await prepare(plugin.reference, { purposes: ['manifest'] });
    const { scheme, digest, value } = await (await prepared.open()).sign(Buffer.from('payload'), 'manifest');
    expect(scheme).toBe('rsa-pss');
    expect(digest).toBe(prepared.spec.digest);
    const { publicKey } = new X509Certificate(prepared.certificateChain[0] ?? '');
    const pss = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    expect(verify(digest, Buffer.from('payload'), { key: publicKey, ...pss }, value)).toBe(true);
  });

  test.each(RSA)(
    '%s signs layers with PKCS#1 v1.5 if the plugin knows it, and manifests with PSS',
    async (key) => {
      const plugin = await installPlugin(libexec, { key, pkcs1: true });
      const pluginConfig = { ca_certs: '/etc/ca.pem', signing_scheme: 'rsassa-pkcs1-v1_5' };
      const prepared = await prepare(plugin.reference, { purposes: ['layer', 'manifest'], pluginConfig });
      const signer = await prepared.open();
      const layer = await signer.sign(Buffer.from(ROOT_HASH), 'layer');
      expect(layer.scheme).toBe('rsa-pkcs1-v1_5');
      // It verifies what it builds.
      buildPkcs7({ signature: layer, chain: chainFromDer(prepared.certificateChain), rootHash: ROOT_HASH });
      expect((await signer.sign(Buffer.from('payload'), 'manifest')).scheme).toBe('rsa-pss');
      const configs = plugin
        .calls()
        .filter(({ command }) => command === 'generate-signature')
        .map(({ request }) => request.pluginConfig);
      const plain = { ca_certs: '/etc/ca.pem' };
      expect(configs).toEqual([pluginConfig, plain, pluginConfig, plain]);
    },
  );

  test('policies, too, are signed with PKCS#1 v1.5 if the plugin knows it, and refused if not', async () => {
    const knows = await installPlugin(libexec, { key: 'rsa2048', pkcs1: true });
    const prepared = await prepare(knows.reference, { purposes: ['policy'] });
    const signature = await (await prepared.open()).sign(Buffer.from('policy_name=a'), 'policy');
    expect(signature.scheme).toBe('rsa-pkcs1-v1_5');
    const plugin = await installPlugin(libexec, { key: 'rsa2048' });
    const error = await refusal(prepare(plugin.reference, { purposes: ['policy'] }));
    expect(error.code).toBe('key');
    expect(error.message).toMatch(/RSASSA-PSS/);
    expect(error.remedy).toMatch(/EC key.*awskms:/);
    expect(error.remedy).not.toContain('manifests');
  });

  test('a plugin whose answer changes to PSS is refused when it signs a layer', async () => {
    const first =
      "if (request.payload === Buffer.from('a7'.repeat(32)).toString('base64')) OPTIONS.pkcs1 = false;";
    const plugin = await installPlugin(libexec, { key: 'rsa2048', pkcs1: true, first });
    const prepared = await prepare(plugin.reference, { purposes: ['layer'] });
    const signer = await prepared.open();
    const error = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
    expect(error.message).toMatch(/RSASSA-PSS, which the kernel does not support/);
  });

  test('an answer that is neither is not used', async () => {
    const change = "if (response.signature) response.signature = Buffer.alloc(256, 7).toString('base64');";
    const plugin = await installPlugin(libexec, { key: 'rsa2048', pkcs1: true, change });
    const error = await refusal(prepare(plugin.reference, { purposes: ['layer'] }));
    expect(error.message).toMatch(/a signature that its own certificate does not verify/);
  });

  test.each(RSA)('%s is refused for layers if the plugin does not know PKCS#1 v1.5', async (key) => {
    const plugin = await installPlugin(libexec, { key });
    const error = await refusal(prepare(plugin.reference, { purposes: ['layer', 'manifest'] }));
    expect(error.code).toBe('key');
    expect(error.message).toMatch(/RSASSA-PSS, which the kernel does not support/);
    expect(error.remedy).toMatch(/EC key.*awskms:/);
    const [, , asked, ...rest] = plugin.calls();
    expect(asked?.request.pluginConfig).toEqual({ signing_scheme: 'rsassa-pkcs1-v1_5' });
    expect(rest).toEqual([]);
  });
});

test('the requests are those of the contract, with plugin-config', async () => {
  const plugin = await installPlugin(libexec, { key: 'p384' });
  const pluginConfig = { ca_certs: '/etc/ca.pem', 'key 2': 'a=b' };
  const prepared = await prepare(plugin.reference, { pluginConfig });
  await (await prepared.open()).sign(Buffer.from(ROOT_HASH), 'layer');
  const { keyId } = plugin;
  const common = { contractVersion: '1.0', keyId, pluginConfig };
  const sign = { ...common, keySpec: 'EC-384', hashAlgorithm: 'SHA-384' };
  const [metadata, describeKey, probe, layer, ...rest] = plugin.calls();
  expect(metadata).toMatchObject({ command: 'get-plugin-metadata' });
  expect(metadata?.request).toEqual({ pluginConfig });
  expect(describeKey).toMatchObject({ command: 'describe-key' });
  expect(describeKey?.request).toEqual(common);
  expect(probe?.command).toBe('generate-signature');
  expect(Buffer.from(String(probe?.request.payload), 'base64').toString()).toMatch(/certificate chain/);
  expect(layer?.request).toEqual({ ...sign, payload: Buffer.from(ROOT_HASH).toString('base64') });
  expect(rest).toEqual([]);
});

test('without plugin-config none is sent', async () => {
  const plugin = await installPlugin(libexec, { key: 'p256' });
  await prepare(plugin.reference);
  for (const { request } of plugin.calls()) expect(request).not.toHaveProperty('pluginConfig');
});

describe('`certificate` beside a plugin', () => {
  test.each([
    ['the leaf alone', 1],
    ['without the root', 3],
    ['whole', 4],
  ])('%s: the chain is completed', async (_name, count) => {
    const plugin = await installPlugin(libexec, { key: 'chained', name: 'chained' });
    const full = await fullChain('chained');
    const prepared = await prepare(plugin.reference, {
      purposes: ['manifest'],
      certificates: full.slice(0, count),
    });
    expect(prepared.certificateChain.map((der) => Buffer.from(der))).toEqual(full);
  });

  test('completes the chain of a plugin that knows the leaf alone', async () => {
    const change = 'if (response.certificateChain) response.certificateChain.length = 1;';
    const plugin = await installPlugin(libexec, { key: 'chainedEc', change });
    const full = await fullChain('chainedEc');
    expect((await prepare(plugin.reference)).certificateChain).toHaveLength(1);
    expect((await prepare(plugin.reference, { certificates: full })).certificateChain).toEqual(full);
  });

  test('another leaf, another issuer', async () => {
    const plugin = await installPlugin(libexec, { key: 'chainedEc' });
    const [leaf = new Uint8Array()] = await fullChain('chainedEc');
    const other = await fullChain('p256');
    const wrong = await refusal(prepare(plugin.reference, { certificates: other }));
    expect(wrong).toMatchObject({ code: 'key', message: expect.stringMatching(/first certificate/) });
    const mixed = await refusal(prepare(plugin.reference, { certificates: [leaf, ...other.slice(1)] }));
    expect(mixed.message).toMatch(/certificate 2 of `certificate`/);
  });
});

test('the environment is ours, without inputs and secrets', async () => {
  const plugin = await installPlugin(libexec, { key: 'p256' });
  Object.assign(process.env, {
    AZURE_CLIENT_ID: 'for-the-plugin',
    'INPUT_REGISTRY-PASSWORD': 'secret-1',
    INPUT_KEY: 'secret-2',
    RELEASE_PASSPHRASE: 'secret-3',
    NOTATION_PASSWORD: 'secret-4',
  });
  const prepared = await prepare(plugin.reference, { env: { RELEASE_PASSPHRASE: 'secret-3' } });
  await (await prepared.open()).sign(Buffer.from(ROOT_HASH), 'layer');
  expect(plugin.calls()).toHaveLength(4);
  for (const { env } of plugin.calls()) {
    expect(env.AZURE_CLIENT_ID).toBe('for-the-plugin');
    expect(env.PATH).toBe(process.env.PATH);
  }
  expect(JSON.stringify(plugin.calls())).not.toMatch(/secret-\d/);
});

test('layers are signed side by side', async () => {
  const plugin = await installPlugin(libexec, { key: 'p256' });
  const prepared = await prepare(plugin.reference);
  const signer = await prepared.open();
  const chain = chainFromDer(prepared.certificateChain);
  const hashes = ['00', '11', '22', '33'].map((byte) => byte.repeat(32));
  const signatures = await Promise.all(hashes.map((hash) => signer.sign(Buffer.from(hash), 'layer')));
  for (const [index, signature] of signatures.entries()) {
    buildPkcs7({ signature, chain, rootHash: hashes[index] ?? '' });
  }
});

test('plugins are found where notation keeps them', async () => {
  const home = join(work, 'home');
  const places: [NodeJS.ProcessEnv, string][] = [
    [{ HOME: home }, join(home, '.config/notation')],
    [{ HOME: home, XDG_CONFIG_HOME: join(home, 'xdg') }, join(home, 'xdg/notation')],
    [{ XDG_CONFIG_HOME: join(home, 'xdg'), NOTATION_CONFIG: join(home, 'own') }, join(home, 'own')],
    [{ NOTATION_CONFIG: join(home, 'own'), NOTATION_LIBEXEC: join(home, 'lib') }, join(home, 'lib')],
  ];
  for (const [index, [env, folder]] of places.entries()) {
    for (const name of ['NOTATION_LIBEXEC', 'NOTATION_CONFIG', 'XDG_CONFIG_HOME']) delete process.env[name];
    Object.assign(process.env, env);
    const plugin = await installPlugin(folder, { key: 'p256', name: `place${index}` });
    expect((await prepare(plugin.reference)).holder).toBe('notation-plugin');
  }
});

describe('the real notation takes the plugin of these tests', () => {
  let writer: ImageWriter;
  beforeAll(async () => {
    writer = await ImageWriter.create();
  });
  afterAll(() => writer.remove());

  test.each(['p256', 'rsa3072'])('with the key %s: lists it, signs with it, verifies', async (key) => {
    const notation = new Notation(join(work, `notation-${key}`));
    await notation.configure({ 'ca:test': [keys.leaf(key).caPath] });
    const plugin = await installPlugin(notation.folder, { key });
    const listed = await notation.run('plugin', 'ls');
    expect(listed).toMatch(
      /com\.example\.test\s+Signs with a key.*1\.0\.0\s+\[SIGNATURE_GENERATOR\.RAW\]\s+<nil>/,
    );
    for (const format of ['jws', 'cose']) {
      const image = await writer.image({ layers: [`${key} ${format}`] });
      const { digest } = await writer.add(image, `${key}-${format}`);
      await notation.run(
        ...['sign', '--plugin', plugin.name, '--id', plugin.keyId, '--signature-format', format],
        ...['--oci-layout', `${writer.directory}@${digest}`],
      );
      expect(await notation.verifyLayout(writer.directory, digest)).toContain('Successfully verified');
    }
    // What notation asked, this project asks too.
    process.env.NOTATION_LIBEXEC = notation.folder;
    const asked = plugin.calls().length;
    await (await prepare(plugin.reference, { purposes: ['manifest'] })).open();
    // The first of theirs was for the list.
    const [theirs, ours] = [plugin.calls().slice(1, 4), plugin.calls().slice(asked)];
    const shapes = (calls: typeof ours) =>
      calls.map(({ command, request }) => [command, Object.keys(request).sort()]);
    expect(shapes(ours)).toEqual(shapes(theirs));
  });
});

test('nothing is left in temporary folders', async () => {
  const temporary = join(work, 'tmp');
  await mkdir(temporary);
  await writeFile(join(temporary, 'mine'), '');
  process.env.TMPDIR = temporary;
  const plugin = await installPlugin(libexec, { key: 'p256' });
  await (await (await prepare(plugin.reference)).open()).sign(Buffer.from(ROOT_HASH), 'layer');
  expect(await readdir(temporary)).toEqual(['mine']);
});
