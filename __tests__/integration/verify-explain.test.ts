import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../src/commands/shared/options.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { LayerEntry } from '../../src/oci/attach/artifact.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { BY_MKFS, signatureBy, store, vectorArtifact, verify } from '../helpers/verify.ts';

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
async function reasons(by: Partial<VerifyOptions>): Promise<(string | undefined)[]> {
  const report = await verify(`oci:${layout}`, by);
  expect(report.verdict).toBe('invalid');
  return report.platforms[0]?.signatures[0]?.layers.map(({ reason }) => reason) ?? [];
}

const DIFFERS = "the signed root hash is not the layer's: ";

/** Signs the layout: the images are made by mkfs.erofs with `-T0`; the options are recorded. */
async function signWithOtherOptions(): Promise<void> {
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  const sign = ['sign', `oci:${layout}`, '--key', keyPath, '--certificate', chainPath];
  await cliOk([...sign, '--builder', 'mkfs', '--mkfs-options', '-T0']);
}

describe.each<[string, Partial<VerifyOptions>, { recipes: number; unbuilt: number }]>([
  // A recipe for each class, as the sets with other options record none.
  ['the native builder', {}, { recipes: 69, unbuilt: 14 }],
  ['mkfs.erofs', BY_MKFS, { recipes: 18, unbuilt: 2 }],
])('with %s', (_builder, by, count) => {
  test('signed for another profile: UUID of the diffID', async () => {
    const own = { profile: 'containerd', 'erofs-utils-class': 'C' };
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, profile: 'containerd-cache', own }));
    expect(await reasons(by)).toEqual(LAYERS.map(() => `${DIFFERS}signed for profile containerd-cache`));
  });

  test('layers that are the same in both classes verify across them', async () => {
    rmSync(layout, { recursive: true });
    const plain = ['simple-gzip', 'dirs-zstd'];
    const other = await writeVectorImage(layout, plain);
    await store(layout, await vectorArtifact({ subject: other, layers: plain, release: '1.8.10' }));
    const report = await verify(`oci:${layout}`, by);
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.signatures[0]?.erofsUtils).toEqual({ class: 'A' });
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
    expect(await reasons(by)).toEqual([
      undefined,
      undefined,
      `${DIFFERS}the layer's bytes differ from those that were signed`,
    ]);
  });

  test('more recipes than are built: those that record the usual options come first', async () => {
    for (let time = 1; time <= 17; time++) {
      const own = { profile: 'containerd', 'mkfs-options': `-T${time} --mkfs-time --sort=none` };
      await store(layout, await vectorArtifact({ subject, layers: LAYERS, own }));
    }
    await store(layout, await vectorArtifact({ subject, layers: LAYERS }));
    const report = await verify(`oci:${layout}`, by);
    expect(report.verdict).toBe('verified');
    const sets = report.platforms[0]?.signatures ?? [];
    const unbuilt = sets.filter(({ reason }) =>
      reason?.startsWith(
        `not recomputed: the signatures record ${count.recipes} recipes, at most 16 are built`,
      ),
    );
    expect(unbuilt).toHaveLength(count.unbuilt);
  });
});

describe('with mkfs.erofs', () => {
  const by = BY_MKFS;

  test('signed for another profile: tar index mode, recorded with its own options', async () => {
    const own = { profile: 'containerd', 'mkfs-options': '-T0 --mkfs-time' };
    await store(
      layout,
      await vectorArtifact({ subject, layers: LAYERS, profile: 'containerd-tar-index', own }),
    );
    expect(await reasons(by)).toEqual(LAYERS.map(() => `${DIFFERS}signed for profile containerd-tar-index`));
  });

  test('signed with other mkfs options than are recorded', async () => {
    await signWithOtherOptions();
    const signed = await verify(`oci:${layout}`, by);
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
    expect(await reasons(by)).toEqual(LAYERS.map(() => `${DIFFERS}signed for mkfs options -T0`));
  });

  test('options of the verifier come before those of strangers', async () => {
    for (let time = 1; time <= 14; time++) {
      const own = { profile: 'containerd', 'mkfs-options': `-T${time} --mkfs-time --sort=none` };
      await store(layout, await vectorArtifact({ subject, layers: LAYERS, own }));
    }
    const own = await verify(`oci:${layout}`, { ...by, mkfsOptions: '-T14 --mkfs-time --sort=none' });
    const known = own.platforms[0]?.signatures.filter(({ verdict }) => verdict !== 'unchecked');
    expect(known?.map(({ mkfsOptions }) => mkfsOptions)).toContain('-T14 --mkfs-time --sort=none');
  });

  test('built by another class: only layers with xattrs or odd times differ', async () => {
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10' }));
    const [simple, xattrs, modes] = await reasons(by);
    expect(simple).toBeUndefined();
    expect(xattrs).toBe(
      `${DIFFERS}built by erofs-utils class A, this machine has class C, and the layer has extended attributes`,
    );
    expect(modes).toBe(
      `${DIFFERS}built by erofs-utils class A, this machine has class C, and the layer has unusual times`,
    );
  });

  test('a set of another class beside one of this: each is told what it is', async () => {
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10' }));
    await store(layout, await vectorArtifact({ subject, layers: LAYERS }));
    const report = await verify(`oci:${layout}`, by);
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.signatures.map(({ verdict }) => verdict)).toEqual(['invalid', 'verified']);
    // Neither contradicts the other where nothing is built: they are for different nodes.
    expect(await verify(`oci:${layout}`, { ...by, recompute: false })).toMatchObject({ verdict: 'verified' });
  });
});

