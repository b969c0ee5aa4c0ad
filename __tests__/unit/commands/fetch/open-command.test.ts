import { describe, expect, test } from '@jest/globals';
import { deviceName, openCommand } from '../../../../src/commands/fetch/open-command.ts';

const ROOT_HASH = '0123456789abcdef'.repeat(4);

describe('the command of a layer', () => {
  test('has offset, signature, device and root hash', () => {
    const words = openCommand(
      { path: '/cache/a.erofs', rootHash: ROOT_HASH, hashOffset: 8192 },
      '/signatures',
    );
    expect(words).toEqual([
      'veritysetup',
      'open',
      '--hash-offset=8192',
      `--root-hash-signature=/signatures/${ROOT_HASH}.p7s`,
      '/cache/a.erofs',
      'verity-sign-0123456789ab',
      '/cache/a.erofs',
      ROOT_HASH,
    ]);
    expect(deviceName(ROOT_HASH)).toBe('verity-sign-0123456789ab');
  });
});
