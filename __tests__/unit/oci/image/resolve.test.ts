import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { Descriptor, Platform } from '../../../../src/model/index.ts';
import { resolveImage } from '../../../../src/oci/image/resolve.ts';
import type { ImageSource } from '../../../../src/oci/image/source.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** An image in memory. Its digests need not fit, so that an index can contain itself. */
class MemorySource implements ImageSource {
  readonly name = 'memory';
  readonly content = new Map<string, Buffer>();
  root: Descriptor | undefined;
  reads: string[] = [];

  put(value: unknown, mediaType: string): Descriptor {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.content.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  image(
    platform: Platform | undefined,
    layers = ['a'],
    configType = 'application/vnd.oci.image.config.v1+json',
  ) {
    const descriptors = layers.map((layer) => this.put(layer, LAYER));
    const rootfs = { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) };
    const config = this.put({ ...platform, rootfs }, configType);
    return this.put({ schemaVersion: 2, config, layers: descriptors }, MANIFEST);
  }

  index(...manifests: Descriptor[]): Descriptor {
    return this.put({ schemaVersion: 2, manifests }, INDEX);
  }

  resolve(): Promise<Descriptor> {
    if (this.root === undefined) throw new TypeError('no root');
    return Promise.resolve(this.root);
  }

  manifest({ digest }: Descriptor): Promise<Buffer> {
    this.reads.push(digest);
    return Promise.resolve(this.content.get(digest) ?? Buffer.alloc(0));
  }

  config(descriptor: Descriptor): Promise<Buffer> {
    return this.manifest(descriptor);
  }

  blob({ digest }: Descriptor): Promise<Readable> {
    return Promise.resolve(Readable.from([this.content.get(digest) ?? Buffer.alloc(0)]));
  }
}

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const all = { platforms: [], allowSkip: [] };
const resolveRoot = (
  source: MemorySource,
  root: Descriptor,
  options: Parameters<typeof resolveImage>[1] = all,
) => {
  source.root = root;
  return resolveImage(source, options);
};

test('one manifest: platform from its config, name with digest, plain descriptor', async () => {
  const source = new MemorySource();
  const image = source.image(amd64, ['a', 'b']);
  const resolved = await resolveRoot(source, { ...image, annotations: { leak: 'x' }, platform: amd64 });
  expect(resolved.name).toBe(`memory@${image.digest}`);
  expect(resolved.root).toEqual(image);
  expect(resolved.manifests).toHaveLength(1);
  expect(resolved.manifests[0]?.descriptor).toEqual(image);
  expect(resolved.manifests[0]?.platform).toEqual(amd64);
  expect(resolved.manifests[0]?.layers.map(({ index }) => index)).toEqual([0, 1]);
});

