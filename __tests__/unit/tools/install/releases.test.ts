import { describe, expect, test } from '@jest/globals';
import { candidateIn } from '../../../../src/tools/install/apt.ts';
import { withoutSecrets } from '../../../../src/tools/install/download.ts';
import { erofsUtilsArchive } from '../../../../src/tools/install/erofs-utils-release.ts';
import { type Machine, orasArchive } from '../../../../src/tools/install/oras-release.ts';
import { parseOsRelease } from '../../../../src/tools/install/runner-cache.ts';

const SHA256 = 'ab'.repeat(32);
const LINUX: Machine = { platform: 'linux', arch: 'x64' };
const WINDOWS_ARM: Machine = { platform: 'win32', arch: 'arm64' };

describe('oras', () => {
  test.each<[Machine, string, string]>([
    [LINUX, 'linux_amd64.tar.gz', '6cdc692f'],
    [{ platform: 'linux', arch: 'arm64' }, 'linux_arm64.tar.gz', '7649738b'],
    [{ platform: 'darwin', arch: 'x64' }, 'darwin_amd64.tar.gz', '82c33f7d'],
    [{ platform: 'darwin', arch: 'arm64' }, 'darwin_arm64.tar.gz', 'e10c6552'],
    [{ platform: 'win32', arch: 'x64' }, 'windows_amd64.zip', 'b050e93a'],
  ])('%j', (machine, name, start) => {
    const { urls, sha256 } = orasArchive({ version: '1.3.0' }, machine);
    expect(urls).toEqual([
      `https://github.com/oras-project/oras/releases/download/v1.3.0/oras_1.3.0_${name}`,
    ]);
    expect(sha256).toMatch(new RegExp(`^${start}[0-9a-f]{56}$`));
  });

  test('a machine or a version without a known checksum asks for one, and takes it', () => {
    expect(() => orasArchive({ version: '1.3.0' }, WINDOWS_ARM)).toThrow(
      expect.objectContaining({ code: 'environment', remedy: expect.stringContaining('oras-sha256') }),
    );
    expect(() => orasArchive({ version: '1.9.9' }, LINUX)).toThrow(
      expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('oras-sha256') }),
    );
    expect(orasArchive({ version: '1.3.0', sha256: SHA256 }, WINDOWS_ARM)).toMatchObject({
      sha256: SHA256,
      urls: [expect.stringMatching(/oras_1\.3\.0_windows_arm64\.zip$/)],
    });
  });

  test('a mirror has the layout of the releases, or is the archive itself', () => {
    const urls = (url: string) => orasArchive({ version: '1.3.0', url }, LINUX).urls;
    expect(urls('https://mirror.example/oras/')).toEqual([
      'https://mirror.example/oras/v1.3.0/oras_1.3.0_linux_amd64.tar.gz',
    ]);
    expect(urls('https://mirror.example/o.tgz?token=x')).toEqual(['https://mirror.example/o.tgz?token=x']);
  });
});

describe('erofs-utils', () => {
  test.each([
    [undefined, '1.9.4'],
    ['any', '1.9.4'],
    ['C', '1.9.4'],
    ['B', '1.9.2'],
    ['A', '1.9.1'],
    ['1.8.10', '1.8.10'],
  ])('%s is built from %s', (wanted, version) => {
    const { urls, sha256 } = erofsUtilsArchive({ wanted });
    expect(urls).toEqual([
      expect.stringMatching(new RegExp(`^https://git\\.kernel\\.org/.*/erofs-utils-${version}\\.tar\\.gz$`)),
      `https://github.com/erofs/erofs-utils/archive/refs/tags/v${version}.tar.gz`,
    ]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('another version needs its checksum', () => {
    expect(() => erofsUtilsArchive({ wanted: '1.9.3' })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('erofs-utils-sha256') }),
    );
    expect(erofsUtilsArchive({ wanted: '1.9.3', sha256: SHA256, url: 'file:///srv' })).toMatchObject({
      version: '1.9.3',
      sha256: SHA256,
      urls: ['file:///srv/erofs-utils-1.9.3.tar.gz'],
    });
  });
});

test.each([
  ['erofs-utils:\n  Installed: (none)\n  Candidate: 1.7.1-1build1\n  Version table:\n', '1.7.1'],
  ['erofs-utils:\n  Installed: 1.5-1\n  Candidate: 1:1.9.4+ds1-2ubuntu0.1\n', '1.9.4'],
  ['erofs-utils:\n  Installed: (none)\n  Candidate: 1.8.10\n', '1.8.10'],
  ['erofs-utils:\n  Installed: (none)\n  Candidate: (none)\n', undefined],
  ['', undefined],
])("apt's candidate in %j", (text, expected) => {
  expect(candidateIn(text)).toBe(expected);
});

test('a URL is shown without password and token', () => {
  expect(withoutSecrets('https://user:secret@mirror.example:8443/a/b.tar.gz?sig=secret#x')).toBe(
    'https://mirror.example:8443/a/b.tar.gz',
  );
});

test('os-release, with quotes and without', () => {
  expect(parseOsRelease('NAME="A \'B\'"\nID=ubuntu\nVERSION_ID="24.04"\n')).toMatchObject({
    ID: 'ubuntu',
    VERSION_ID: '24.04',
  });
});
