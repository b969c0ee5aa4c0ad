import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findGuestFiles } from '../../../../../../src/commands/preflight/vm/guest/guest-files.ts';
import { testFolder } from '../../../../../helpers/temp.ts';

const folder = testFolder();
const file = { sha256: 'ab'.repeat(32), size: 1000 };
const symbols = {
  system_extra_cert: { offset: 100, size: 16_384 },
  system_extra_cert_used: { offset: 16_484, size: 4 },
  system_certificate_list_size: { offset: 99_992, size: 8 },
};
const manifest = {
  version: 1,
  architecture: 'x64',
  kernel: { release: '6.12.117' },
  files: { 'vmlinux.zst': file, 'initramfs.cpio.zst': file },
  vmlinux: { ...file, size: 100_000, symbols },
  inputs: [{ name: 'linux-source-6.12', version: '6.12.117-1', sha256: 'cd'.repeat(32) }],
};
let runs = 0;

/** A folder of guest files. */
function made(content: unknown, at = `guest-${++runs}`): string {
  const path = join(folder, at);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'manifest.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('of the folder that the user names', async () => {
  const guestDir = made(manifest);
  expect(await findGuestFiles({ guestDir })).toEqual({
    kernel: join(guestDir, 'vmlinux.zst'),
    initramfs: join(guestDir, 'initramfs.cpio.zst'),
    manifest,
  });
});

test('of the checkout, wherever in it the program lies', async () => {
  const built = made(manifest, 'checkout/.preflight/x64');
  writeFileSync(join(folder, 'checkout/package.json'), '{}');
  const programFolder = join(folder, 'checkout/dist/chunks');
  mkdirSync(programFolder, { recursive: true });
  const { kernel } = await findGuestFiles({ programFolder });
  expect(kernel).toBe(join(built, 'vmlinux.zst'));
});

test('nowhere: what to do', async () => {
  await expect(findGuestFiles({ programFolder: '/' })).rejects.toMatchObject({
    code: 'environment',
    remedy: expect.stringContaining('npm run preflight:build'),
  });
  await expect(findGuestFiles({ guestDir: join(folder, 'none') })).rejects.toMatchObject({
    code: 'usage',
    message: `guest-dir: ${join(folder, 'none')} has no manifest.json`,
  });
});

describe('a manifest that is refused', () => {
  const without = (change: object) => ({ ...manifest, vmlinux: { ...manifest.vmlinux, ...change } });
  test.each([
    ['no JSON', '{', ''],
    ['another version', { ...manifest, version: 2 }, '(see "version")'],
    ['another architecture', { ...manifest, architecture: 'arm64' }, '(see "architecture")'],
    ['a checksum in capitals', without({ sha256: 'AB'.repeat(32) }), '(see "vmlinux.sha256")'],
    ['a size that is too large', without({ size: 1e12 }), '(see "vmlinux.size")'],
    ['a symbol behind the end', without({ size: 99_999 }), '(see "vmlinux.symbols")'],
    [
      'a symbol of another size',
      without({ symbols: { ...symbols, system_extra_cert_used: { offset: 0, size: 8 } } }),
      '(see "vmlinux.symbols.system_extra_cert_used.size")',
    ],
  ])('%s', async (_name, content, where) => {
    const guestDir = made(content);
    await expect(findGuestFiles({ guestDir })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/is not a manifest that this version knows/),
    });
    const error = await findGuestFiles({ guestDir }).catch((thrown: Error) => thrown);
    expect((error as Error).message.endsWith(where)).toBe(true);
  });

  test('a folder, and a file without end', async () => {
    const guestDir = join(folder, 'odd');
    mkdirSync(join(guestDir, 'manifest.json'), { recursive: true });
    await expect(findGuestFiles({ guestDir })).rejects.toMatchObject({
      message: expect.stringContaining('EISDIR'),
    });
    await expect(findGuestFiles({ guestDir: made(' '.repeat(2_000_000)) })).rejects.toMatchObject({
      message: expect.stringContaining('too large'),
    });
  });
});
