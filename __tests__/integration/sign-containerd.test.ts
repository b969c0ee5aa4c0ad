import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildDemoImage } from '../../scripts/demo-image.ts';
import { run } from '../../src/lib/process/run.ts';
import type { RootHashEntry } from '../../src/report/report.ts';
import { cliOk } from '../helpers/cli.ts';
import { importWithContainerd } from '../helpers/containerd.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();

/** What this project hashed, and what a real containerd wrote to disk for the same image. */
async function bothMake(layout: string): Promise<{ hashed: string[]; containerd: string[] }> {
  const rootHashes = async (...more: string[]): Promise<RootHashEntry[]> =>
    JSON.parse((await cliOk(['root-hash', '--json', `oci:${layout}`, ...more])).stdout) as RootHashEntry[];
  // Only mkfs.erofs makes a file to hash; the native builder must have the same root hashes.
  const byMkfs = await rootHashes('--builder', 'mkfs');
  const hashed = byMkfs.map(({ imageSha256 = '' }) => imageSha256);
  expect((await rootHashes()).map(({ rootHash }) => rootHash)).toEqual(
    byMkfs.map(({ rootHash }) => rootHash),
  );

  const archive = `${layout}.tar`;
  const env = toolEnvironment();
  await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], { env });
  const image = await importWithContainerd(archive);
  const containerd = image.layers.map(({ sha256 }) => sha256);
  await image.stop();
  return { hashed, containerd };
}

test('the demo image: what was hashed is what containerd has, byte for byte', async () => {
  const layout = join(folder, 'demo');
  await buildDemoImage(layout);
  const { hashed, containerd } = await bothMake(layout);
  expect(hashed).toHaveLength(3);
  expect(containerd).toEqual(hashed);
});

test('an image of ten layers, three compressions, whiteouts and xattrs: the same', async () => {
  const layout = join(folder, 'many');
  const names = ['dirs-gzip', 'xattrs-gzip', 'simple-zstd', 'whiteouts-tar', 'links-gzip', 'modes-gzip'];
  await writeVectorImage(layout, [...names, 'dirs-zstd', 'edges-gzip', 'big-gzip', 'gnu-longnames-gzip']);
  const { hashed, containerd } = await bothMake(layout);
  expect(hashed).toHaveLength(10);
  expect(containerd).toEqual(hashed);
});
