/** A second run without a change, and a layer that is in an image twice: nothing is done that was done before. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { attachedIn } from '../helpers/attached-signatures.ts';
import { cliOk } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { fileContents } from '../helpers/file-contents.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry } from '../helpers/registry.ts';
import { signaturesIn } from '../helpers/registry-signatures.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const KINDS: RegistryKind[] = ['referrers-api', 'fallback-tag'];
const NAMES = ['simple-gzip', 'whiteouts-zstd', 'simple-gzip'];
const folder = testFolder();
let files: LeafFiles;
beforeAll(async () => {
  files = (await pki()).leaf('p256');
});

let layouts = 0;
async function newLayout(): Promise<{ layout: string; image: Descriptor }> {
  layouts += 1;
  const layout = join(folder, `layout-${layouts}`);
  mkdirSync(layout);
  return { layout, image: await writeVectorImage(layout, NAMES) };
}

/** Signs layers and manifest, and returns the report. */
async function sign(reference: string, more: readonly string[] = []): Promise<SignReport> {
  const report = join(mkdtempSync(join(folder, 'report-')), 'report.json');
  const key = ['--key', files.keyPath, '--certificate', files.fullChainPath, '--manifest-signature', 'jws'];
  await cliOk(['sign', reference, ...key, '--report', report, ...more]);
  return (JSON.parse(readFileSync(report, 'utf8')) as [SignReport])[0];
}

/** Digests of the referrers of a run, and whether all of them were there before. */
function referrersOf({ artifacts, manifestSignatures }: SignReport): { digests: string[]; reused: boolean } {
  const referrers = [...artifacts, ...manifestSignatures].flatMap(({ referrer }) => referrer ?? []);
  return {
    digests: referrers.map(({ digest }) => digest).sort(),
    reused: referrers.every(({ reused }) => reused),
  };
}

async function expectReused(signing: () => Promise<SignReport>): Promise<void> {
  const first = referrersOf(await signing());
  expect(first).toEqual({ digests: [expect.any(String), expect.any(String)], reused: false });
  for (let again = 0; again < 2; again++) {
    expect(referrersOf(await signing())).toEqual({ digests: first.digests, reused: true });
  }
}

describe('fault 65: a rerun without a change', () => {
  test('of a layout writes nothing', async () => {
    const { layout } = await newLayout();
    await sign(`oci:${layout}`);
    const before = fileContents(layout);
    await expect(sign(`oci:${layout}`).then(referrersOf)).resolves.toMatchObject({ reused: true });
    expect(fileContents(layout)).toEqual(before);
    // Another profile is a change: one artifact more.
    await sign(`oci:${layout}`, ['--profile', 'containerd,containerd-cache']);
    expect(attachedIn(layout)).toHaveLength(3);
  });

  test('of an archive writes nothing', async () => {
    const { layout } = await newLayout();
    const beside = mkdtempSync(join(folder, 'archive-'));
    const archive = join(beside, 'image.tar');
    execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
    await sign(`oci-archive:${archive}`);
    const before = fileContents(beside);
    expect(referrersOf(await sign(`oci-archive:${archive}`))).toMatchObject({ reused: true });
    expect(fileContents(beside)).toEqual(before);
  });

  test.each(KINDS)('in a registry sends no request that writes: %s', async (kind) => {
    const registry = await startRegistry(kind);
    const proxy = await startFaultyProxy(registry.host, () => undefined);
    try {
      const { layout, image } = await newLayout();
      const copy = ['cp', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http'];
      await run([toolPath('oras'), ...copy, `${registry.host}/app:1`], {
        env: toolEnvironment({ HOME: folder }),
      });
      const signing = (): Promise<SignReport> => sign(`${proxy.host}/app:1`, PLAIN);
      await signing();
      const before = await signaturesIn(registry, 'app', image.digest);
      expect(writesOf(proxy).length).toBeGreaterThan(0);
      proxy.requests.length = 0;
      expect(referrersOf(await signing())).toMatchObject({ reused: true });
      expect(writesOf(proxy)).toEqual([]);
      expect(await signaturesIn(registry, 'app', image.digest)).toEqual(before);
    } finally {
      await proxy.stop();
      await registry.stop();
    }
  });

  test.each(KINDS)('with push-to adds no referrer: %s', async (kind) => {
    const registry = await startRegistry(kind);
    try {
      const { layout, image } = await newLayout();
      await expectReused(() => sign(`oci:${layout}`, [...PLAIN, '--push-to', `${registry.host}/app:1`]));
      expect(await signaturesIn(registry, 'app', image.digest)).toEqual({
        layers: [expect.any(String)],
        manifests: [expect.any(String)],
      });
    } finally {
      await registry.stop();
    }
  });
});

const PLAIN = ['--plain-http', '--oras-path', toolPath('oras')];

/** Requests by which something is written, as `METHOD PATH`. */
function writesOf({ requests }: FaultyProxy): string[] {
  return requests
    .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`);
}

test.each(['native', 'mkfs'])(
  'fault 40: the same layer twice is fetched and converted once, and listed twice, by builder %s',
  async (builder) => {
    const registry = await startRegistry('referrers-api');
    const proxy = await startFaultyProxy(registry.host, () => undefined);
    try {
      const { layout } = await newLayout();
      const copy = ['cp', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http'];
      await run([toolPath('oras'), ...copy, `${registry.host}/app:1`], {
        env: toolEnvironment({ HOME: folder }),
      });
      const mkfs = builder === 'mkfs' ? ['--mkfs-path', toolPath('mkfs.erofs')] : [];
      const options = [...PLAIN, '--builder', builder, ...mkfs];
      const report = await sign(`${proxy.host}/app:1`, [...options, '--concurrency', '4']);
      const layers = NAMES.map((name) => vectors().find((vector) => vector.name === name));
      const fetched = proxy.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
      for (const layer of new Set(layers)) {
        expect(fetched.filter((path) => path.endsWith(`/blobs/${layer?.digest}`))).toHaveLength(1);
      }
      const [artifact] = report.artifacts;
      expect(artifact?.layers.map(({ index, digest, rootHash }) => ({ index, digest, rootHash }))).toEqual(
        layers.map((layer, index) => ({
          index,
          digest: layer?.digest,
          rootHash: layer?.profiles.containerd.rootHash,
        })),
      );
      const url = `http://${registry.host}/v2/app/manifests/${artifact?.referrer?.digest}`;
      const manifest = (await (await fetch(url)).json()) as { layers: Descriptor[] };
      expect(manifest.layers).toHaveLength(3);
      const verifying = ['--trusted-certificate', files.caPath, ...options];
      await cliOk(['verify', `${registry.host}/app:1`, ...verifying]);
    } finally {
      await proxy.stop();
      await registry.stop();
    }
  },
);
