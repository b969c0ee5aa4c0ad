import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { requireComplete } from '../../../../src/commands/gate/gate.ts';
import type { SignOptions } from '../../../../src/commands/shared/options.ts';
import { warnOfUnsigned } from '../../../../src/commands/sign/index-coverage.ts';
import { planManifests } from '../../../../src/commands/sign/manifests/plan.ts';
import { resolveForSigning } from '../../../../src/commands/sign/resolve-for-signing.ts';
import { silentLogger } from '../../../../src/logger.ts';
import type { Descriptor, Platform } from '../../../../src/model/index.ts';
import type { ImageSource } from '../../../../src/oci/image/source.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const TAR = 'application/vnd.oci.image.layer.v1.tar';
const EROFS = 'application/vnd.erofs.layer.v1+gzip';

const content = new Map<string, Buffer>();
const put = (value: unknown, mediaType: string): Descriptor => {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${hash('sha256', bytes)}`;
  content.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
};
const image = (platform: Platform, types: string[], configType = CONFIG): Descriptor => {
  const layers = types.map((type, index) => put(`${platform.os} ${index}`, type));
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
  const config = put({ ...platform, rootfs }, configType);
  return { ...put({ schemaVersion: 2, config, layers }, MANIFEST), platform };
};
const indexOf = (...manifests: Descriptor[]): Descriptor => put({ schemaVersion: 2, manifests }, INDEX);

const linux = image({ os: 'linux', architecture: 'amd64' }, [TAR]);
const erofs = image({ os: 'linux', architecture: 'arm64' }, [TAR, EROFS]);
const windows = image({ os: 'windows', architecture: 'amd64' }, [TAR]);
const empty = image({ os: 'linux', architecture: 'riscv64' }, []);
const chart = image(
  { os: 'linux', architecture: 'amd64' },
  [TAR],
  'application/vnd.cncf.helm.config.v1+json',
);

type Choice = Pick<SignOptions, 'layers' | 'manifestSignature'>;
const optionsOf = (choice: Choice, platforms: string[] = []): SignOptions =>
  ({ ...choice, platforms, allowSkip: [] }) as unknown as SignOptions;

function resolve(root: Descriptor, choice: Choice, platforms?: string[]) {
  const read = ({ digest }: Descriptor): Promise<Buffer> =>
    Promise.resolve(content.get(digest) ?? Buffer.alloc(0));
  const source: ImageSource = {
    name: 'memory',
    resolve: () => Promise.resolve(root),
    manifest: read,
    config: read,
    blob: () => Promise.resolve(Readable.from([])),
  };
  return resolveForSigning(source, optionsOf(choice, platforms));
}

const digests = (found: { descriptor: Descriptor }[]): string[] =>
  found.map(({ descriptor }) => descriptor.digest);
const all = indexOf(linux, windows);

describe('layers required', () => {
  const layers = 'required';
  test.each([
    [windows, 'none', /Windows image/],
    [windows, 'jws', /Windows image/],
    [chart, 'jws', /not a container image/],
    [erofs, 'jws', /EROFS image in a form/],
    [indexOf(linux, erofs), 'none', /EROFS image in a form/],
    [empty, 'jws', /has no layers: there is nothing to sign/],
    [indexOf(windows), 'cose', /Windows image/],
  ] as const)('refuses what has no layers that can be signed', async (root, manifestSignature, message) => {
    await expect(resolve(root, { layers, manifestSignature })).rejects.toMatchObject({
      code: 'image',
      message: expect.stringMatching(message),
    });
  });

  test('an image of another system beside a Linux one is skipped, or gets its manifest signature alone', async () => {
    const plain = await resolve(all, { layers, manifestSignature: 'none' });
    expect([digests(plain.manifests), digests(plain.skipped)]).toEqual([[linux.digest], [windows.digest]]);
    const signed = await resolve(all, { layers, manifestSignature: 'jws' });
    expect([digests(signed.manifests), signed.skipped]).toEqual([[linux.digest, windows.digest], []]);
    expect(signed.manifests[1]).toMatchObject({
      layers: [],
      layersLeftOut: expect.stringMatching(/^Windows/),
    });
    const chosen = await resolve(all, { layers, manifestSignature: 'jws' }, ['linux/amd64']);
    expect(digests(chosen.manifests)).toEqual([linux.digest]);
  });
});

describe('layers auto', () => {
  const layers = 'auto';
  test.each([
    [windows, /^Windows/],
    [erofs, /^layer 1: the layer is an EROFS image in a form/],
    [empty, /^has no layers/],
    [chart, /^not a container image/],
  ])('takes what has none for its manifest signature', async (root, reason) => {
    const { manifests } = await resolve(root, { layers, manifestSignature: 'cose' });
    expect(manifests).toMatchObject([{ layers: [], layersLeftOut: expect.stringMatching(reason) }]);
    await expect(resolve(root, { layers, manifestSignature: 'none' })).rejects.toMatchObject({
      code: 'image',
      remedy: expect.stringContaining('manifest-signature'),
    });
  });

  test('needs no manifest signature where something else is signed', async () => {
    const { manifests } = await resolve(indexOf(linux, erofs), { layers, manifestSignature: 'none' });
    expect(manifests.map(({ layers }) => layers.length)).toEqual([1, 0]);
  });
});

test('layers none: every manifest, none of its layers', async () => {
  const { manifests } = await resolve(indexOf(linux, erofs, windows), {
    layers: 'none',
    manifestSignature: 'jws',
  });
  expect(manifests.map(({ layers }) => layers.length)).toEqual([0, 0, 0]);
});

test('manifest signatures: each image once, the index last, none if none are wanted', async () => {
  const options = { layers: 'auto', manifestSignature: 'jws' } as const;
  const planned = planManifests(await resolve(all, options), optionsOf(options));
  expect(planned.map(({ subject }) => subject.digest)).toEqual([linux.digest, windows.digest, all.digest]);
  expect(planned.map(({ platform }) => platform?.os)).toEqual(['linux', 'windows', undefined]);
  const single = planManifests(await resolve(linux, options), optionsOf(options));
  expect(single.map(({ subject }) => subject.digest)).toEqual([linux.digest]);
  const none = { ...options, manifestSignature: 'none' } as const;
  expect(planManifests(await resolve(all, none), optionsOf(none))).toEqual([]);
});

describe('what is left out', () => {
  const attestation = {
    ...image({ os: 'unknown', architecture: 'unknown' }, [TAR]),
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const look = async (root: Descriptor, choice: Choice, platforms: string[] = []) => {
    const found = await resolve(root, choice, platforms);
    const warnings: string[] = [];
    const options = optionsOf(choice, platforms);
    warnOfUnsigned(found, options, { ...silentLogger, warn: (message) => warnings.push(message) });
    const indexSigned = planManifests(found, options).some(({ subject }) => subject.digest === root.digest);
    return { warnings, indexSigned };
  };
  const unsigned = /^index sha256:\S+ is not signed because/;

  test.each<[string, Descriptor, Choice, string[], RegExp | undefined]>([
    [
      'a Windows image',
      all,
      { layers: 'required', manifestSignature: 'jws' },
      ['linux/amd64'],
      /windows\/amd64/,
    ],
    ['a Windows image', all, { layers: 'auto', manifestSignature: 'jws' }, ['linux/amd64'], /windows\/amd64/],
    [
      'a Linux image',
      indexOf(linux, empty),
      { layers: 'none', manifestSignature: 'cose' },
      ['linux/amd64'],
      /linux\/riscv64\. Omit `platform`/,
    ],
    [
      'nothing, all are named',
      indexOf(linux, windows, attestation),
      { layers: 'auto', manifestSignature: 'jws' },
      ['linux/amd64', 'windows/amd64'],
      undefined,
    ],
    [
      'nothing but an attestation',
      indexOf(linux, attestation),
      { layers: 'required', manifestSignature: 'jws' },
      ['linux/amd64'],
      undefined,
    ],
    ['nothing', all, { layers: 'auto', manifestSignature: 'jws' }, [], undefined],
    [
      'what a node may take for a Linux image',
      indexOf(linux, { ...attestation, platform: { os: 'linux', architecture: 'arm64' } }),
      { layers: 'required', manifestSignature: 'jws' },
      [],
      /a node could run sha256:\S+.*buildx attestation-manifest/,
    ],
  ])(
    '%s: the index is signed only if it has nothing else',
    async (_what, root, choice, platforms, warning) => {
      const { warnings, indexSigned } = await look(root, choice, platforms);
      expect(indexSigned).toBe(warning === undefined);
      expect(warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
      if (warning !== undefined) expect(warnings[0]).toMatch(unsigned);
    },
  );

  test('with auto, a warning for each Linux image without signatures of its layers, and for no other', async () => {
    const root = indexOf(linux, erofs, windows, empty);
    const { warnings, indexSigned } = await look(root, { layers: 'auto', manifestSignature: 'jws' });
    expect(warnings).toEqual([
      expect.stringMatching(
        `the layers of the Linux image ${erofs.digest} are not signed.*EROFS image in a form`,
      ),
      expect.stringMatching(`the layers of the Linux image ${empty.digest} are not signed.*no layers`),
    ]);
    expect(indexSigned).toBe(true);
    expect((await look(root, { layers: 'none', manifestSignature: 'jws' })).warnings).toEqual([]);
  });
});

describe('the gate', () => {
  const whole = async (root: Descriptor, choice: Choice, platforms?: string[]): Promise<void> =>
    requireComplete(await resolve(root, choice, platforms), optionsOf(choice, platforms));
  const refusal = { code: 'usage', message: expect.stringMatching(/^push-to would push sha256:/) };

  test('lets nothing through that a Linux node may run without any signature', async () => {
    await whole(all, { layers: 'auto', manifestSignature: 'none' });
    await whole(indexOf(linux, erofs), { layers: 'auto', manifestSignature: 'jws' });
    await whole(indexOf(linux, erofs), { layers: 'none', manifestSignature: 'jws' });
    const bare = { layers: 'auto', manifestSignature: 'none' } as const;
    await expect(whole(indexOf(linux, erofs), bare)).rejects.toMatchObject(refusal);
    const part = { layers: 'auto', manifestSignature: 'jws' } as const;
    await expect(whole(indexOf(linux, erofs), part, ['linux/amd64'])).rejects.toMatchObject(refusal);
  });
});
