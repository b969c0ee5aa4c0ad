import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { SignReport } from '../../src/report/report.ts';
import { inputVariables } from '../helpers/action-files.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { CA, CertificateMaker } from '../helpers/made-certificates.ts';
import { type MixedImage, mixedImage, windowsImage } from '../helpers/mixed-image.ts';
import { Notation } from '../helpers/notary.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { startTsa } from '../helpers/tsa.ts';

const ENTRY = programPath('sign-action');
const NOTARY = 'application/vnd.cncf.notary.signature';
const DM_VERITY = `${NOTARY}.dm-verity`;
const FORMATS = ['jws', 'cose'] as const;
const folder = testFolder();

let images: ImageWriter;
let mixed: MixedImage;
let notation: Notation;

beforeAll(async () => {
  images = await ImageWriter.create();
  mixed = await mixedImage(images);
  await images.add(mixed.index, 'mixed');
  await images.add(mixed.linux, 'linux');
  await images.add(mixed.windows, 'windows');
  notation = new Notation(join(folder, 'home'));
  const { leaf } = await pki();
  await notation.configure({ 'ca:release': ['rsa2048', 'p384'].map((name) => leaf(name).caPath) });
  await makeRelease();
});
afterAll(() => images.remove());

/** A signer whose subject has all that notation's trusted identities must name. */
const release = ['--key', join(folder, 'release.key'), '--certificate', join(folder, 'release.pem')];

async function makeRelease(): Promise<void> {
  const make = (name: string, subject: string, ...more: string[]): Promise<unknown> =>
    openssl(
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
        ...['-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...more],
      ],
      folder,
    );
  await make('ca', '/CN=Example CA', '-addext', 'keyUsage=critical,keyCertSign');
  const leaf = [
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-addext',
    'keyUsage=critical,digitalSignature',
  ];
  await make('release', '/C=US/ST=WA/O=Example/CN=release', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...leaf);
  appendFileSync(join(folder, 'release.pem'), readFileSync(join(folder, 'ca.pem')));
}

/** Arguments for a key of the test PKI, with its whole chain. */
async function signer(name: string): Promise<string[]> {
  const { keyPath, fullChainPath } = (await pki()).leaf(name);
  return ['--key', keyPath, '--certificate', fullChainPath];
}

async function sign(image: string, ...args: string[]): Promise<SignReport> {
  const report = join(folder, 'report.json');
  await cliOk(['sign', image, '--plain-http', '--temp-dir', folder, '--report', report, ...args]);
  const [only] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
  if (only === undefined) throw new Error('no report');
  return only;
}

/** Referrers of a type, as oras sees them. */
async function referrers(reference: string, type: string): Promise<string[]> {
  const args = ['discover', '--plain-http', '--format', 'json', '--artifact-type', type, reference];
  const { stdout } = await run([toolPath('oras'), ...args], { env: toolEnvironment({ HOME: folder }) });
  const { referrers: found = [] } = JSON.parse(stdout.toString()) as { referrers?: { digest: string }[] };
  return found.map(({ digest }) => digest);
}

