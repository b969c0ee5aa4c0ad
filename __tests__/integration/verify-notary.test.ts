import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../src/commands/shared/options.ts';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import type { InspectReport, VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { type MixedImage, mixedImage } from '../helpers/mixed-image.ts';
import { Notation } from '../helpers/notary.ts';
import { KEY_TYPES, type Pki, pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { verifyContext, verifyOptions } from '../helpers/verify.ts';

const FORMATS = ['jws', 'cose'] as const;
const folder = testFolder();
let images: ImageWriter;
let mixed: MixedImage;
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
  images = await ImageWriter.create();
  mixed = await mixedImage(images);
  await images.add(mixed.index, 'mixed');
  await images.add(mixed.linux, 'linux');
  await images.add(mixed.windows, 'windows');
});
afterAll(() => images.remove());

/** A copy of the layout, for what is attached to it. */
function layoutOf(name: string): string {
  const directory = join(folder, name);
  cpSync(images.directory, directory, { recursive: true });
  return directory;
}

/** notation with a key of the test PKI. */
async function signer(name: string): Promise<Notation> {
  const notation = new Notation(join(folder, `home-${name}`));
  await notation.addKey(keys.leaf(name));
  return notation;
}

function verify(image: string, name: string, changes: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const trustedCertificates = [keys.leaf(name).caPath];
  return verifyImage(verifyOptions(image, { trustedCertificates, ...changes }), verifyContext(new Date()));
}

const ONLY_MANIFEST = { layers: 'none', manifestSignature: 'required' } as const;

describe('what notation signs, verify takes', () => {
  test.each(KEY_TYPES.flatMap((key) => FORMATS.map((format) => [key, format] as const)))(
    'with a key %s, %s, in a layout',
    async (key, format) => {
      const layout = layoutOf(`${key}-${format}`);
      const notation = await signer(key);
      const { digest } = mixed.linux;
      const sign = [
        'sign',
        '--oci-layout',
        `${layout}@${digest}`,
        '--key',
        key,
        '--signature-format',
        format,
      ];
      const more = ['--expiry', '24h', '--user-metadata', 'com.example.build=17'];
      await notation.run(...sign, ...more);
      const report = await verify(`oci:${layout}:linux`, key, { ...ONLY_MANIFEST, strict: true });
      expect(report).toMatchObject({
        verdict: 'verified',
        notes: ['Layer signatures were not checked.'],
        platforms: [
          {
            verdict: 'verified',
            profiles: [],
            signatures: [],
            layersLeftOut: 'its layers were not requested',
            manifestSignature: { verdict: 'verified', referrer: expect.stringMatching(/^sha256:/) },
            manifestSignatures: [
              {
                verdict: 'verified',
                format,
                signer: { subject: `CN=${key},O=Layer signing test` },
                signedAt: expect.stringMatching(/^20\d\d-.*Z$/),
                expiry: expect.stringMatching(/^20\d\d-.*Z$/),
                agent: expect.stringContaining('notation'),
                metadata: { 'com.example.build': '17' },
                notes: [],
              },
            ],
          },
        ],
      });
      expect(report).not.toHaveProperty('index');
      expect(await verify(`oci:${layout}:linux`, 'rogue', ONLY_MANIFEST)).toMatchObject({
        verdict: 'not-trusted',
        reason: expect.stringContaining('does not lead to any trusted certificate'),
      });
    },
  );

  describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('in a registry with %s', (kind) => {
    let registry: TestRegistry;
    beforeAll(async () => {
      registry = await startRegistry(kind);
    });
    afterAll(() => registry.stop());

    test.each(FORMATS)('an index, and its manifests by that, %s', async (format) => {
      const repository = `${registry.host}/team/${format}`;
      await images.copyTo('mixed', `${repository}:1`);
      const notation = await signer('p256');
      const index = `${repository}@${mixed.index.digest}`;
      expect(await verify(`${repository}:1`, 'p256', { ...ONLY_MANIFEST })).toMatchObject({
        verdict: 'not-signed',
        platforms: [{ verdict: 'not-signed' }, { verdict: 'not-signed' }],
      });
      await notation.run('sign', '--insecure-registry', '--key', 'p256', '--signature-format', format, index);
      const report = await verify(`${repository}:1`, 'p256', ONLY_MANIFEST);
      const [signature] = report.index?.manifestSignatures ?? [];
      expect(signature).toMatchObject({ verdict: 'verified', format });
      const byIndex = { verdict: 'verified', byIndex: true, referrer: signature?.referrer };
      expect(report).toMatchObject({
        verdict: 'verified',
        index: { manifest: mixed.index, verdict: 'verified', manifestSignature: { verdict: 'verified' } },
        platforms: [
          { platform: 'linux/amd64', verdict: 'verified', manifestSignature: byIndex },
          {
            platform: 'windows/amd64',
            verdict: 'verified',
            manifestSignature: byIndex,
            manifestSignatures: [],
          },
        ],
      });
      // The Linux image alone has no signature of its own.
      const linux = `${repository}@${mixed.linux.digest}`;
      expect(await verify(linux, 'p256', ONLY_MANIFEST)).toMatchObject({ verdict: 'not-signed' });
      // Its layers have none either.
      expect(await verify(`${repository}:1`, 'p256')).toMatchObject({
        verdict: 'not-signed',
        reason: 'linux/amd64: profile containerd: no dm-verity signatures are attached',
      });
    });

    test("by notation's policy, whose scope is the repository", async () => {
      const repository = `${registry.host}/team/scoped`;
      await images.copyTo('windows', `${repository}:1`);
      const notation = await signer('p384');
      await notation.run(
        'sign',
        '--insecure-registry',
        '--key',
        'p384',
        `${repository}@${mixed.windows.digest}`,
      );
      await notation.configure(
        { 'ca:release': [keys.leaf('p384').caPath] },
        { registryScopes: [repository] },
      );
      const args = ['--trust-policy', 'notation', '--plain-http', '--layers', 'auto'];
      const env = { XDG_CONFIG_HOME: join(notation.folder, '..'), HOME: folder };
      const { stdout } = await cliOk(['verify', `${repository}:1`, ...args], { env });
      expect(stdout).toContain('statement "all", strict');
      expect(stdout).toContain('layers not checked: Windows image');
      expect(stdout).toMatch(/manifest signature: verified\n {2}Notary signature sha256:/);
      expect(stdout).toMatch(/^verified \(/m);
      expect(await notation.run('verify', '--insecure-registry', `${repository}:1`)).toContain(
        'Successfully',
      );
      await images.copyTo('windows', `${registry.host}/team/other:1`);
      const other = await cli(['verify', `${registry.host}/team/other:1`, ...args], { env });
      expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('no statement for') });
    });
  });
});

