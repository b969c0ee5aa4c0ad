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
const X64 = { architecture: 'x64' } as const;
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
  expect(await findGuestFiles({ ...X64, guestDir })).toEqual({
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
  const { kernel } = await findGuestFiles({ ...X64, programFolder });
  expect(kernel).toBe(join(built, 'vmlinux.zst'));
});

test('of the checkout, for each architecture its own', async () => {
  const checkout = join(folder, 'of-two');
  for (const architecture of ['x64', 'arm64'] as const) {
    const built = made({ ...manifest, architecture }, `of-two/.preflight/${architecture}`);
    writeFileSync(join(checkout, 'package.json'), '{}');
    const found = await findGuestFiles({ architecture, programFolder: checkout, pinned: {} });
    expect(found).toMatchObject({ kernel: join(built, 'vmlinux.zst'), manifest: { architecture } });
  }
});

test('those of another architecture are refused, with what they are for', async () => {
  const guestDir = made({ ...manifest, architecture: 'arm64' });
  await expect(findGuestFiles({ ...X64, guestDir })).rejects.toMatchObject({
    code: 'usage',
    message: `${guestDir} has the kernel for linux/arm64, and the image is of linux/amd64`,
    remedy: 'Give the folder of the files for x64 as guest-dir, or test an image of linux/arm64',
  });
});

test('nowhere: what to do', async () => {
  await expect(
    findGuestFiles({ architecture: 'arm64', programFolder: '/', pinned: {} }),
  ).rejects.toMatchObject({
    code: 'environment',
    message: "preflight's kernel and initramfs for linux/arm64 are not on this machine",
    remedy: expect.stringContaining('npm run preflight:build -- --architecture arm64'),
  });
  await expect(findGuestFiles({ ...X64, guestDir: join(folder, 'none') })).rejects.toMatchObject({
    code: 'usage',
    message: `guest-dir: ${join(folder, 'none')} has no manifest.json`,
  });
});

describe('a manifest that is refused', () => {
  const without = (change: object) => ({ ...manifest, vmlinux: { ...manifest.vmlinux, ...change } });
  test.each([
    ['no JSON', '{', ''],
    ['another version', { ...manifest, version: 2 }, '(see "version")'],
    ['an unknown architecture', { ...manifest, architecture: 'riscv64' }, '(see "architecture")'],
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
    await expect(findGuestFiles({ ...X64, guestDir })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/is not a manifest that this version knows/),
    });
    const error = await findGuestFiles({ ...X64, guestDir }).catch((thrown: Error) => thrown);
    expect((error as Error).message.endsWith(where)).toBe(true);
  });

  test('a folder, and a file without end', async () => {
    const guestDir = join(folder, 'odd');
    mkdirSync(join(guestDir, 'manifest.json'), { recursive: true });
    await expect(findGuestFiles({ ...X64, guestDir })).rejects.toMatchObject({
      message: expect.stringContaining('EISDIR'),
    });
    await expect(findGuestFiles({ ...X64, guestDir: made(' '.repeat(2_000_000)) })).rejects.toMatchObject({
      message: expect.stringContaining('too large'),
    });
  });
});
