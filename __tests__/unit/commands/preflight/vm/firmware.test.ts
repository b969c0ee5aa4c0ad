import { expect, test } from '@jest/globals';
import { findFirmware } from '../../../../../src/commands/preflight/vm/firmware.ts';

test('a machine without firmware: the package is named, and no input that does not install it', () => {
  const nowhere = { code: '/nowhere/OVMF_CODE.fd', variables: '/nowhere/OVMF_VARS.fd' };
  expect(() => findFirmware([nowhere])).toThrow(
    expect.objectContaining({
      code: 'environment',
      message: expect.stringContaining('OVMF'),
      // The Action has no input for a kernel, so that its install does not bring the firmware.
      remedy: 'Install it with sudo apt-get install --no-install-recommends ovmf, or omit kernel',
    }),
  );
});

test('the first place that has both files', () => {
  const here = { code: import.meta.filename, variables: import.meta.filename };
  const half = { code: import.meta.filename, variables: '/nowhere/OVMF_VARS.fd' };
  expect(findFirmware([half, here])).toBe(here);
});