describe('a Windows image', () => {
  test('a signature of its manifest is enough, and a must, with layers auto', async () => {
    const layout = layoutOf('windows');
    const image = `oci:${layout}:windows`;
    const auto = { layers: 'auto' } as const;
    expect(await verify(image, 'p256', auto)).toMatchObject({ verdict: 'not-signed' });
    expect(await verify(image, 'p256', { ...auto, manifestSignature: 'none' })).toMatchObject({
      verdict: 'not-signed',
      reason: expect.stringContaining('not Linux file systems, and manifest signatures are not checked'),
    });
    const notation = await signer('p256');
    await notation.run('sign', '--oci-layout', `${layout}@${mixed.windows.digest}`, '--key', 'p256');
    expect(await verify(image, 'p256', auto)).toMatchObject({ verdict: 'verified' });
    // Refused as before where layers are required.
    expect(await verify(image, 'p256')).toMatchObject({ verdict: 'invalid' });
  });

  test('a changed manifest is another image', async () => {
    const layout = layoutOf('windows-changed');
    const notation = await signer('p256');
    await notation.run('sign', '--oci-layout', `${layout}@${mixed.windows.digest}`, '--key', 'p256');
    const path = join(layout, 'blobs', mixed.windows.digest.replace(':', '/'));
    writeFileSync(path, `${(await images.read(mixed.windows.digest)).toString()} `);
    expect(await verify(`oci:${layout}:windows`, 'p256', ONLY_MANIFEST)).toMatchObject({
      verdict: 'invalid',
    });
  });
});

