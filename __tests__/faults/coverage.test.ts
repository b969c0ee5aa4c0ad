import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type ImageContent, ImageWriter, OCI, sha256 } from '../helpers/image-writer.ts';
import { WINDOWS, windowsImage } from '../helpers/mixed-image.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors } from '../helpers/vector-image.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };
const ARM64 = { os: 'linux', architecture: 'arm64' };
const UNKNOWN = { os: 'unknown', architecture: 'unknown' };
const FREEBSD = { os: 'freebsd', architecture: 'amd64' };
const ATTESTATION = { 'vnd.docker.reference.type': 'attestation-manifest' };
const DM_VERITY = 'application/vnd.cncf.notary.signature.dm-verity';
const PLAIN = /^verified \([\d.]+ s\)$/m;

const folder = testFolder();
let keys: Pki;
let images: ImageWriter;
let count = 0;

beforeAll(async () => {
  keys = await pki();
  images = await ImageWriter.create();
});
afterAll(() => images.remove());

/** A Linux image whose layers are those of these vectors. */
async function linuxImage(names: string[], config: ImageContent['platform'] = AMD64): Promise<Descriptor> {
  const found = names.map((name) => {
    const vector = vectors().find((one) => one.name === name);
    if (vector === undefined) throw new TypeError(`no vector is called ${name}`);
    return vector;
  });
  return images.image({
    platform: config,
    layers: found.map(({ path, mediaType }) => ({ bytes: readFileSync(path), mediaType })),
    diffIds: found.map(({ diffId }) => diffId),
  });
}

/** A copy of the layout with this image as its tag `app`. */
async function layoutOf(root: Descriptor): Promise<string> {
  const directory = join(folder, `layout-${count++}`);
  cpSync(images.directory, directory, { recursive: true });
  const entry = { ...root, annotations: { 'org.opencontainers.image.ref.name': 'app' } };
  writeFileSync(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests: [entry] }),
  );
  return directory;
}

function lastReport<T>(): T {
  const [only] = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as T[];
  if (only === undefined) throw new Error('no report');
  return only;
}

function sign(layout: string, ...args: string[]): Promise<CliResult> {
  const { keyPath, fullChainPath } = keys.leaf('p256');
  const signer = ['--key', keyPath, '--certificate', fullChainPath];
  return cli(['sign', `oci:${layout}:app`, ...signer, ...common(), ...args]);
}

function verify(layout: string, ...args: string[]): Promise<CliResult> {
  const trust = ['--trusted-certificate', keys.leaf('p256').caPath];
  return cli(['verify', `oci:${layout}:app`, ...trust, ...common(), ...args]);
}

function common(): string[] {
  return ['--temp-dir', folder, '--report', join(folder, 'report.json')];
}

/** What `sign` attached to the layout. */
function attached(layout: string): { artifactType?: string }[] {
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    manifests: { artifactType?: string }[];
  };
  return manifests.filter(({ artifactType }) => artifactType !== undefined);
}

function leftInTemp(): string[] {
  return readdirSync(folder).filter((name) => !/^layout-\d+$|^report\.json$/.test(name));
}

