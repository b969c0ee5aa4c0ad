import { describe, expect, test } from '@jest/globals';
import { vmOf } from '../../../../src/frontend/action/install-tools.ts';
import { guestArchitectures } from '../../../../src/model/guest-architecture.ts';

describe('the architecture of the VM, for which QEMU is installed', () => {
  const [own] = guestArchitectures();

  test.each([
    [[], own],
    [['linux/amd64'], 'x64'],
    [['linux/arm64/v8'], 'arm64'],
    [['linux/s390x', 'linux/aarch64'], 'arm64'],
    [['linux/arm64', 'linux/amd64'], own],
    // Refused later, with a reason.
    [['linux/s390x'], own],
  ] as const)('of %j', (platforms, architecture) => {
    expect(vmOf(platforms)).toBe(architecture);
  });

  test("this machine's own is the first", () => {
    expect(guestArchitectures('x64')).toEqual(['x64', 'arm64']);
    expect(guestArchitectures('arm64')).toEqual(['arm64', 'x64']);
    expect(guestArchitectures('s390x')).toEqual(['x64', 'arm64']);
  });
});