/** A copy of the layout, for what is attached to it. */
function layoutOf(name: string): string {
  const directory = join(folder, name);
  cpSync(images.directory, directory, { recursive: true });
  return directory;
}

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('in a registry: %s', (kind) => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry(kind);
  });
  afterAll(() => registry.stop());

  const verify = (reference: string): Promise<string> =>
    notation.run('verify', '--insecure-registry', reference);

  test.each([
    ['jws', 'rsa3072'],
    ['cose', 'p384'],
  ])(
    'an index with a Windows image in it, %s: notation verifies index and images; a rerun attaches nothing',
    async (format, key) => {
      const repository = `${registry.host}/mixed-${format}`;
      await images.copyTo('mixed', `${repository}:v1`);
      const args = ['--manifest-signature', format, '--layers', 'auto', ...(await signer(key))];
      const report = await sign(`${repository}:v1`, ...args);

      const { linux, windows, index } = mixed;
      expect(report.artifacts.map(({ manifest }) => manifest.digest)).toEqual([linux.digest]);
      expect(report.layersLeftOut).toEqual([
        {
          platform: 'windows/amd64',
          manifest: windows,
          reason: 'Windows image: its layers are not Linux file systems',
        },
      ]);
      expect(report.manifestSignatures.map(({ manifest }) => manifest)).toEqual([linux, windows, index]);
      expect(report.manifestSignatures.map(({ platform }) => platform)).toEqual([
        'linux/amd64',
        'windows/amd64',
        undefined,
      ]);
      for (const [position, { digest }] of [linux, windows, index].entries()) {
        const reference = `${repository}@${digest}`;
        expect(await verify(reference)).toContain('Successfully verified');
        const attached = report.manifestSignatures[position]?.referrer?.digest;
        expect(await referrers(reference, NOTARY)).toEqual([attached]);
        expect(await referrers(reference, DM_VERITY)).toHaveLength(digest === linux.digest ? 1 : 0);
      }

      const again = await sign(`${repository}:v1`, ...args);
      expect(again.manifestSignatures.map(({ referrer }) => referrer)).toEqual(
        report.manifestSignatures.map(({ referrer }) => ({ ...referrer, reused: true })),
      );
      expect(again.manifestSignatures.map(({ signedAt }) => signedAt)).toEqual(
        report.manifestSignatures.map(({ signedAt }) => signedAt),
      );
      for (const { digest } of [linux, windows, index]) {
        expect(await referrers(`${repository}@${digest}`, NOTARY)).toHaveLength(1);
      }
    },
  );

  test('a Windows image: signed, attached, verified by the policy of its repository; a changed one fails', async () => {
    const repository = `${registry.host}/windows/app`;
    await images.copyTo('windows', `${repository}:ltsc2022`);
    const args = ['--manifest-signature', 'jws', ...release];

    const refused = await cli(['sign', `${repository}:ltsc2022`, '--plain-http', ...args]);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(/Windows image: its layers are not Linux file systems.*layers auto/);

    const report = await sign(`${repository}:ltsc2022`, ...args, ...['--layers', 'auto'], ...NO_MKFS);
    expect(report.builder).toBeUndefined();
    expect(report.artifacts).toEqual([]);
    expect(report.manifestSignatures).toMatchObject([{ platform: 'windows/amd64', manifest: mixed.windows }]);

    const scoped = new Notation(join(folder, `scoped-${kind}`));
    await scoped.configure(
      { 'ca:windows': [join(folder, 'ca.pem')] },
      {
        registryScopes: [repository],
        trustedIdentities: ['x509.subject: C=US, ST=WA, O=Example, CN=release'],
      },
    );
    const check = (reference: string): Promise<string> =>
      scoped.run('verify', '--insecure-registry', reference);
    expect(await check(`${repository}:ltsc2022`)).toContain('Successfully verified');

    // The same tag, another image; and the old signature listed for it.
    const changed = await windowsImage(images, 'changed');
    await images.add(changed, 'changed');
    await images.copyTo('changed', `${repository}:ltsc2022`);
    await expect(check(`${repository}:ltsc2022`)).rejects.toThrow('no signature is associated');
    const [signature] = await referrers(`${repository}@${mixed.windows.digest}`, NOTARY);
    await movedSignature(repository, signature ?? '', changed.digest);
    await expect(check(`${repository}:ltsc2022`)).rejects.toThrow('signature verification failed');
  });
});

