import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { LAYER_DIGEST, OWN_PREFIX } from '../../src/model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignatureManifest } from '../../src/oci/attach/artifact.ts';
import type { SignReport } from '../../src/report/report.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { sha256 } from '../helpers/image-writer.ts';
import { addManifests, attachedTo, copySignatures, relabelled } from '../helpers/junk-referrers.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const image = join(folder, 'image');
const other = join(folder, 'other');
let files: LeafFiles;
let subject: Descriptor;
/** The good signature manifest, and that of another image by the same signer. */
let good: SignatureManifest;
let foreign: SignatureManifest;

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  mkdirSync(image);
  mkdirSync(other);
  subject = await writeVectorImage(image, ['simple-gzip', 'dirs-zstd']);
  await writeVectorImage(other, ['modes-gzip', 'threelevels-gzip']);
  for (const layout of [image, other]) await sign(`oci:${layout}`, '--manifest-signature', 'jws');
  [good, foreign] = [...attachedTo(image), ...attachedTo(other)] as [SignatureManifest, SignatureManifest];
});

async function sign(name: string, ...more: string[]): Promise<{ report: SignReport; stderr: string }> {
  const report = join(folder, 'sign.json');
  const key = ['--key', files.keyPath, '--certificate', files.fullChainPath];
  const { stderr } = await cliOk(['sign', name, ...key, '--report', report, ...more]);
  return { report: JSON.parse(readFileSync(report, 'utf8'))[0], stderr };
}

async function verify(
  name: string,
  ...more: string[]
): Promise<CliResult & { report: VerifyReport; seconds: number }> {
  const path = join(folder, 'verify.json');
  const started = performance.now();
  const args = ['verify', name, '--trusted-certificate', files.caPath, '--report', path, ...more];
  const result = await cli(args);
  const seconds = (performance.now() - started) / 1000;
  return { ...result, report: JSON.parse(readFileSync(path, 'utf8'))[0], seconds };
}

/** A copy of the signed image before whose own signatures strangers have attached others. */
function flooded(name: string, junk: readonly SignatureManifest[]): string {
  const layout = join(folder, name);
  cpSync(image, layout, { recursive: true });
  copySignatures(other, layout, foreign);
  addManifests(layout, junk);
  return layout;
}

const layersOf = (): Descriptor[] =>
  good.layers.map((entry) => ({ ...entry, digest: entry.annotations?.[LAYER_DIGEST] ?? '' }));
const junk = (count: number, change?: (manifest: SignatureManifest, number: number) => void) =>
  Array.from({ length: count }, (_, number) => {
    const manifest = relabelled(foreign, subject, layersOf(), number);
    change?.(manifest, number);
    return manifest;
  });

/** A blob of so many bytes that is no signature. */
function writeNoise(layout: string, number: number, size: number): { digest: string; size: number } {
  const bytes = Buffer.alloc(size, `noise ${number} `);
  const digest = sha256(bytes);
  writeFileSync(join(layout, 'blobs', ...digest.split(':')), bytes);
  return { digest, size };
}

