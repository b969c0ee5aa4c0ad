import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildDemoImage } from '../../scripts/demo-image.ts';
import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

interface Manifest {
  config: { digest: string };
  layers: { mediaType: string; digest: string; size: number }[];
}

describe('the demo image', () => {
  let folder: string;
  let manifest: Manifest;
  let digest: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-image-test-'));
    await buildDemoImage(join(folder, 'a'));
    const fetch = ['manifest', 'fetch', '--oci-layout', `${join(folder, 'a')}:demo`];
    const env = toolEnvironment({ HOME: folder });
    const { stdout } = await run([toolPath('oras'), ...fetch], { env });
    manifest = JSON.parse(stdout.toString());
    digest = sha256(stdout);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const blob = (of: string): Promise<Buffer> => readFile(join(folder, 'a/blobs', of.replace(':', '/')));

  test('holds gzip and zstd layers that are what manifest and config say', async () => {
    const types = manifest.layers.map((layer) => layer.mediaType.replace(/.*tar/, 'tar'));
    expect(types).toEqual(['tar+gzip', 'tar+gzip', 'tar+zstd']);
    const config = JSON.parse((await blob(manifest.config.digest)).toString());
    for (const [at, layer] of manifest.layers.entries()) {
      const bytes = await blob(layer.digest);
      expect({ digest: sha256(bytes), size: bytes.length }).toEqual({
        digest: layer.digest,
        size: layer.size,
      });
      const tar = layer.mediaType.endsWith('zstd') ? zstdDecompressSync(bytes) : gunzipSync(bytes);
      expect(sha256(tar)).toBe(config.rootfs.diff_ids[at]);
    }
  });

  test('its top layer has whiteouts, extended attributes and hard links, as GNU tar reads it', async () => {
    const tar = zstdDecompressSync(await blob(manifest.layers[2]?.digest ?? ''));
    const argv = [toolPath('tar'), '--list', '--verbose', '--verbose', '--xattrs-include=*', '--file=-'];
    const { stdout } = await run(argv, { env: toolEnvironment(), stdin: tar });
    const listing = stdout.toString();
    for (const name of ['opt/demo/.wh.draft.txt', 'opt/demo/templates/.wh..wh..opq', 'usr/share/.wh.doc']) {
      expect(listing).toContain(` ${name}\n`);
    }
    expect(listing).toContain('opt/demo/bin/hi link to opt/demo/bin/hello\n');
    expect(listing).toMatch(/opt\/demo\/bin\/hello\n +x: 20 security\.capability\n/);
    expect(listing).toMatch(/opt\/demo\/demo\.conf\n +x: 21 user\.demo\.origin\n/);
  });

  test('comes out the same again', async () => {
    await buildDemoImage(join(folder, 'b'));
    const index = JSON.parse(await readFile(join(folder, 'b/index.json'), 'utf8'));
    expect(index.manifests[0].digest).toBe(digest);
  });
});