describe('beside signatures of layers', () => {
  let layout: string;
  beforeAll(async () => {
    layout = layoutOf('both');
    const { keyPath, fullChainPath } = keys.leaf('p256');
    const args = ['--key', keyPath, '--certificate', fullChainPath, '--layers', 'auto'];
    await cliOk(['sign', `oci:${layout}:mixed`, ...args, '--manifest-signature', 'cose']);
  });

  test('both are verified, of the index and of each manifest', async () => {
    const image = `oci:${layout}:mixed`;
    const options = { layers: 'auto', manifestSignature: 'required', strict: true } as const;
    const report = await verify(image, 'p256', options);
    expect(report).toMatchObject({
      verdict: 'verified',
      index: { verdict: 'verified' },
      platforms: [
        {
          platform: 'linux/amd64',
          profiles: [{ verdict: 'verified' }],
          manifestSignature: { verdict: 'verified' },
          manifestSignatures: [{ format: 'cose', verdict: 'verified' }],
        },
        { platform: 'windows/amd64', profiles: [], manifestSignature: { verdict: 'verified' } },
      ],
    });
    expect(report.platforms[0]?.manifestSignature).not.toHaveProperty('byIndex');
  });

  test('one by a stranger is told, and counts only by a policy, if required, or strictly', async () => {
    const other = layoutOf('stranger');
    const { keyPath, chainPath, caPath } = keys.leaf('p256');
    await cliOk(['sign', `oci:${other}:linux`, '--key', keyPath, '--certificate', chainPath]);
    const notation = await signer('rogue');
    await notation.run('sign', '--oci-layout', `${other}@${mixed.linux.digest}`, '--key', 'rogue');
    const image = `oci:${other}:linux`;
    const report = await verify(image, 'p256', { recompute: false });
    expect(report).toMatchObject({
      verdict: 'verified',
      platforms: [
        {
          verdict: 'verified',
          manifestSignature: { verdict: 'not-trusted', reason: expect.stringContaining('CN=rogue') },
          manifestSignatures: [{ verdict: 'not-trusted' }],
        },
      ],
    });
    const failing = (changes: Partial<VerifyOptions>) =>
      verify(image, 'p256', { recompute: false, ...changes });
    expect(await failing({ manifestSignature: 'required' })).toMatchObject({ verdict: 'not-trusted' });
    expect(await failing({ strict: true })).toMatchObject({ verdict: 'not-trusted' });
    expect(await failing({ manifestSignature: 'none' })).toMatchObject({ verdict: 'verified' });

    const policed = new Notation(join(folder, 'home-policy'));
    await policed.configure({ 'ca:release': [caPath] });
    const trustPolicy = join(policed.folder, 'trustpolicy.json');
    process.env.XDG_CONFIG_HOME = join(policed.folder, '..');
    const byPolicy = { trustedCertificates: [], trustPolicy, trustPolicyScope: 'local/app' };
    try {
      expect(await failing(byPolicy)).toMatchObject({ verdict: 'not-trusted' });
      // The policy's trust store vouches for the signer of the layers.
      expect(await failing({ ...byPolicy, manifestSignature: 'none' })).toMatchObject({
        verdict: 'verified',
        trustPolicy: { level: 'strict' },
      });
      await policed.configure({ 'ca:release': [keys.leaf('p384').caPath] });
      expect(await failing({ ...byPolicy, manifestSignature: 'none' })).toMatchObject({
        verdict: 'not-trusted',
      });
      const audit = { signatureVerification: { level: 'audit' } };
      await policed.configure({ 'ca:release': [keys.leaf('p384').caPath] }, audit);
      const logged = await failing({ ...byPolicy, manifestSignature: 'none' });
      expect(logged).toMatchObject({ verdict: 'verified' });
      expect(logged.platforms[0]?.signatures[0]?.notes).toEqual([
        expect.stringMatching(/^authenticity failed, which the trust policy only logs/),
      ]);
      const identities = { trustedIdentities: ['x509.subject: C=US, ST=WA, O=Layer signing test'] };
      await policed.configure({ 'ca:release': [caPath] }, identities);
      expect(await failing({ ...byPolicy, manifestSignature: 'none' })).toMatchObject({
        verdict: 'not-trusted',
      });
    } finally {
      delete process.env.XDG_CONFIG_HOME;
    }
  });

  test('inspect shows them, unjudged', async () => {
    const { stdout } = await cliOk(['inspect', `oci:${layout}:mixed`, '--json']);
    const [report] = JSON.parse(stdout) as InspectReport[];
    const shown = {
      format: 'cose',
      signer: { subject: 'CN=p256,O=Layer signing test' },
      timestamped: false,
      agent: expect.stringContaining('verity-sign'),
    };
    expect(report).toMatchObject({
      manifestSignatures: [{ ...shown, target: mixed.index.digest }],
      platforms: [
        { platform: 'linux/amd64', manifestSignatures: [{ ...shown, target: mixed.linux.digest }] },
        { platform: 'windows/amd64', signatures: [], manifestSignatures: [{ target: mixed.windows.digest }] },
      ],
    });
    const table = (await cliOk(['inspect', `oci:${layout}:mixed`])).stdout;
    expect(table).toMatch(/index\n {2}Notary signature sha256:[0-9a-f]{64} \(cose\)\n {4}signs sha256:/);
  });

  test('the signer must be the one that was asked for, in both', async () => {
    const image = `oci:${layout}:mixed`;
    const options = { layers: 'auto', recompute: false, manifestSignature: 'required' } as const;
    expect(await verify(image, 'p256', { ...options, signerIdentities: ['CN=p256'] })).toMatchObject({
      verdict: 'verified',
    });
    expect(await verify(image, 'p256', { ...options, signerIdentities: ['CN=other'] })).toMatchObject({
      verdict: 'not-trusted',
      index: { verdict: 'not-trusted' },
    });
  });
});