describe('fault 85: a changed image under copied layer signatures', () => {
  let signed: string;
  let good: Descriptor;

  beforeAll(async () => {
    good = await linuxImage(['simple-gzip', 'dirs-zstd']);
    signed = await layoutOf(good);
    await cliOk(['--version']);
    expect((await sign(signed)).status).toBe(0);
  });

  /** The layout with another image in the good one's place, and the good one's signatures for it. */
  async function withCopied(evil: Descriptor, layers: number): Promise<string> {
    const layout = await layoutOf(evil);
    const source = JSON.parse(readFileSync(join(signed, 'index.json'), 'utf8')) as {
      manifests: (Descriptor & { artifactType?: string })[];
    };
    const referrer = source.manifests.find(({ artifactType }) => artifactType === DM_VERITY);
    if (referrer === undefined) throw new Error('nothing was attached');
    const blob = (directory: string, digest: string): string =>
      join(directory, 'blobs', ...digest.split(':'));
    const manifest = JSON.parse(readFileSync(blob(signed, referrer.digest), 'utf8')) as {
      subject: Descriptor;
      layers: Descriptor[];
    };
    cpSync(join(signed, 'blobs'), join(layout, 'blobs'), { recursive: true });
    const { mediaType, digest, size } = evil;
    const bytes = Buffer.from(
      JSON.stringify({
        ...manifest,
        subject: { mediaType, digest, size },
        layers: manifest.layers.slice(0, layers),
      }),
    );
    const copied = { ...referrer, digest: sha256(bytes), size: bytes.length };
    writeFileSync(blob(layout, copied.digest), bytes);
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: unknown[] };
    index.manifests.push(copied);
    writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
    return layout;
  }

  const changes: [string, () => Promise<[Descriptor, number]>][] = [
    [
      'another entrypoint',
      async () => [
        await linuxImage(['simple-gzip', 'dirs-zstd'], {
          ...AMD64,
          config: { Entrypoint: ['/bin/sh', '-c', 'evil'], User: 'root' },
        } as ImageContent['platform']),
        2,
      ],
    ],
    ['fewer layers', async () => [await linuxImage(['simple-gzip']), 1]],
  ];

  test.each(changes)('%s: the verdict says what is not covered', async (_what, make) => {
    const layout = await withCopied(...(await make()));
    const { status, stdout } = await verify(layout);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^layers verified; configuration not covered \([\d.]+ s\)$/m);
    expect(stdout).not.toMatch(PLAIN);
    expect(stdout).toContain('entrypoint, user and environment are not covered');
    expect(lastReport<VerifyReport>()).toMatchObject({
      verdict: 'verified',
      configurationCovered: false,
      uncovered: [],
    });
  });

  test.each(changes)('%s: rejected where a manifest signature is required', async (_what, make) => {
    const layout = await withCopied(...(await make()));
    const { status, stderr } = await verify(layout, '--manifest-signature', 'required');
    expect(status).toBe(10);
    expect(stderr).toContain('NOT SIGNED: no Notary signature is attached');
    expect(lastReport<VerifyReport>()).toMatchObject({ configurationCovered: false });
    expect(leftInTemp()).toEqual([]);
  });

  test('with a manifest signature, the verdict has no restriction', async () => {
    const layout = await layoutOf(good);
    const done = await sign(layout, '--manifest-signature', 'jws');
    expect(done.stdout).toMatch(/^signed and attached \([\d.]+ s\)$/m);
    expect(lastReport<SignReport>()).toMatchObject({ configurationCovered: true, uncovered: [] });
    const { status, stdout } = await verify(layout, '--manifest-signature', 'required');
    expect([status, stdout]).toEqual([0, expect.stringMatching(PLAIN)]);
    expect(lastReport<VerifyReport>()).toMatchObject({ configurationCovered: true });
    expect((await verify(layout, '--manifest-signature', 'none')).stdout).toMatch(
      /^layers verified; configuration not covered \(/m,
    );
  });
});

