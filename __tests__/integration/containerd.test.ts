import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type ImportedImage, importWithContainerd } from '../helpers/containerd.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

describe('the vectors are what containerd makes', () => {
  let folder: string;
  let archive: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'containerd-test-'));
    archive = join(folder, 'vectors.tar');
    const layout = join(folder, 'layout');
    await writeVectorImage(layout);
    await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], {
      env: toolEnvironment(),
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function imported<T>(
    options: Parameters<typeof importWithContainerd>[1],
    look: (image: ImportedImage) => T,
  ): Promise<T> {
    const image = await importWithContainerd(archive, options);
    try {
      return look(image);
    } finally {
      await image.stop();
    }
  }

  test('each layer.erofs is the image of profile containerd, byte for byte', async () => {
    const made = await imported({}, ({ layers }) => layers.map(({ sha256, size }) => ({ sha256, size })));
    const expected = vectors().map(({ profiles: { containerd } }) => {
      return { sha256: containerd.imageSha256, size: containerd.imageSize };
    });
    expect(expected).toHaveLength(28);
    expect(made).toEqual(expected);
  });

  test('with containerd’s default options no layer has those bytes: the node must be configured', async () => {
    const made = await imported({ mkfsOptions: [] }, ({ layers }) => layers.map(({ sha256 }) => sha256));
    expect(made).toHaveLength(28);
    for (const { profiles } of vectors()) expect(made).not.toContain(profiles.containerd.imageSha256);
  });
});
