import { expect, test } from '@jest/globals';
import { formatPlatform, parsePlatform, platformNames } from '../../../../src/oci/image/platform.ts';

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/x86_64', 'linux/amd64'],
  ['LINUX/ARM64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['linux/armhf', 'linux/arm/v7'],
  ['arm64', 'linux/arm64'],
  ['windows/amd64', 'windows/amd64'],
  ['linux(+erofs)/amd64', 'linux(+erofs)/amd64'],
  ['linux(+b+a+b)/arm', 'linux(+a+b)/arm/v7'],
])('%s is %s', (text, normal) => {
  expect(formatPlatform(parsePlatform(text))).toBe(normal);
});

test.each([
  '',
  'linux',
  'linux/',
  'a/b/c/d',
  'linux/amd64,linux/arm64',
  'linux(+erofs)',
  'linux()/amd64',
  'linux(erofs)/amd64',
])('refuses %j', (text) => {
  expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test.each(['constructor', 'toString', '__proto__'])(
  'the architecture %s is one like any other',
  (architecture) => {
    expect(formatPlatform({ os: 'linux', architecture })).toBe(`linux/${architecture.toLowerCase()}`);
  },
);

test('names are in lowercase as containerd makes it, with one character for each', () => {
  const named = { os: 'LİNUX', architecture: 'X86_64', variant: 'V3İ', 'os.features': ['erofs'] };
  expect(formatPlatform(named)).toBe('linux(+erofs)/amd64/v3i');
  expect(formatPlatform({ os: 'MACOS', architecture: 'AΣ' })).toBe('darwin/aσ');
});

test('features tell Linux images apart, and a platform without them selects both', () => {
  const plain = { os: 'linux', architecture: 'amd64' };
  const erofs = { ...plain, 'os.features': ['erofs'] };
  expect(platformNames(plain)).toEqual(['linux/amd64']);
  expect(platformNames(erofs)).toEqual(['linux(+erofs)/amd64', 'linux/amd64']);
  const windows = { os: 'windows', architecture: 'amd64', 'os.features': ['win32k'] };
  expect(formatPlatform(windows)).toBe('windows/amd64');
  // Foreign text, also half of a surrogate pair, leaves the name readable.
  const odd = { ...plain, 'os.features': ['a)/b', '\ud800', 'x\n'] };
  expect(formatPlatform(odd)).toBe('linux(+a)%2Fb+x%0A+%EF%BF%BD)/amd64');
});
