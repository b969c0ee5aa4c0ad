import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { fakeMkfs } from '../helpers/run-child.ts';
import { testFolder } from '../helpers/temp.ts';
import { type Vector, vectors, writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const temp = join(folder, 'temp');
const log = join(folder, 'mkfs.log');
let mkfs: string;
let key: string[];
let trust: string[];
let made = 0;

beforeAll(async () => {
  mkdirSync(temp);
  // The real one, counted: -U tells the layer.
  mkfs = fakeMkfs(folder, `echo "$*" >> '${log}'\nexec "$REAL" "$@"`);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
  trust = ['--trusted-certificate', caPath];
});

beforeEach(() => writeFileSync(log, ''));

async function layout(...layers: string[]): Promise<string> {
  const path = join(folder, `layout-${made++}`);
  mkdirSync(path);
  await writeVectorImage(path, layers);
  return `oci:${path}`;
}

/** Options by which the conversions of mkfs.erofs can be counted. */
const counted = (): string[] => ['--builder', 'mkfs', '--mkfs-path', mkfs, '--temp-dir', temp];
const common = (report: string): string[] => [...counted(), '--report', report];

function vector(name: string): Vector {
  const found = vectors().find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`no vector ${name}`);
  return found;
}

/** How often mkfs.erofs was started for a layer. */
function conversions(name: string, profile: 'containerd' | 'containerd-cache' = 'containerd'): number {
  const { uuid } = vector(name).profiles[profile];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes(uuid)).length;
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

test('images of one call share layers: converted once, signed in each, verified by one build', async () => {
  const images = [await layout('links-gzip', 'dirs-zstd'), await layout('dirs-zstd', 'whiteouts-zstd')];
  const report = join(folder, 'sign.json');
  await cliOk(['sign', ...images, ...key, ...common(report)]);
  expect(['links-gzip', 'dirs-zstd', 'whiteouts-zstd'].map((name) => conversions(name))).toEqual([1, 1, 1]);
  const [first, second] = read<[SignReport, SignReport]>(report);
  expect(first.artifacts[0]?.layers.map(({ sharedFrom }) => sharedFrom)).toEqual([undefined, undefined]);
  expect(second.artifacts[0]?.layers).toMatchObject([
    { index: 0, rootHash: vector('dirs-zstd').profiles.containerd.rootHash, sharedFrom: first.image.name },
    { index: 1, rootHash: vector('whiteouts-zstd').profiles.containerd.rootHash },
  ]);
  expect(second.artifacts[0]?.layers[1]).not.toHaveProperty('sharedFrom');

  writeFileSync(log, '');
  const verified = join(folder, 'verify.json');
  await cliOk(['verify', ...images, ...trust, ...common(verified)]);
  expect(['links-gzip', 'dirs-zstd', 'whiteouts-zstd'].map((name) => conversions(name))).toEqual([1, 1, 1]);
  const reports = read<[VerifyReport, VerifyReport]>(verified);
  expect(reports.map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
  const [shared, own] = reports[1].platforms[0]?.signatures[0]?.layers ?? [];
  expect(shared).toMatchObject({ verdict: 'verified', sharedFrom: first.image.name });
  expect(shared?.recomputedRootHash).toBe(shared?.rootHash);
  expect(own).not.toHaveProperty('sharedFrom');
  expect(readdirSync(temp)).toEqual([]);
});

test('root-hash shares them under each profile', async () => {
  const images = [await layout('dirs-zstd'), await layout('links-gzip', 'dirs-zstd')];
  const profiles = ['--profile', 'containerd', '--profile', 'containerd-cache'];
  const args = ['root-hash', ...images, ...profiles, '--json', ...counted()];
  const entries = JSON.parse((await cliOk(args)).stdout) as RootHashEntry[];
  const [{ containerd, 'containerd-cache': cache }, simple] = [
    vector('dirs-zstd').profiles,
    vector('links-gzip').profiles,
  ];
  expect(entries.map(({ rootHash, sharedFrom }) => [rootHash, sharedFrom])).toEqual([
    [containerd.rootHash, undefined],
    [cache.rootHash, undefined],
    [simple.containerd.rootHash, undefined],
    [containerd.rootHash, images[0]],
    [simple['containerd-cache'].rootHash, undefined],
    [cache.rootHash, images[0]],
  ]);
  expect([conversions('dirs-zstd'), conversions('dirs-zstd', 'containerd-cache')]).toEqual([1, 1]);
});

test('sign ends at the first image that fails; those before stay signed, and a rerun reuses them', async () => {
  const [good, later] = [await layout('links-gzip'), await layout('dirs-zstd')];
  const report = join(folder, 'failed.json');
  const failed = await cli(['sign', good, 'oci:/nowhere', later, ...key, ...common(report)]);
  expect([failed.status, failed.stderr.includes('oci:/nowhere')]).toEqual([2, true]);
  expect(failed.stdout).toContain(good);
  expect(conversions('dirs-zstd')).toBe(0);
  await cliOk(['sign', good, later, ...key, ...common(report)]);
  const reused = read<SignReport[]>(report).map(({ artifacts }) => artifacts[0]?.referrer?.reused);
  expect(reused).toEqual([true, false]);
});