describe('an index', () => {
  const source = new MemorySource();
  const one = { ...source.image(amd64), platform: amd64 };
  const two = { ...source.image(arm64), platform: arm64 };
  const attestation = {
    ...source.image({ os: 'unknown', architecture: 'unknown' }),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const unknown = { ...source.put({ x: 1 }, MANIFEST), platform: { os: 'unknown', architecture: 'unknown' } };
  const windows = {
    ...source.image({ os: 'windows', architecture: 'amd64' }),
    platform: { os: 'windows', architecture: 'amd64', 'os.version': '10.0' },
  };
  const hidden = source.image({ os: 'windows', architecture: 'arm64' });
  const helm = 'application/vnd.cncf.helm.config.v1+json';
  const chart = source.image(undefined, ['c'], helm);
  const other = source.put({ y: 1 }, 'application/vnd.example+json');
  const root = source.index(one, attestation, two, unknown, windows, hidden, chart, other, one);

  test('gives every Linux platform once and reports the rest', async () => {
    const { manifests, skipped } = await resolveRoot(source, root);
    expect(manifests.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest, two.digest]);
    expect(manifests[1]?.platform).toEqual(arm64);
    expect(Object.keys(manifests[1]?.descriptor ?? {})).toEqual(['mediaType', 'digest', 'size']);
    expect(skipped.map(({ descriptor, reason }) => [descriptor.digest, reason])).toEqual([
      [attestation.digest, 'not an image (buildx attestation-manifest)'],
      [unknown.digest, 'image of an unknown system: its layers are not Linux file systems'],
      [windows.digest, 'Windows image: its layers are not Linux file systems'],
      [hidden.digest, 'Windows image: its layers are not Linux file systems'],
      [chart.digest, 'not a container image (config application/vnd.cncf.helm.config.v1+json)'],
      [other.digest, 'not an image (application/vnd.example+json)'],
    ]);
  });

  test('what is skipped would not be run by a node', async () => {
    const { skipped } = await resolveRoot(source, root);
    expect(skipped.filter(({ mayRun }) => mayRun)).toEqual([]);
  });

  const marked = { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
  const evil = source.image(amd64, ['evil']);
  test.each<[string, Descriptor[]]>([
    ['an attestation for a platform', [{ ...evil, ...marked, platform: amd64 }]],
    ['an attestation without a platform', [{ ...evil, ...marked }]],
    ['another spelling of Linux', [{ ...evil, platform: { os: 'Linux', architecture: 'amd64' } }]],
    ['no operating system', [{ ...evil, platform: { os: '', architecture: 'amd64' } }]],
    [
      'a config with another spelling of Linux',
      [source.image({ os: 'LINUX', architecture: 'amd64' }, ['u'])],
    ],
    [
      'a config with a spelling that only Go reads',
      [source.image({ os: 'Lİnux', architecture: 'amd64' }, ['i'])],
    ],
    ['a config of another system', [{ ...hidden, platform: amd64 }]],
    ['a config of another kind', [{ ...chart, platform: amd64 }]],
    ['a config of another kind that names Linux', [source.image(amd64, ['d'], helm)]],
    [
      'unknown at first',
      [
        { ...evil, platform: { os: 'unknown', architecture: 'unknown' } },
        { ...evil, ...marked, platform: amd64 },
      ],
    ],
  ])('what is skipped but might be run: %s', async (_what, entries) => {
    const { skipped } = await resolveRoot(source, source.index(one, ...entries));
    expect(skipped).toMatchObject([{ descriptor: { digest: entries[0]?.digest }, mayRun: true }]);
  });

  test('what was not requested and has its platform from its config might be run too', async () => {
    const options = { platforms: ['linux/amd64'], allowSkip: [] };
    const { skipped } = await resolveRoot(source, source.index(one, source.image(arm64)), options);
    expect(skipped).toMatchObject([{ descriptor: { platform: arm64 }, mayRun: true, leftOut: true }]);
  });

  test.each([
    ['linux/arm64', two.digest],
    ['linux/arm64/v8', two.digest],
    ['arm64', two.digest],
    ['linux/x86_64', one.digest],
  ])('platform %s', async (platform, digest) => {
    const { manifests, skipped } = await resolveRoot(source, root, { platforms: [platform], allowSkip: [] });
    expect(manifests.map(({ descriptor }) => descriptor.digest)).toEqual([digest]);
    expect(skipped.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^platform .* was not requested/),
    );
  });

  test('a platform that is missing is an error that lists those present', async () => {
    const options = { platforms: ['linux/amd64', 'linux/s390x'], allowSkip: [] };
    await expect(resolveRoot(source, root, options)).rejects.toMatchObject({
      code: 'usage',
      message: 'the image has no platform linux/s390x; it has linux/amd64, linux/arm64',
    });
  });

  test('any of several platforms: those that are there', async () => {
    const any = (...platforms: string[]) =>
      resolveRoot(source, root, { platforms, platformsMode: 'any', allowSkip: [] });
    const { manifests } = await any('linux/s390x', 'linux/arm64');
    expect(manifests.map(({ descriptor }) => descriptor.digest)).toEqual([two.digest]);
    await expect(any('linux/s390x', 'linux/ppc64le')).rejects.toMatchObject({
      code: 'usage',
      message: 'the image has no platform linux/s390x, linux/ppc64le; it has linux/amd64, linux/arm64',
    });
  });

  test('a manifest listed for two platforms counts for both and is taken once', async () => {
    const shared = source.image({ os: 'linux', architecture: 'arm' });
    const v6 = { ...shared, platform: { os: 'linux', architecture: 'arm', variant: 'v6' } };
    const v7 = { ...shared, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } };
    const both = source.index(v6, v7);
    for (const platforms of [['linux/arm/v7'], ['linux/arm/v6'], ['linux/arm/v6', 'linux/arm/v7'], []]) {
      const { manifests, skipped } = await resolveRoot(source, both, { platforms, allowSkip: [] });
      expect(manifests).toHaveLength(1);
      expect(skipped).toEqual([]);
    }
  });
});

