import { describe, expect, test } from '@jest/globals';
import { inputOf } from '../../../../src/frontend/inputs/catalog.ts';
import { CHECKSUMS, type Machine, orasArchive, VERSION } from '../../../../src/tools/install/oras-release.ts';

const SHA256 = 'ab'.repeat(32);
const LINUX: Machine = { platform: 'linux', arch: 'x64' };
const WINDOWS_ARM: Machine = { platform: 'win32', arch: 'arm64' };

describe('oras', () => {
  test.each<[Machine, string, string]>([
    [LINUX, 'linux_amd64.tar.gz', '9ce999f8'],
    [{ platform: 'linux', arch: 'arm64' }, 'linux_arm64.tar.gz', 'ac7156f9'],
    [{ platform: 'darwin', arch: 'x64' }, 'darwin_amd64.tar.gz', 'aeb684d8'],
    [{ platform: 'darwin', arch: 'arm64' }, 'darwin_arm64.tar.gz', 'f33fc127'],
  ])('%j', (machine, name, start) => {
    const { urls, sha256 } = orasArchive({ version: '1.3.3' }, machine);
    expect(urls).toEqual([
      `https://github.com/oras-project/oras/releases/download/v1.3.3/oras_1.3.3_${name}`,
    ]);
    expect(sha256).toMatch(new RegExp(`^${start}[0-9a-f]{56}$`));
  });

  test('a machine or a version without a known checksum asks for one, and takes it', () => {
    expect(() => orasArchive({ version: '1.3.3' }, WINDOWS_ARM)).toThrow(
      expect.objectContaining({ code: 'environment', remedy: expect.stringContaining('oras-sha256') }),
    );
    expect(() => orasArchive({ version: '1.9.9' }, LINUX)).toThrow(
      expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('oras-sha256') }),
    );
    expect(orasArchive({ version: '1.3.3', sha256: SHA256 }, WINDOWS_ARM)).toMatchObject({
      sha256: SHA256,
      urls: [expect.stringMatching(/oras_1\.3\.3_windows_arm64\.zip$/)],
    });
  });

  test('a mirror has the layout of the releases, or is the archive itself', () => {
    const urls = (url: string) => orasArchive({ version: '1.3.3', url }, LINUX).urls;
    expect(urls('https://mirror.example/oras/')).toEqual([
      'https://mirror.example/oras/v1.3.3/oras_1.3.3_linux_amd64.tar.gz',
    ]);
    expect(urls('https://mirror.example/o.tgz?token=x')).toEqual(['https://mirror.example/o.tgz?token=x']);
  });

  test('the default of the input is the release with a known checksum', () => {
    expect(inputOf('oras-version', 'action')?.default).toBe(VERSION);
    expect(inputOf('oras-version', 'action')?.description).toContain(`: ${VERSION}, or`);
    expect(Object.keys(CHECKSUMS)).toEqual([VERSION]);
  });

  test.each(['1.2.0', '1.2.3', '1.3.0', '1.3.2', '1.3.3-rc.1'])(
    'fault 80: %s is refused, with its checksum too',
    (version) => {
      for (const sha256 of [undefined, SHA256]) {
        expect(() => orasArchive({ version, sha256 }, LINUX)).toThrow(
          expect.objectContaining({
            code: 'usage',
            message: `input oras-version: oras ${version} can send credentials to another host that a registry names (CVE-2026-50151)`,
            remedy: 'Set it to 1.3.3 or later, or leave it out',
          }),
        );
      }
    },
  );
});
