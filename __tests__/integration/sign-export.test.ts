import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { filesIn } from '../helpers/layer-cache.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const LAYERS = ['simple-gzip', 'xattrs-gzip', 'simple-zstd', 'whiteouts-zstd'];
const BOTH = ['--profile', 'containerd,containerd-cache'];
const folder = testFolder();
let keys: Pki;

beforeAll(async () => {
  keys = await pki();
});

const key = (): string[] => {
  const { keyPath, chainPath } = keys.leaf('rsa2048');
  return ['--key', keyPath, '--certificate', chainPath];
};

async function vectorImage(name: string, layers: readonly string[] = LAYERS): Promise<string> {
  await writeVectorImage(join(folder, name), layers);
  return `oci:${join(folder, name)}`;
}

async function sign(images: readonly string[], more: readonly string[]): Promise<SignReport[]> {
  return JSON.parse((await cliOk(['sign', ...images, ...key(), '--json', ...more])).stdout) as SignReport[];
}

describe('sign with export-dir', () => {
  test('writes what export writes of the signed image', async () => {
    const image = await vectorImage('image');
    const [cache, other] = [join(folder, 'cache'), join(folder, 'exported')];
    const [report] = await sign([image], [...BOTH, '--export-dir', cache]);
    await cliOk(['export', image, other, '--trusted-certificate', keys.leaf('rsa2048').caPath]);
    // The two blobs of one tar are one layer of the cache.
    expect(filesIn(cache).size).toBe(9);
    expect(filesIn(cache)).toEqual(filesIn(other));
    expect(report?.exported).toMatchObject({ folder: cache });
    expect(report?.exported?.layers.map(({ signed, outcome }) => [signed, outcome])).toEqual([
      [true, 'written'],
      [true, 'written'],
      [true, 'written'],
    ]);
    expect(report?.artifacts.map(({ profile }) => profile)).toEqual(['containerd', 'containerd-cache']);
  });

  test('with mkfs.erofs, of signatures that are there already, and into a cache that is complete', async () => {
    const image = await vectorImage('again');
    const [cache, other] = [join(folder, 'first'), join(folder, 'second')];
    await sign([image], [...BOTH, '--export-dir', cache]);
    const mkfs = ['--builder', 'mkfs', '--mkfs-path', toolPath('mkfs.erofs')];
    const [report] = await sign([image], [...BOTH, '--export-dir', other, ...mkfs]);
    expect(report?.artifacts.every(({ referrer }) => referrer?.reused)).toBe(true);
    expect(filesIn(other)).toEqual(filesIn(cache));
    const [third] = await sign([image], [...BOTH, '--export-dir', other]);
    expect(third?.exported?.layers.map(({ outcome }) => outcome)).toEqual(Array(3).fill('already there'));
    expect(filesIn(other)).toEqual(filesIn(cache));
  });

  test('in a registry, and several images with common layers', async () => {
    const registry = await startRegistry('referrers-api');
    try {
      const [one, two] = [await vectorImage('one'), await vectorImage('two', ['xattrs-gzip', 'modes-gzip'])];
      const cache = join(folder, 'several');
      const pushed = ['--push-to', `${registry.host}/team/app:1`, '--plain-http'];
      await sign([one], [...BOTH, '--export-dir', cache, ...pushed]);
      const reports = await sign([one, two], [...BOTH, '--export-dir', cache]);
      const outcomes = reports.map(({ exported }) => exported?.layers.map(({ outcome }) => outcome));
      expect(outcomes).toEqual([Array(3).fill('already there'), ['already there', 'written']]);
    } finally {
      await registry.stop();
    }
  });

  test('an image that is not signed for the cache is there without signatures, with a warning', async () => {
    const image = await vectorImage('plain');
    const cache = join(folder, 'unsigned');
    const { stdout, stderr } = await cliOk(['sign', image, ...key(), '--json', '--export-dir', cache]);
    expect(stderr).toContain('3 of 3 root hashes of the cache are not signed');
    const [{ artifacts, exported }] = JSON.parse(stdout) as [SignReport];
    expect(artifacts.map(({ profile }) => profile)).toEqual(['containerd']);
    expect(exported?.layers.map(({ signed }) => signed)).toEqual([false, false, false]);
    expect(readdirSync(join(cache, 'signatures'))).toEqual([]);
    rmSync(cache, { recursive: true });
  });

  test.each([
    ['a dry run', ['--dry-run'], 'dry run'],
    ['no layers', ['--layers', 'none', '--manifest-signature', 'jws'], 'layers none'],
    ['two classes', ['--erofs-utils-version', 'A,C'], 'one image of each layer'],
  ])('is refused with %s', async (_what, options, message) => {
    const image = await vectorImage('refused');
    const cache = join(folder, 'refused-cache');
    const { status, stderr } = await cli(['sign', image, ...key(), '--export-dir', cache, ...options]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(cache)).toBe(false);
  });
});