test('a single manifest of another platform than asked for', async () => {
  const source = new MemorySource();
  const root = source.image(amd64);
  await expect(
    resolveRoot(source, root, { platforms: ['linux/arm64'], allowSkip: [] }),
  ).rejects.toMatchObject({
    code: 'usage',
    message: 'the image has no platform linux/arm64; it has linux/amd64',
  });
});

test('a Windows image alone is an error', async () => {
  const source = new MemorySource();
  const root = source.image({ os: 'windows', architecture: 'amd64' });
  await expect(resolveRoot(source, root)).rejects.toMatchObject({
    code: 'image',
    message: expect.stringContaining('not Linux file systems'),
  });
  const asked = { platforms: ['windows/amd64'], allowSkip: [] };
  await expect(resolveRoot(source, root, asked)).rejects.toMatchObject({ code: 'usage' });
});

test('an index without Linux images says what it holds', async () => {
  const source = new MemorySource();
  const windows = { os: 'windows', architecture: 'amd64' };
  const root = source.index({ ...source.image(windows), platform: windows });
  await expect(resolveRoot(source, root)).rejects.toMatchObject({
    code: 'image',
    message: expect.stringMatching(/no Linux image \(Windows image/),
  });
});

test('nested indexes are walked in order, each once', async () => {
  const source = new MemorySource();
  const one = source.image(amd64, ['1']);
  const two = source.image(amd64, ['2']);
  const inner = source.index(two);
  const { manifests } = await resolveRoot(source, source.index(inner, one, inner));
  expect(manifests.map(({ descriptor }) => descriptor.digest)).toEqual([two.digest, one.digest]);
  expect(source.reads.filter((digest) => digest === inner.digest)).toHaveLength(1);
});

test.each(['image', 'index'] as const)('two entries that say different sizes of one %s', async (kind) => {
  const source = new MemorySource();
  const image = source.image(amd64, ['1']);
  const entry = kind === 'image' ? image : source.index(image);
  const { size } = entry;
  const wrong = { ...entry, size: size + 1 };
  const message = (first: number, second: number): string =>
    `${entry.digest} has two sizes: one descriptor says ${first} bytes, another ${second}`;
  for (const root of [source.index(entry, wrong), source.index(source.index(entry), wrong)]) {
    await expect(resolveRoot(source, root)).rejects.toMatchObject({
      code: 'image',
      message: message(size, size + 1),
    });
  }
});

test('fault 14: index nested deeper than 8', async () => {
  const source = new MemorySource();
  let root = source.image(amd64);
  for (let depth = 0; depth < 8; depth++) root = source.index(root);
  expect((await resolveRoot(source, root)).manifests).toHaveLength(1);
  await expect(resolveRoot(source, source.index(root))).rejects.toMatchObject({
    code: 'image',
    message: 'indexes are nested more than 8 deep',
  });
});

test('fault 14: index that contains itself, directly and through another', async () => {
  const source = new MemorySource();
  const self = { mediaType: INDEX, digest: `sha256:${'0'.repeat(64)}`, size: 1 };
  const through = source.index(self);
  for (const entry of [self, through]) {
    source.content.set(self.digest, Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry] })));
    await expect(resolveRoot(source, self)).rejects.toMatchObject({
      code: 'image',
      message: `the index ${self.digest} contains itself`,
    });
  }
});

test('fault 13: manifest over 4 MiB is not even read', async () => {
  const source = new MemorySource();
  const root = { mediaType: MANIFEST, digest: `sha256:${'0'.repeat(64)}`, size: 4 * 1024 * 1024 + 1 };
  await expect(resolveRoot(source, root)).rejects.toMatchObject({ code: 'image' });
  expect(source.reads).toEqual([]);
});

