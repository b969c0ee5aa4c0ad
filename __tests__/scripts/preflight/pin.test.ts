import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pinnedSource } from '../../../scripts/preflight/pin.ts';

test('pins size and checksum of each file of each architecture as an asset of the release', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pin-'));
  try {
    for (const architecture of ['x64', 'arm64']) {
      await mkdir(join(folder, architecture));
      for (const name of ['manifest.json', 'vmlinux.zst', 'initramfs.cpio.zst']) {
        await writeFile(join(folder, architecture, name), `${name} of ${architecture}`);
      }
    }
    const source = await pinnedSource(folder, '1.2.3');
    const [x64 = '', arm64 = ''] = source.split('  arm64: {');
    for (const [part, architecture] of [
      [x64, 'x64'],
      [arm64, 'arm64'],
    ] as const) {
      expect(part).toContain(`/releases/download/v1.2.3/preflight-${architecture}-'`);
      for (const name of ['manifest.json', 'vmlinux.zst', 'initramfs.cpio.zst']) {
        const text = `${name} of ${architecture}`;
        const sha256 = createHash('sha256').update(text).digest('hex');
        expect(part).toContain(`'${name}': {\n        sha256: '${sha256}',\n        size: ${text.length},`);
      }
    }
    await rm(join(folder, 'arm64/vmlinux.zst'));
    await expect(pinnedSource(folder, '1.2.3')).rejects.toMatchObject({
      message: expect.stringContaining('arm64/vmlinux.zst is missing'),
      remedy: 'Run: npm run preflight:build -- --architecture arm64',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
