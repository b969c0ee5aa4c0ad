import { expect, test } from '@jest/globals';
import { checkNodeVersion } from '../../../../src/frontend/cli/node-version.ts';

test('Node before 22.15 is refused', () => {
  for (const version of ['22.15.0', '22.16.1', '23.0.0', '24.21.0'])
    expect(() => checkNodeVersion(version)).not.toThrow();
  for (const version of ['20.20.2', '22.14.9', '8.0.0'])
    expect(() => checkNodeVersion(version)).toThrow('too old');
});