describe('with the native builder', () => {
  test('the recorded class is the one that is built', async () => {
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10' }));
    await store(layout, await vectorArtifact({ subject, layers: LAYERS }));
    const report = await verify(`oci:${layout}`, { strict: true });
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.signatures.map(({ erofsUtils }) => erofsUtils?.class)).toEqual(['A', 'C']);
  });

  test('signed for another class than is recorded', async () => {
    const own = { profile: 'containerd', 'erofs-utils-class': 'C' };
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, release: '1.8.10', own }));
    const [simple, xattrs, modes] = await reasons({});
    expect([simple, xattrs, modes]).toEqual([
      undefined,
      `${DIFFERS}signed for erofs-utils class A`,
      `${DIFFERS}signed for erofs-utils class A`,
    ]);
  });

  test('signed for another profile: tar index mode, without recorded options', async () => {
    const own = { profile: 'containerd', 'erofs-utils-class': 'C' };
    const artifact = { subject, layers: LAYERS, profile: 'containerd-tar-index', own } as const;
    await store(layout, await vectorArtifact(artifact));
    expect(await reasons({})).toEqual(LAYERS.map(() => `${DIFFERS}signed for profile containerd-tar-index`));
  });

  test('options that only mkfs.erofs supports are unchecked, with the remedy', async () => {
    await signWithOtherOptions();
    const reason = 'mkfs-options -T0 are not supported by the native builder. Set builder to mkfs';
    const report = await verify(`oci:${layout}`);
    expect(report).toMatchObject({ verdict: 'unchecked', reason: expect.stringContaining(reason) });
    const { status, stderr } = await cli(['verify', `oci:${layout}`, ...(await trusted())]);
    expect([status, stderr]).toEqual([13, expect.stringContaining(reason)]);
    expect(await verify(`oci:${layout}`, BY_MKFS)).toMatchObject({ verdict: 'verified' });
  });

  test('an unknown class is unchecked unless a known one has the same root hashes', async () => {
    const own = { profile: 'containerd', 'erofs-utils-class': 'unknown' };
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, own }));
    expect(await verify(`oci:${layout}`)).toMatchObject({ verdict: 'verified' });

    rmSync(layout, { recursive: true });
    cpSync(pristine, layout, { recursive: true });
    const rootHash = 'ab'.repeat(32);
    const pkcs7 = await signatureBy('p256', rootHash);
    const entries = (all: LayerEntry[]) =>
      all.map((entry, index) => (index === 2 ? { ...entry, rootHash, pkcs7 } : entry));
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, own, entries }));
    const reason = expect.stringMatching(/mkfs\.erofs of an unknown class.* Set builder to mkfs/);
    const report = await verify(`oci:${layout}`);
    expect(report).toMatchObject({ verdict: 'unchecked', reason });
    const layers = report.platforms[0]?.signatures[0]?.layers.map(({ verdict }) => verdict);
    expect(layers).toEqual(['verified', 'verified', 'unchecked']);
    const { status, stderr } = await cli(['verify', `oci:${layout}`, ...(await trusted())]);
    expect([status, stderr]).toEqual([13, reason]);
  });

  test('a class of a later version is unchecked, with its name, unless a known one has the same root hashes', async () => {
    const own = { profile: 'containerd', 'erofs-utils-class': '1.77.7' };
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, own }));
    expect(await verify(`oci:${layout}`)).toMatchObject({ verdict: 'verified' });

    rmSync(layout, { recursive: true });
    cpSync(pristine, layout, { recursive: true });
    const rootHash = 'ab'.repeat(32);
    const pkcs7 = await signatureBy('p256', rootHash);
    const entries = (all: LayerEntry[]) =>
      all.map((entry, index) => (index === 2 ? { ...entry, rootHash, pkcs7 } : entry));
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, own, entries }));
    const reason = expect.stringMatching(
      /made with class 1\.77\.7 of erofs-utils, which this version of verity-sign does not know; a later release may/,
    );
    const report = await verify(`oci:${layout}`);
    expect(report).toMatchObject({ verdict: 'unchecked', reason });
    expect(report.platforms[0]?.signatures[0]?.erofsUtils).toEqual({ class: '1.77.7' });
    // A mkfs.erofs of another class proves nothing either.
    expect(await verify(`oci:${layout}`, BY_MKFS)).toMatchObject({ verdict: 'unchecked', reason });
    const { status, stderr } = await cli(['verify', `oci:${layout}`, ...(await trusted())]);
    expect([status, stderr]).toEqual([13, reason]);
  });
});

async function trusted(): Promise<string[]> {
  return ['--trusted-certificate', (await pki()).leaf('p256').caPath];
}
