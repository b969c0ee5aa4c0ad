import { describe, expect, test } from '@jest/globals';
import { type Machine, orasArchive } from '../../../../src/tools/install/oras-release.ts';

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