test('fault 25: foreign layer with and without consent', async () => {
  const source = new MemorySource();
  const layers = [{ ...source.put('f', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip') }];
  const rootfs = { type: 'layers', diff_ids: [layers[0]?.digest] };
  const config = source.put({ ...amd64, rootfs }, 'application/vnd.oci.image.config.v1+json');
  const root = source.put({ schemaVersion: 2, config, layers }, MANIFEST);
  await expect(resolveRoot(source, root)).rejects.toMatchObject({ code: 'image' });
  const { manifests } = await resolveRoot(source, root, { platforms: [], allowSkip: ['nondistributable'] });
  expect(manifests[0]).toMatchObject({ layers: [], skippedLayers: [{ index: 0 }] });
});

describe('without layers', () => {
  const windows = { os: 'windows', architecture: 'amd64' };
  const source = new MemorySource();
  const [linuxImage, windowsImage] = [source.image(amd64), source.image(windows)];
  const index = source.index({ ...linuxImage, platform: amd64 }, { ...windowsImage, platform: windows });
  const artifact = source.image(undefined, ['chart'], 'application/vnd.cncf.helm.config.v1+json');
  const resolve = (root: Descriptor, layers: 'auto' | 'none', platforms: string[] = []) => {
    source.root = root;
    return resolveImage(source, { platforms, allowSkip: [], layers });
  };

  test('auto takes images of other systems, layers left out', async () => {
    const { manifests, skipped } = await resolve(index, 'auto');
    expect(skipped).toEqual([]);
    expect(manifests).toMatchObject(
      [
        { descriptor: linuxImage, layers: [{ index: 0 }] },
        { descriptor: windowsImage, platform: windows, layers: [], layersLeftOut: /^Windows image/ },
      ].map(({ layersLeftOut, ...rest }) =>
        layersLeftOut ? { ...rest, layersLeftOut: expect.stringMatching(layersLeftOut) } : rest,
      ),
    );
    expect(manifests[0]).not.toHaveProperty('layersLeftOut');
    expect((await resolve(windowsImage, 'auto')).manifests).toHaveLength(1);
    expect((await resolve(index, 'auto', ['windows/amd64'])).manifests).toMatchObject([
      { platform: windows },
    ]);
    expect((await resolve(artifact, 'auto')).manifests).toMatchObject([
      { descriptor: artifact, layersLeftOut: expect.stringContaining('helm') },
    ]);
  });

  test('none leaves the layers of all out', async () => {
    const { manifests } = await resolve(index, 'none');
    expect(manifests.map(({ layers, layersLeftOut }) => [layers, typeof layersLeftOut])).toEqual([
      [[], 'string'],
      [[], 'string'],
    ]);
  });

  test('what an index lists for Linux is never one of another system', async () => {
    for (const platform of [amd64, { os: '', architecture: 'amd64' }]) {
      const lying = source.index({ ...linuxImage, platform: amd64 }, { ...windowsImage, platform });
      const { manifests, skipped } = await resolve(lying, 'auto');
      expect(manifests).toHaveLength(1);
      expect(skipped).toMatchObject([{ mayRun: true }]);
    }
  });

  const marked = { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
  const LINUX = { os: 'LINUX', architecture: 'amd64' };
  const linuxEntry = { ...linuxImage, platform: amd64 };
  const asWindows = { ...linuxImage, platform: windows };
  const windowsEntry = { ...windowsImage, platform: windows };
  const lying = { ...windowsImage, platform: amd64 };
  const layered = { manifests: [{ layers: 1, leftOut: false }], run: 0 };
  const refused = { manifests: [], run: 1 };
  const other = { manifests: [{ layers: 0, leftOut: true }], run: 0 };
  test.each<[string, Descriptor[], { manifests: unknown[]; run: number }]>([
    ['Windows and Linux', [asWindows, linuxEntry], layered],
    ['Windows and none', [asWindows, linuxImage], layered],
    ['Windows, and Linux in another spelling', [asWindows, { ...linuxImage, platform: LINUX }], refused],
    ['Windows, and an attestation for Linux', [asWindows, { ...linuxEntry, ...marked }], refused],
    ['Linux, and an attestation for Linux', [linuxEntry, { ...linuxEntry, ...marked }], layered],
    ['an image for Windows, for Linux', [windowsEntry, lying], refused],
    ['an image for Windows, for none and Linux', [windowsImage, lying], refused],
    ['an image for Windows, marked for Linux', [windowsEntry, { ...lying, ...marked }], refused],
    ['an image for Windows, twice', [windowsEntry, windowsImage], other],
  ])('the order of entries of one manifest does not matter: %s', async (_what, entries, expected) => {
    const control = { ...source.image(amd64, ['control']), platform: amd64 };
    for (const order of [entries, entries.toReversed()]) {
      const { manifests, skipped } = await resolve(source.index(control, ...order), 'auto');
      expect({
        manifests: manifests.slice(1).map(({ layers, layersLeftOut }) => ({
          layers: layers.length,
          leftOut: layersLeftOut !== undefined,
        })),
        run: skipped.filter(({ mayRun }) => mayRun).length,
      }).toEqual(expected);
    }
  });
});
