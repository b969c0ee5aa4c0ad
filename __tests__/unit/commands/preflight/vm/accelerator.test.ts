import { expect, test } from '@jest/globals';
import { chooseAccelerator } from '../../../../../src/commands/preflight/vm/accelerator.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();

/** For a guest of arm64 on an x64 machine. */
function choose(choice: 'auto' | 'kvm' | 'tcg', lines: string[]) {
  return chooseAccelerator({
    choice,
    architecture: 'arm64',
    host: 'x64',
    machine: { kind: 'direct', vmlinux: '/k', initramfs: '/i' },
    commandLine: [],
    folder,
    log: { info: (line: string) => lines.push(line) },
  });
}

test('a guest of another architecture has no KVM: the log says why', async () => {
  const lines: string[] = [];
  expect(await choose('auto', lines)).toBe('tcg');
  expect(lines).toEqual([
    'Accelerator of the virtual machine: tcg, since the guest is arm64, and this machine is x64',
  ]);
});

test('KVM is refused for it', async () => {
  await expect(choose('kvm', [])).rejects.toMatchObject({
    code: 'unchecked',
    message: 'accel: kvm does not work on this machine: the guest is arm64, and this machine is x64',
    remedy: 'Use accel: tcg, or a machine of the architecture of the image',
  });
});