describe('fault 100: an image of an index that is not signed', () => {
  let linux: Descriptor;
  let windows: Descriptor;

  beforeAll(async () => {
    linux = { ...(await linuxImage(['simple-gzip'])), platform: AMD64 };
    windows = { ...(await windowsImage(images)), platform: WINDOWS };
  });

  const foreign = async (platform: Descriptor['platform'] & object): Promise<Descriptor> => ({
    ...(await images.image({ platform, layers: [`of ${platform.os}`] })),
    platform,
  });

  const others: [string, string, () => Promise<Descriptor>][] = [
    ['Windows', 'windows/amd64', async () => windows],
    ['FreeBSD', 'freebsd/amd64', () => foreign(FREEBSD)],
    ['unknown', 'unknown/unknown', () => foreign(UNKNOWN)],
    [
      'Windows, called an attestation',
      'windows/amd64',
      async () => ({ ...windows, annotations: ATTESTATION }),
    ],
  ];

  test.each(others)('%s: signed and verified, and said to be not covered', async (_what, platform, make) => {
    const other = await make();
    const layout = await layoutOf(await images.index([linux, other]));
    const done = await sign(layout);
    expect(done.status).toBe(0);
    const missing = { platform, digest: other.digest, reason: expect.stringContaining('not Linux') };
    expect(lastReport<SignReport>()).toMatchObject({ uncovered: [missing] });
    expect(done.stdout).toMatch(/^layers signed and attached, 1 image not covered; configuration not/m);
    for (const { status, stdout, stderr } of [done, await verify(layout)]) {
      expect(status).toBe(0);
      expect(stdout).not.toMatch(PLAIN);
      expect(stdout).toContain(`${platform}, ${other.digest}\n  not covered by a signature: `);
      expect(stderr).toContain(`1 image not covered by a signature: ${platform} ${other.digest} (`);
    }
    expect((await verify(layout)).stdout).toMatch(
      /^layers verified, 1 image not covered; configuration not covered \([\d.]+ s\)$/m,
    );
    expect(lastReport<VerifyReport>()).toMatchObject({ verdict: 'verified', uncovered: [missing] });
  });

  test.each(others)(
    '%s, with layers all: nothing is signed, and not-signed',
    async (_what, platform, make) => {
      const other = await make();
      const layout = await layoutOf(await images.index([linux, other]));
      const refused = await sign(layout, '--layers', 'all');
      expect(refused.status).toBe(3);
      expect(refused.stderr.trim().split('\n')).toEqual([
        expect.stringContaining(`layers is all, but 1 image not covered: ${platform} ${other.digest} (`),
      ]);
      expect(attached(layout)).toEqual([]);
      expect((await sign(layout)).status).toBe(0);
      const { status, stderr } = await verify(layout, '--layers', 'all');
      expect(status).toBe(10);
      expect(stderr).toContain(
        `NOT SIGNED: ${platform}: layers is all, but no signature covers ${other.digest}: `,
      );
      expect(lastReport<VerifyReport>()).toMatchObject({ verdict: 'not-signed', uncovered: [{ platform }] });
      expect(leftInTemp()).toEqual([]);
    },
  );

  test('several are counted, and an attestation is no image', async () => {
    const attestation = { ...(await foreign(UNKNOWN)), annotations: ATTESTATION };
    const layout = await layoutOf(await images.index([linux, windows, await foreign(FREEBSD), attestation]));
    expect((await sign(layout)).status).toBe(0);
    const { status, stdout } = await verify(layout);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^layers verified, 2 images not covered; configuration not covered \(/m);
    const alone = await layoutOf(await images.index([linux, attestation]));
    expect((await sign(alone, '--layers', 'all', '--manifest-signature', 'jws')).status).toBe(0);
    const all = await verify(alone, '--layers', 'all');
    expect([all.status, all.stdout]).toEqual([0, expect.stringMatching(PLAIN)]);
  });

  test('a signature of the index, or one of the image, covers it', async () => {
    const root = await images.index([linux, windows]);
    const whole = await layoutOf(root);
    expect((await sign(whole, '--layers', 'all', '--manifest-signature', 'jws')).status).toBe(0);
    expect(lastReport<SignReport>().uncovered).toEqual([]);
    const covered = await verify(whole, '--layers', 'all');
    expect([covered.status, covered.stdout]).toEqual([0, expect.stringMatching(PLAIN)]);

    const three = await layoutOf(await images.index([linux, windows, await foreign(FREEBSD)]));
    const two = ['--platform', 'linux/amd64', '--platform', 'windows/amd64', '--layers', 'auto'];
    expect((await sign(three, ...two, '--manifest-signature', 'jws')).status).toBe(0);
    const { status, stdout } = await verify(three);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^verified, 1 image not covered \(/m)]);
    expect(lastReport<VerifyReport>().uncovered).toMatchObject([{ platform: 'freebsd/amd64' }]);
  });

  test('an unsigned Linux platform is not signed; if platform excludes it, it is not covered', async () => {
    const arm = { ...(await linuxImage(['dirs-zstd'], ARM64)), platform: ARM64 };
    const layout = await layoutOf(await images.index([linux, arm]));
    expect((await sign(layout, '--platform', 'linux/amd64')).status).toBe(0);
    expect(lastReport<SignReport>().uncovered).toMatchObject([{ platform: 'linux/arm64' }]);
    const missing = await verify(layout);
    expect(missing.status).toBe(10);
    expect(missing.stderr).toContain('NOT SIGNED: linux/arm64: ');
    const chosen = await verify(layout, '--platform', 'linux/amd64');
    expect(chosen.status).toBe(0);
    expect(chosen.stdout).toMatch(/^layers verified, 1 image not covered; configuration not covered \(/m);
    // The user has chosen: no warning.
    expect(chosen.stderr).not.toContain('not covered');
    expect((await verify(layout, '--platform', 'linux/amd64', '--layers', 'all')).status).toBe(10);
  });

  test('auto still demands a manifest signature of the Windows image', async () => {
    const layout = await layoutOf(await images.index([linux, windows]));
    expect((await sign(layout, '--layers', 'auto')).status).toBe(0);
    expect(lastReport<SignReport>().uncovered).toMatchObject([{ platform: 'windows/amd64' }]);
    const { status, stderr } = await verify(layout, '--layers', 'auto');
    expect(status).toBe(10);
    expect(stderr).toContain('NOT SIGNED: windows/amd64: ');
  });
});

