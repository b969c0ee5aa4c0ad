import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { signatureBy, store, vectorArtifact, verify } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'xattrs-gzip', 'modes-gzip'];
const folder = testFolder();
const pristine = join(folder, 'pristine');
const layout = join(folder, 'layout');
let subject: Descriptor;

beforeAll(async () => {
  subject = await writeVectorImage(pristine, LAYERS);
});

beforeEach(() => {
  rmSync(layout, { recursive: true, force: true });
  cpSync(pristine, layout, { recursive: true });
});

/** Reasons of the layers of the only set. */
async function reasons(): Promise<(string | undefined)[]> {
  const report = await verify(`oci:${layout}`);
  expect(report.verdict).toBe('invalid');
  return report.platforms[0]?.signatures[0]?.layers.map(({ reason }) => reason) ?? [];
}

const DIFFERS = "the signed root hash is not the layer's: ";

test('signed for another profile: UUID of the diffID', async () => {
  const own = { profile: 'containerd', 'erofs-utils-class': 'C' };
  await store(layout, await vectorArtifact({ subject, layers: LAYERS, profile: 'containerd-cache', own }));
  expect(await reasons()).toEqual(LAYERS.map(() => `${DIFFERS}signed for profile containerd-cache`));
});

test('signed for another profile: tar index mode, recorded with its own options', async () => {
  const own = { profile: 'containerd', 'mkfs-options': '-T0 --mkfs-time' };
  await store(
    layout,
    await vectorArtifact({ subject, layers: LAYERS, profile: 'containerd-tar-index', own }),
  );
  expect(await reasons()).toEqual(LAYERS.map(() => `${DIFFERS}signed for profile containerd-tar-index`));
});

test('signed with other mkfs options than are recorded', async () => {
  const { leaf } = await pki();
  const { keyPath, chainPath } = leaf('p256');
  const sign = ['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath];
  await cliOk([...sign, '--mkfs-options', '-T0']);
  const signed = await verify(`oci:${layout}`);
  expect(signed.verdict).toBe('verified');
  const [set] = signed.platforms[0]?.signatures ?? [];
  expect(set?.mkfsOptions).toBe('-T0');

  const entries = set?.layers ?? [];
  rmSync(layout, { recursive: true });
  cpSync(pristine, layout, { recursive: true });
  const pkcs7 = await Promise.all(entries.map(({ rootHash }) => signatureBy('p256', rootHash)));
  const artifact = await vectorArtifact({
    subject,
    layers: LAYERS,
    entries: (good) =>
      good.map((entry, index) => ({
        ...entry,
        rootHash: entries[index]?.rootHash ?? '',
        pkcs7: pkcs7[index] ?? entry.pkcs7,
      })),
  });
  await store(layout, artifact);
  expect(await reasons()).toEqual(LAYERS.map(() => `${DIFFERS}signed for mkfs options -T0`));
});

test('built by another class: only layers with xattrs or odd times differ', async () => {
  await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10' }));
  const [simple, xattrs, modes] = await reasons();
  expect(simple).toBeUndefined();
  expect(xattrs).toBe(
    `${DIFFERS}built by erofs-utils class A, this machine has class C, and the layer has extended attributes`,
  );
  expect(modes).toBe(
    `${DIFFERS}built by erofs-utils class A, this machine has class C, and the layer has unusual times`,
  );
});

test('layers that are the same in both classes verify across them', async () => {
  rmSync(layout, { recursive: true });
  const plain = ['simple-gzip', 'dirs-zstd'];
  const other = await writeVectorImage(layout, plain);
  await store(layout, await vectorArtifact({ subject: other, layers: plain, release: '1.8.10' }));
  const report = await verify(`oci:${layout}`);
  expect(report.verdict).toBe('verified');
  expect(report.platforms[0]?.signatures[0]?.erofsUtils).toEqual({ class: 'A' });
});

test('a set of another class beside one of this: each is told what it is', async () => {
  await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10' }));
  await store(layout, await vectorArtifact({ subject, layers: LAYERS }));
  const report = await verify(`oci:${layout}`);
  expect(report.verdict).toBe('verified');
  expect(report.platforms[0]?.signatures.map(({ verdict }) => verdict)).toEqual(['invalid', 'verified']);
  // Neither contradicts the other where nothing is built: they are for different nodes.
  expect(await verify(`oci:${layout}`, { recompute: false })).toMatchObject({ verdict: 'verified' });
});

test('a root hash that nothing explains: the bytes differ', async () => {
  const rootHash = 'ab'.repeat(32);
  const pkcs7 = await signatureBy('p256', rootHash);
  const artifact = await vectorArtifact({
    subject,
    layers: LAYERS,
    entries: (entries) =>
      entries.map((entry, index) => (index === 2 ? { ...entry, rootHash, pkcs7 } : entry)),
  });
  await store(layout, artifact);
  expect(await reasons()).toEqual([
    undefined,
    undefined,
    `${DIFFERS}the layer's bytes differ from those that were signed`,
  ]);
});

test('more recipes than are built: those that record the usual options come first', async () => {
  for (let count = 0; count < 14; count++) {
    const own = { profile: 'containerd', 'mkfs-options': `-T${count + 1} --mkfs-time --sort=none` };
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, own }));
  }
  await store(layout, await vectorArtifact({ subject, layers: LAYERS }));
  const report = await verify(`oci:${layout}`);
  expect(report.verdict).toBe('verified');
  const sets = report.platforms[0]?.signatures ?? [];
  const unbuilt = sets.filter(({ reason }) =>
    reason?.startsWith('not recomputed: the signatures record 15 recipes, at most 12 are built'),
  );
  expect(unbuilt).toHaveLength(3);
  // Those of the verifier come before those of strangers.
  const own = await verify(`oci:${layout}`, { mkfsOptions: '-T14 --mkfs-time --sort=none' });
  const known = own.platforms[0]?.signatures.filter(({ verdict }) => verdict !== 'unchecked');
  expect(known?.map(({ mkfsOptions }) => mkfsOptions)).toContain('-T14 --mkfs-time --sort=none');
});
