import { describe, expect, test } from '@jest/globals';
import { HELP, readOptions } from '../../../scripts/image/options.ts';

describe('options of npm run image', () => {
  test('default to every architecture, and to a time that does not change', () => {
    const options = readOptions(['DIR'], {});
    expect(options).toEqual({ dir: 'DIR', architectures: ['amd64', 'arm64'], epoch: 1_795_824_000 });
  });

  test('name platforms, a package and a time', () => {
    const args = ['--platform', 'linux/arm64', '--platform', 'linux/arm64', '--package', 'x.tgz', 'DIR'];
    expect(readOptions(args, { SOURCE_DATE_EPOCH: '1700000000' })).toEqual({
      dir: 'DIR',
      architectures: ['arm64'],
      package: 'x.tgz',
      epoch: 1_700_000_000,
    });
  });

  test('ask for help', () => {
    expect(readOptions(['--help'], {})).toBeUndefined();
    for (const option of ['--platform', '--package', 'SOURCE_DATE_EPOCH']) expect(HELP).toContain(option);
  });

  test.each<[string, string[], string | undefined, string]>([
    ['no folder', [], undefined, '0 folders are given'],
    ['two folders', ['a', 'b'], undefined, '2 folders are given'],
    ['an unknown platform', ['--platform', 'linux/riscv64', 'DIR'], undefined, 'platform linux/riscv64'],
    ['an unknown option', ['--arch', 'DIR'], undefined, '--arch'],
    ['a time that is none', ['DIR'], 'yesterday', 'SOURCE_DATE_EPOCH is yesterday'],
  ])('%s is a usage error', (_what, args, epoch, message) => {
    const env = epoch === undefined ? {} : { SOURCE_DATE_EPOCH: epoch };
    expect(() => readOptions(args, env)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});