describe('sign and verify agree on what an image is', () => {
  const emptyConfig = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2 };

  /** An artifact, such as an SBOM. */
  async function artifact(config: Descriptor): Promise<Descriptor> {
    await images.blob(Buffer.from('{}'), emptyConfig.mediaType);
    const layer = await images.blob(Buffer.from('{"spdxVersion":"SPDX-2.3"}'), 'text/spdx+json');
    const manifest = { schemaVersion: 2, mediaType: OCI.manifest, config, layers: [layer] };
    return images.json(manifest, OCI.manifest);
  }

  test.each([
    ['without an architecture', { os: 'linux', architecture: '' }],
    ['for a platform', AMD64],
    ['without a platform', undefined],
  ])('an SBOM with an empty config, listed %s: no image for either', async (_what, platform) => {
    const sbom = { ...(await artifact(emptyConfig)), ...(platform === undefined ? {} : { platform }) };
    const linux = { ...(await linuxImage(['simple-gzip'])), platform: AMD64 };
    const layout = await layoutOf(await images.index([linux, sbom]));
    expect((await sign(layout, '--manifest-signature', 'jws')).status).toBe(0);
    expect(lastReport<SignReport>().uncovered).toEqual([]);
    const { status, stdout } = await verify(layout, '--layers', 'all');
    expect([status, stdout]).toEqual([0, expect.stringMatching(PLAIN)]);
  });

  const disguised = { ...AMD64, rootfs: { type: 'layers', diff_ids: [] } };
  test.each([
    ['listed for a platform', ARM64, disguised],
    ['without a platform, which a node reads from the config', undefined, disguised],
    [
      'with names that only Go takes for those of a config',
      undefined,
      { OS: 'linux', Architecture: 'amd64' },
    ],
    ['with an architecture alone', undefined, { architecture: 'amd64' }],
  ])(
    'an image whose config has the type of an artifact, %s: both refuse',
    async (_what, platform, content) => {
      const config = await images.json(content, 'text/plain');
      const hidden = { ...(await artifact(config)), ...(platform === undefined ? {} : { platform }) };
      const linux = { ...(await linuxImage(['simple-gzip'])), platform: AMD64 };
      const layout = await layoutOf(await images.index([linux, hidden]));
      const refused = await sign(layout);
      expect(refused.status).toBe(3);
      expect(refused.stderr).toContain(`a node may run ${hidden.digest}, but its layers cannot be signed`);
      expect(attached(layout)).toEqual([]);
      const { status, stderr } = await verify(layout);
      expect(status).toBe(11);
      expect(stderr).toContain(`a node may run ${hidden.digest}, but its layers cannot be signed`);
      expect(leftInTemp()).toEqual([]);
    },
  );

  test('an image whose config spells Linux as nodes alone accept it: both refuse', async () => {
    const hidden = await linuxImage(['dirs-zstd'], { os: 'LINUX', architecture: 'arm64' });
    const linux = { ...(await linuxImage(['simple-gzip'])), platform: AMD64 };
    const layout = await layoutOf(await images.index([linux, hidden]));
    for (const [{ status, stderr }, refused] of [
      [await sign(layout), 3],
      [await verify(layout), 11],
    ] as const) {
      expect(status).toBe(refused);
      expect(stderr).toContain(`a node may run ${hidden.digest}, but its layers cannot be signed: `);
      expect(stderr).toContain('its operating system is "LINUX", which must be "linux"');
    }
    expect(attached(layout)).toEqual([]);
  });

  test.each([
    ['first for Windows', [WINDOWS, AMD64]],
    ['last for Windows', [AMD64, WINDOWS]],
    ['for Windows and without a platform', [WINDOWS, undefined]],
  ])('an image that is listed %s: it needs signatures of its layers', async (_what, platforms) => {
    const image = await linuxImage(['simple-gzip']);
    const entries = platforms.map((platform) => ({ ...image, ...(platform && { platform }) }));
    const layout = await layoutOf(await images.index(entries));
    const notary = ['--layers', 'none', '--manifest-signature', 'jws'];
    expect((await sign(layout, ...notary)).status).toBe(0);
    expect((await verify(layout, '--layers', 'auto')).status).toBe(10);
    expect((await sign(layout, '--layers', 'auto')).status).toBe(0);
    expect((await verify(layout, '--layers', 'auto')).status).toBe(0);
    expect(lastReport<VerifyReport>().platforms[0]).not.toHaveProperty('layersLeftOut');
  });

  test.each([
    ['a chart', { name: 'chart', version: '1.0.0' }],
    ['a WebAssembly module', { os: 'wasip2', architecture: 'wasm' }],
    ['no JSON', 'text'],
  ])('an artifact without a platform whose config no node takes for an image: %s', async (_what, content) => {
    const other = await artifact(await images.json(content, 'application/vnd.example.config'));
    const linux = { ...(await linuxImage(['simple-gzip'])), platform: AMD64 };
    const layout = await layoutOf(await images.index([linux, other]));
    expect((await sign(layout)).status).toBe(0);
    expect((await verify(layout, '--layers', 'all')).status).toBe(0);
  });
});