/** Attaches a signature to a manifest that it does not belong to. */
async function movedSignature(repository: string, signature: string, subject: string): Promise<void> {
  const env = toolEnvironment({ HOME: folder });
  const oras = (...argv: string[]) => run([toolPath('oras'), ...argv], { env, cwd: folder });
  const read = async (reference: string): Promise<string> =>
    (await oras('manifest', 'fetch', '--plain-http', reference)).stdout.toString();
  const manifest = JSON.parse(await read(`${repository}@${signature}`));
  const size = Buffer.byteLength(await read(`${repository}@${subject}`));
  writeFileSync(
    join(folder, 'moved.json'),
    JSON.stringify({ ...manifest, subject: { ...manifest.subject, digest: subject, size } }),
  );
  await oras('manifest', 'push', '--plain-http', repository, 'moved.json');
}

const NO_MKFS = ['--builder', 'mkfs', '--mkfs-path', '/nonexistent'];

describe('in a layout', () => {
  test.each(FORMATS)('layers none needs no mkfs.erofs and signs the manifest alone, %s', async (format) => {
    const layout = layoutOf(`none-${format}`);
    const args = ['--manifest-signature', format, '--layers', 'none', ...NO_MKFS];
    const report = await sign(`oci:${layout}:linux`, ...args, ...(await signer('p256')));
    expect(report).toMatchObject({
      artifacts: [],
      signer: { holder: 'pem', keyType: 'EC-256' },
      layersLeftOut: [{ reason: 'its layers were not requested' }],
      manifestSignatures: [{ manifest: mixed.linux, format, timestamped: false }],
    });
    expect(await notation.verifyLayout(layout, mixed.linux.digest)).toContain('Successfully verified');
  });

  test('another format, another key and a new expiry are new signatures; half of the time is left for reuse', async () => {
    const layout = `oci:${layoutOf('variants')}:windows`;
    const signed = async (key: string, format: string, ...more: string[]) => {
      const args = ['--layers', 'none', '--manifest-signature', format, ...more, ...(await signer(key))];
      const [only] = (await sign(layout, ...args)).manifestSignatures;
      return only?.referrer;
    };
    const first = await signed('p256', 'jws');
    expect(first?.reused).toBe(false);
    expect(await signed('p256', 'jws')).toEqual({ ...first, reused: true });
    const others = [
      await signed('p256', 'cose'),
      await signed('rsa2048', 'jws'),
      await signed('p256', 'jws', '--signature-expiry', '2s'),
    ];
    expect(others.map((other) => other?.reused)).toEqual([false, false, false]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await signed('p256', 'jws', '--signature-expiry', '2s'))?.reused).toBe(false);
    const lasting = await signed('p256', 'jws', '--signature-expiry', '1h');
    expect(lasting?.reused).toBe(false);
    expect(await signed('p256', 'jws', '--signature-expiry', '1h')).toEqual({ ...lasting, reused: true });
    // Less time is asked for than the one that is there has.
    const shorter = await signed('p256', 'jws', '--signature-expiry', '50m');
    expect(shorter?.reused).toBe(false);
    expect(await signed('p256', 'jws', '--signature-expiry', '50m')).toEqual({ ...shorter, reused: true });
    expect((await signed('p256', 'jws', '--signature-expiry', '1h'))?.reused).toBe(true);
    expect(await signed('p256', 'jws')).toEqual({ ...first, reused: true });
  });

  test('what notation signed with this certificate serves, unless it says more', async () => {
    const layout = layoutOf('by-notation');
    await notation.addKey((await pki()).leaf('p256'));
    const byNotation = (...more: string[]): Promise<string> =>
      notation.run('sign', '--oci-layout', '--key', 'p256', ...more, `${layout}@${mixed.windows.digest}`);
    const args = ['--layers', 'none', '--manifest-signature', 'cose', ...(await signer('p256'))];
    const reused = async (): Promise<boolean | undefined> =>
      (await sign(`oci:${layout}:windows`, ...args)).manifestSignatures[0]?.referrer?.reused;

    await byNotation('--signature-format', 'cose', '--user-metadata', 'com.example.build=17');
    await byNotation('--signature-format', 'cose', '--expiry', '24h');
    await byNotation('--signature-format', 'jws');
    expect(await reused()).toBe(false);
    const fresh = layoutOf('by-notation-alone');
    await notation.run(
      ...['sign', '--oci-layout', '--key', 'p256', '--signature-format', 'cose'],
      `${fresh}@${mixed.windows.digest}`,
    );
    const report = await sign(`oci:${fresh}:windows`, ...args);
    expect(report.manifestSignatures[0]?.referrer?.reused).toBe(true);
  });

  test('a timestamp: notation verifies it by the store of its authority; a rerun finds it', async () => {
    const builder = new CertificateMaker(folder);
    await builder.make({ name: 'tsa-root', extensions: CA });
    const rootPath = builder.path('tsa-root');
    const tsa = await startTsa(builder, { issuer: 'tsa-root' });
    try {
      const layout = layoutOf('timestamped');
      const { leaf } = await pki();
      const dated = new Notation(join(folder, 'dated'));
      await dated.configure({ 'ca:release': [leaf('rsa2048').caPath], 'tsa:dated': [rootPath] });
      const args = [
        ...['--layers', 'none', '--manifest-signature', 'cose', '--signature-expiry', '90d'],
        ...['--timestamp-url', tsa.url, '--timestamp-certificate', rootPath],
        ...(await signer('rsa2048')),
      ];
      const report = await sign(`oci:${layout}:windows`, ...args);
      expect(report.manifestSignatures).toMatchObject([{ timestamped: true, referrer: { reused: false } }]);
      const [{ signedAt = '', expiry = '' } = {}] = report.manifestSignatures;
      expect(Date.parse(expiry) - Date.parse(signedAt)).toBe(90 * 86_400_000);
      const said = await dated.verifyLayout(layout, mixed.windows.digest);
      expect(said).toContain('Successfully verified');
      const again = await sign(`oci:${layout}:windows`, ...args);
      expect(again.manifestSignatures).toMatchObject([{ timestamped: true, referrer: { reused: true } }]);
    } finally {
      await tsa.stop();
    }
  });

  test('an index with images that were not asked for stays without a signature, and a warning says so', async () => {
    const layout = layoutOf('part');
    const report = join(folder, 'part.json');
    const args = ['--manifest-signature', 'jws', '--platform', 'linux/amd64', ...(await signer('p256'))];
    const { stderr } = await cliOk(['sign', `oci:${layout}:mixed`, '--report', report, ...args]);
    const [{ manifestSignatures }] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
    expect(manifestSignatures).toMatchObject([{ platform: 'linux/amd64', manifest: mixed.linux }]);
    expect(stderr).toMatch(/warning: index \S+ is not signed.*windows\/amd64.*Omit `platform`/i);
    // With every image asked for by name, nothing is left out but the attestation.
    const all = ['--layers', 'auto', '--platform', 'linux/amd64,windows/amd64'];
    const whole = await sign(`oci:${layout}:mixed`, ...args.slice(0, 2), ...all, ...(await signer('p256')));
    expect(whole.manifestSignatures.map(({ manifest }) => manifest)).toEqual([
      mixed.linux,
      mixed.windows,
      mixed.index,
    ]);
  });

  test('a dry run says what would be signed, and needs neither key nor certificate', async () => {
    const layout = layoutOf('dry');
    const report = await sign(`oci:${layout}:mixed`, '--dry-run', '--manifest-signature', 'jws');
    expect(report.artifacts).toHaveLength(1);
    expect(report.manifestSignatures).toEqual([
      { platform: 'linux/amd64', manifest: mixed.linux, format: 'jws' },
      { platform: 'windows/amd64', manifest: mixed.windows, format: 'jws' },
      { manifest: mixed.index, format: 'jws' },
    ]);
    expect(readFileSync(join(layout, 'index.json'))).toEqual(
      readFileSync(join(images.directory, 'index.json')),
    );
  });

  test.each([
    ['a chain without its root', 'chainPath', /not self-signed.*the root last/],
    ['an expired certificate', 'expired', /expired/],
  ])('%s is refused before anything is converted', async (_what, which, message) => {
    const { keyPath, chainPath, fullChainPath } = (await pki()).leaf(
      which === 'expired' ? 'expired' : 'chained',
    );
    const certificate = which === 'chainPath' ? chainPath : fullChainPath;
    const args = ['--key', keyPath, '--certificate', certificate, '--manifest-signature', 'jws'];
    const { status, stderr } = await cli(['sign', `oci:${images.directory}:linux`, ...args]);
    expect(status).toBe(5);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('root hash');
  });
});

