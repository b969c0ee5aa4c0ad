/** Whole runs with keys in PKCS#12 and in notation plugins, checked by notation and by verify. */
import { cpSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { type MixedImage, mixedImage } from '../helpers/mixed-image.ts';
import { Notation } from '../helpers/notary.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';

const PASSPHRASE = 'Correct-Horse 9 Staple';
const folder = testFolder();

let images: ImageWriter;
let mixed: MixedImage;
let notation: Notation;
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
  images = await ImageWriter.create();
  mixed = await mixedImage(images);
  await images.add(mixed.linux, 'linux');
  await images.add(mixed.windows, 'windows');
  notation = new Notation(join(folder, 'home'));
  await notation.configure({ 'ca:release': ['rsa2048', 'p384'].map((name) => keys.leaf(name).caPath) });
});
afterAll(() => images.remove());

/** Signs in a copy of the layout, which it gives back. */
async function signed(name: string, tag: string, args: string[], env: Record<string, string> = {}) {
  const layout = join(folder, name);
  cpSync(images.directory, layout, { recursive: true });
  const report = join(folder, `${name}.json`);
  const temp = join(folder, `${name}-temp`);
  await mkdir(temp);
  const image = `oci:${layout}:${tag}`;
  const common = ['--temp-dir', temp, '--report', report];
  const { stdout, stderr } = await cliOk(['sign', image, ...common, ...args], { env });
  const [only] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
  return { layout, image, report: only, shown: [stdout, stderr, readFileSync(report, 'utf8')].join('\n') };
}

test('PKCS#12 with its own chain: layers, and the manifest for notation', async () => {
  const { keyPath, certPath, caPath } = keys.leaf('p256');
  const file = join(folder, 'release.p12');
  const input = ['-inkey', keyPath, '-in', certPath, '-certfile', caPath];
  await openssl(['pkcs12', '-export', ...input, '-passout', `pass:${PASSPHRASE}`, '-out', file], folder);
  const args = ['--key', file, '--key-passphrase', 'env://PASS', '--manifest-signature', 'cose'];
  const run = await signed('pkcs12', 'linux', args, { PASS: PASSPHRASE });
  expect(run.report?.signer).toMatchObject({ holder: 'pkcs12' });
  expect(run.shown).not.toContain(PASSPHRASE);
  expect(await notation.verifyLayout(run.layout, mixed.linux.digest)).toContain('Successfully verified');
  await cliOk(['verify', run.image, '--trusted-certificate', caPath]);
});

test('PKCS#12 as base64 in the environment, with a passphrase that is wrong', async () => {
  const P12 = readFileSync(join(folder, 'release.p12')).toString('base64');
  const args = [
    'sign',
    `oci:${images.directory}:linux`,
    '--key',
    'env://P12',
    '--key-passphrase',
    'env://PASS',
  ];
  const { status, stdout, stderr } = await cli(args, { env: { P12, PASS: `${PASSPHRASE}x` } });
  expect(status).toBe(5);
  expect(stderr).toMatch(/the passphrase is wrong/);
  // Before anything was converted.
  expect(stderr).not.toMatch(/root hash/);
  expect(stdout + stderr).not.toContain(PASSPHRASE);
});

test('a plugin with an EC key: layers, and the manifest for notation', async () => {
  const plugin = await installPlugin(notation.folder, { key: 'p384', name: 'ec' });
  const env = { NOTATION_LIBEXEC: notation.folder, 'INPUT_KEY-PASSPHRASE': PASSPHRASE };
  const args = ['--key', plugin.reference, '--plugin-config', 'region=x', '--manifest-signature', 'jws'];
  const run = await signed('plugin-ec', 'linux', args, env);
  expect(run.report?.signer).toMatchObject({ holder: 'notation-plugin' });
  expect(await notation.verifyLayout(run.layout, mixed.linux.digest)).toContain('Successfully verified');
  await cliOk(['verify', run.image, '--trusted-certificate', keys.leaf('p384').caPath]);
  // The text that tells the chain, one root hash for the two like layers, and the manifest.
  const signing = plugin.calls().filter(({ command }) => command === 'generate-signature');
  const payloads = signing.map(({ request }) => Buffer.from(String(request.payload), 'base64').toString());
  const [root, again, ...others] = run.report?.artifacts[0]?.layers.map(({ rootHash }) => rootHash) ?? [];
  expect([root, others]).toEqual([again, []]);
  expect(payloads).toHaveLength(3);
  expect(payloads.filter((payload) => payload === root)).toHaveLength(1);
  for (const call of plugin.calls()) {
    expect(call.request.pluginConfig).toEqual({ region: 'x' });
    expect(JSON.stringify(call)).not.toContain(PASSPHRASE);
  }
});

test("a certificate file with the leaf alone: the plugin's chain goes into the signatures", async () => {
  const plugin = await installPlugin(notation.folder, { key: 'chainedEc', name: 'chain' });
  const { certPath, caPath } = keys.leaf('chainedEc');
  const args = ['--key', plugin.reference, '--certificate', certPath];
  const env = { NOTATION_LIBEXEC: notation.folder };
  const run = await signed('plugin-chain', 'linux', [...args, '--manifest-signature', 'jws'], env);
  expect(await notation.verifyLayout(run.layout, mixed.linux.digest)).toContain('Successfully verified');
  await cliOk(['verify', run.image, '--trusted-certificate', caPath]);
});

test('a plugin with an RSA key: not for layers, and the manifest of a Windows image for notation', async () => {
  const plugin = await installPlugin(notation.folder, { key: 'rsa4096', name: 'rsa' });
  const env = { NOTATION_LIBEXEC: notation.folder };
  const args = ['--key', plugin.reference, '--manifest-signature', 'jws'];
  const refused = await cli(['sign', `oci:${images.directory}:linux`, ...args], { env });
  expect(refused.status).toBe(5);
  expect(refused.stderr).toMatch(/RSASSA-PSS, which the kernel does not support/);
  expect(refused.stderr).not.toMatch(/root hash/);
  const run = await signed('plugin-rsa', 'windows', [...args, '--layers', 'none'], env);
  expect(await notation.verifyLayout(run.layout, mixed.windows.digest)).toContain('Successfully verified');
});
