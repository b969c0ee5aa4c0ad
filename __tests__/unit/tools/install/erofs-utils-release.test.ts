import { describe, expect, test } from '@jest/globals';
import { erofsUtilsArchive } from '../../../../src/tools/install/erofs-utils-release.ts';

const SHA256 = 'ab'.repeat(32);

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
