import { describe, expect, test } from '@jest/globals';
import { argvBySudo } from '../../../src/lib/process/privilege.ts';
import { parseMkfsVersion, refuseOldVersion, UnsupportedMkfsError } from '../../../src/tools/mkfs-erofs.ts';

describe('parseMkfsVersion', () => {
  test.each([
    ['mkfs.erofs (erofs-utils) 1.9.4\navailable compressors: deflate\n', '1.9.4'],
    ['mkfs.erofs (erofs-utils) 1.8.10-dirty\n', '1.8.10-dirty'],
    ['mkfs.erofs-1.5 1.5\n', undefined],
    ['busybox 1.36\n', undefined],
    ['', undefined],
  ])('%j is %s', (text, version) => {
    expect(parseMkfsVersion(text)).toBe(version);
  });
});

test.each(['1.5', '1.7.1', '1.8', '1.8.2', '1.8.6', '1.8.9'])(
  'fault 22: version %s is too old',
  (version) => {
    expect(() => refuseOldVersion(version)).toThrow(`${version} is too old`);
    expect(() => refuseOldVersion(version)).toThrow(UnsupportedMkfsError);
  },
);

test.each(['1.9', '1.9.0', '1.9.0-g123'])('fault 22: version %s is refused by name', (version) => {
  expect(() => refuseOldVersion(version)).toThrow('1.9.0');
});

test.each(['1.8.10', '1.8.10-1', '1.9.1', '1.9.4', '1.10', '2.0'])('version %s is supported', (version) => {
  expect(() => refuseOldVersion(version)).not.toThrow();
});

describe('argvBySudo', () => {
  const env = { PATH: '/bin', TZ: 'UTC' };

  test('sudo gets the whole environment and a limit that ends the program as root', () => {
    expect(argvBySudo(['/m', '-x'], env, 1500).join(' ')).toBe(
      'sudo -n -- env -i PATH=/bin TZ=UTC timeout --kill-after=2 2 /m -x',
    );
  });
});
