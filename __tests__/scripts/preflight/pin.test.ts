import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pinnedSource } from '../../../scripts/preflight/pin.ts';

test('pins size and checksum of each file as an asset of the release', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pin-'));
  try {
    const files = { 'manifest.json': '{}', 'vmlinux.zst': 'kernel', 'initramfs.cpio.zst': 'initramfs' };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const source = await pinnedSource(folder, '1.2.3');
    expect(source).toContain('/releases/download/v1.2.3/preflight-x64-');
    for (const [name, text] of Object.entries(files)) {
      const sha256 = createHash('sha256').update(text).digest('hex');
      expect(source).toContain(`'${name}': {\n      sha256: '${sha256}',\n      size: ${text.length},`);
    }
    await rm(join(folder, 'vmlinux.zst'));
    await expect(pinnedSource(folder, '1.2.3')).rejects.toThrow('vmlinux.zst is missing');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