test('the Action installs no mkfs.erofs where no layers are signed', async () => {
  const layout = layoutOf('action');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(toolPath('oras'), join(bin, 'oras'));
  const { keyPath, fullChainPath } = (await pki()).leaf('p256');
  const given: Record<string, string> = {
    image: `oci:${layout}:windows`,
    key: keyPath,
    certificate: fullChainPath,
    builder: 'mkfs',
    layers: 'none',
    'manifest-signature': 'cose',
  };
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const path of Object.values(files)) writeFileSync(path, '');
  const { stdout } = await run([process.execPath, ENTRY], {
    // Nothing to download with, and nowhere to keep it.
    env: { PATH: bin, HOME: folder, RUNNER_TEMP: folder, ...files, ...inputVariables('action', given) },
  });
  expect(stdout.toString()).not.toContain('mkfs');
  expect(readFileSync(files.GITHUB_OUTPUT, 'utf8')).toContain('"format":"cose"');
  expect(readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')).toContain('### ✅ Signed manifests: ');
  expect(await notation.verifyLayout(layout, mixed.windows.digest)).toContain('Successfully verified');
});

describe('the gate', () => {
  test('carries the signatures of images and index, before the tag', async () => {
    const registry = await startRegistry('fallback-tag');
    try {
      const layout = layoutOf('gate');
      const repository = `${registry.host}/gated`;
      const args = ['--manifest-signature', 'jws', '--layers', 'auto', '--push-to', `${repository}:v1`];
      const report = await sign(`oci:${layout}:mixed`, ...args, ...(await signer('p256')));
      expect(report.pushed).toEqual({ reference: `${repository}:v1`, digest: mixed.index.digest });
      for (const reference of [`${repository}:v1`, `${repository}@${mixed.windows.digest}`]) {
        expect(await notation.run('verify', '--insecure-registry', reference)).toContain(
          'Successfully verified',
        );
      }
      expect(await referrers(`${repository}@${mixed.linux.digest}`, DM_VERITY)).toHaveLength(1);
    } finally {
      await registry.stop();
    }
  });

  test("a registry that loses the index's signature never gets the tag", async () => {
    const registry = await startRegistry('referrers-api');
    const empty = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests: [] }));
    const list = `/v2/lossy/referrers/${mixed.index.digest}`;
    const proxy = await startFaultyProxy(registry.host, ({ method, path }) =>
      method === 'GET' && path.startsWith(list)
        ? { status: 200, body: empty, headers: { 'content-type': OCI.index } }
        : undefined,
    );
    try {
      // In the mode auto the fallback tag would list it.
      const mode = ['--referrers', 'api', '--manifest-signature', 'jws', '--layers', 'auto'];
      const args = [...mode, '--push-to', `${proxy.host}/lossy:v1`];
      const image = `oci:${layoutOf('lossy')}:mixed`;
      const result = await cli(['sign', image, '--plain-http', ...args, ...(await signer('p256'))]);
      expect(result.status).toBe(6);
      expect(result.stderr).toMatch(new RegExp(`does not list \\S+ as a referrer of ${mixed.index.digest}`));
      const tag = await fetch(`http://${registry.host}/v2/lossy/manifests/v1`, {
        headers: { accept: OCI.index },
      });
      expect(tag.status).toBe(404);
    } finally {
      await proxy.stop();
      await registry.stop();
    }
  });
});
