import { expect, test } from '@jest/globals';
import { manifestFor, vmPlatforms } from '../../../../src/commands/preflight/manifest.ts';
import type { PlatformManifest, ResolvedImage } from '../../../../src/model/index.ts';
import { parsePlatform } from '../../../../src/oci/image/platform.ts';

/** An image of these platforms, one layer each. */
function image(...platforms: string[]): ResolvedImage {
  const manifests = platforms.map((text) => ({
    platform: parsePlatform(text),
    layers: [{}],
    skippedLayers: [],
  }));
  return { manifests: manifests as unknown as PlatformManifest[] } as ResolvedImage;
}

const chosen = (given: ResolvedImage, platforms: readonly string[]) => manifestFor(given, platforms);

test.each([
  [['linux/amd64', 'linux/arm64'], ['linux/amd64', 'linux/arm64'], 0, 'x64'],
  [['linux/amd64', 'linux/arm64'], ['linux/arm64', 'linux/amd64'], 1, 'arm64'],
  [['linux/s390x', 'linux/arm64'], ['linux/amd64', 'linux/arm64'], 1, 'arm64'],
  [['linux/amd64', 'linux/arm64'], ['linux/arm64/v8'], 1, 'arm64'],
  [['linux/amd64/v3', 'linux/amd64'], ['x86_64'], 1, 'x64'],
] as const)('of %j, asked for %j', (has, wanted, index, architecture) => {
  const given = image(...has);
  expect(chosen(given, wanted)).toEqual({ manifest: given.manifests[index], architecture });
});

test('of no architecture that the VM can have', () => {
  expect(() => chosen(image('linux/s390x'), ['linux/amd64', 'linux/arm64'])).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: 'preflight runs images of linux/amd64 and linux/arm64, and this one is of linux/s390x',
      remedy: 'Test an image of linux/amd64 or linux/arm64',
    }),
  );
});

test('two images of one platform', () => {
  expect(() => chosen(image('linux/arm64', 'linux/arm64'), ['linux/arm64'])).toThrow(
    'the index has 2 images of linux/arm64',
  );
});

test('the kernel of a node is for linux/amd64', () => {
  expect(vmPlatforms({ kernel: { image: '/vmlinuz', modules: '/modules' } })).toEqual(['linux/amd64']);
  expect(vmPlatforms({}).toSorted()).toEqual(['linux/amd64', 'linux/arm64']);
});