describe('fault 81: junk referrers before the good one', () => {
  test.each([12, 100, 900])('public signatures of another image, %i times: verified', async (count) => {
    const layout = flooded(`foreign-${count}`, junk(count));
    const { status, report, seconds } = await verify(`oci:${layout}`);
    expect(status).toBe(0);
    const verdicts = report.platforms[0]?.signatures.map(({ verdict }) => verdict) ?? [];
    expect(verdicts).toEqual([...Array(count).fill('invalid'), 'verified']);
    expect(seconds).toBeLessThan(30);
  });

  test('without building, they disagree and nothing can tell which is right', async () => {
    const layout = flooded('unbuilt', junk(12));
    expect((await verify(`oci:${layout}`, '--recompute=false')).status).not.toBe(0);
  });

  test('each with other mkfs options: the default ones are built first', async () => {
    const own = (manifest: SignatureManifest, number: number): void => {
      manifest.annotations[`${OWN_PREFIX}mkfs-options`] = `-T${number + 1} --mkfs-time --sort=none`;
    };
    const layout = flooded('options', junk(100, own));
    expect((await verify(`oci:${layout}`)).status).toBe(0);
  });

  test('manifests of 4 MiB, signatures of 1 MiB, other subjects and strangers: verified', async () => {
    const large = junk(20, (manifest) => {
      manifest.annotations['com.example.large'] = 'x'.repeat(4_100_000);
    });
    const layout = flooded('sizes', large);
    const noisy = junk(100, (manifest, number) => {
      const [first] = manifest.layers;
      if (first !== undefined) Object.assign(first, writeNoise(layout, number, 1_000_000));
    });
    const shapeless = junk(200, (manifest, number) => {
      if (number % 2 === 0) manifest.layers.pop();
      else manifest.subject = { ...manifest.subject, size: 1 };
    });
    addManifests(layout, [...noisy, ...shapeless]);
    const { status, seconds } = await verify(`oci:${layout}`);
    expect(status).toBe(0);
    expect(seconds).toBeLessThan(30);
  });

  test('sign finds its own signatures among 900 others, and names few of them', async () => {
    const broken = junk(300, ({ layers }) => void layers.pop());
    const layout = flooded('reuse', [...junk(600), ...broken]);
    const { report, stderr } = await sign(`oci:${layout}`, '--manifest-signature', 'jws');
    expect(report.artifacts[0]?.referrer?.reused).toBe(true);
    expect(report.manifestSignatures?.[0]?.referrer?.reused).toBe(true);
    expect(stderr.match(/skipping referrer sha256:/g)?.length ?? 0).toBeLessThanOrEqual(10);
  });

  test('more than are read: found while it is among the first 1,000', async () => {
    const layout = join(folder, 'many');
    cpSync(image, layout, { recursive: true });
    copySignatures(other, layout, foreign);
    addManifests(layout, junk(1200), 'behind');
    const { status, report } = await verify(`oci:${layout}`);
    expect(status).toBe(0);
    const unread = report.platforms[0]?.signatures.filter(({ verdict }) => verdict === 'unchecked') ?? [];
    expect(unread).toHaveLength(201);
    expect(unread[0]?.reason).toBe('not read: there are 1201 referrers, at most 1000 are read');
  });

  test('Notary signatures of another manifest, 900 times: the good one is found', async () => {
    const [envelope] = attachedTo(other, NOTARY_ARTIFACT_TYPE);
    if (envelope === undefined) throw new TypeError('the other image has no Notary signature');
    const copies = Array.from({ length: 900 }, (_, number) => ({
      ...envelope,
      subject: good.subject,
      annotations: { ...envelope.annotations, 'com.example.number': String(number) },
    }));
    const layout = flooded('notary', copies);
    copySignatures(other, layout, envelope);
    const demands = ['--manifest-signature', 'required', '--layers', 'none'];
    const { status, report, seconds } = await verify(`oci:${layout}`, ...demands);
    expect(status).toBe(0);
    expect(report.platforms[0]?.manifestSignatures?.length).toBe(901);
    expect(seconds).toBeLessThan(30);
    const signed = await sign(`oci:${layout}`, '--manifest-signature', 'jws');
    expect(signed.report.manifestSignatures?.[0]?.referrer?.reused).toBe(true);
  });

  test.each([
    ['referrers-api', 100],
    ['referrers-api', 900],
    ['fallback-tag', 100],
  ] as const)('in a registry, %s, %i times: verified', async (kind, count) => {
    const registry = await startRegistry(kind);
    try {
      const layout = flooded(`${kind}-${count}`, junk(count));
      const name = `${registry.host}/app:1`;
      const copy = ['cp', '-r', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http', name];
      await run([toolPath('oras'), ...copy], { env: toolEnvironment({ HOME: folder }) });
      const { status, report, seconds } = await verify(name, '--plain-http', '--oras-path', toolPath('oras'));
      expect(status).toBe(0);
      expect(report.platforms[0]?.signatures).toHaveLength(count + 1);
      expect(seconds).toBeLessThan(60);
    } finally {
      await registry.stop();
    }
  });
});
