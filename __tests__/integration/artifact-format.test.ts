import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RemoveReport } from '../../src/report/remove-report.ts';
import type { SignReport } from '../../src/report/report.ts';
import type { InspectReport, VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const TARDEV = 'application/vnd.oci.mt.pkcs7';
const NOTARY = 'application/vnd.cncf.notary.signature.dm-verity';
const LAYERS = ['simple-gzip', 'dirs-zstd'];
const folder = testFolder();
let count = 0;

async function newLayout(): Promise<string> {
  const layout = join(folder, `layout-${count++}`);
  await writeVectorImage(layout, LAYERS);
  return layout;
}

interface Stored {
  mediaType: string;
  digest: string;
  artifactType?: string;
  layers: { digest: string; size: number; annotations: Record<string, string> }[];
}

const blobOf = (layout: string, digest: string): Buffer =>
  readFileSync(join(layout, 'blobs', ...digest.split(':')));
function stored(layout: string, artifactType: string): Stored[] {
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    manifests: Stored[];
  };
  return manifests
    .filter((entry) => entry.artifactType === artifactType)
    .map(({ digest }) => JSON.parse(blobOf(layout, digest).toString()) as Stored);
}

async function json<T>(args: readonly string[]): Promise<T> {
  const parsed = JSON.parse((await cliOk([...args, '--json'])).stdout) as T | T[];
  return Array.isArray(parsed) ? (parsed[0] as T) : parsed;
}

async function key(name = 'rsa2048'): Promise<string[]> {
  const { keyPath, chainPath } = (await pki()).leaf(name);
  return ['--key', keyPath, '--certificate', chainPath];
}

async function trust(): Promise<string[]> {
  return ['--trusted-certificate', join((await pki()).dir, 'root.pem')];
}

function vector(name: string) {
  const found = vectors().find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`no vector is called ${name}`);
  return found;
}

test('both: two artifacts over the same signatures, in the order of the layers; a second run attaches nothing', async () => {
  const layout = await newLayout();
  const words = ['sign', `oci:${layout}`, '--artifact-format', 'both', ...(await key())];
  const report = await json<SignReport>(words);
  expect(report.artifacts.map(({ artifactFormat }) => artifactFormat)).toEqual([undefined, 'tardev']);
  const [tardev] = stored(layout, TARDEV);
  const [notary] = stored(layout, NOTARY);
  expect(tardev?.layers.map(({ digest }) => digest)).toEqual(notary?.layers.map(({ digest }) => digest));
  expect(tardev?.layers.map(({ annotations }) => annotations)).toEqual(
    LAYERS.map((name, index) => {
      const { digest, profiles } = vector(name);
      return {
        'image.layer.digest': digest,
        'image.layer.root_hash': profiles.containerd.rootHash,
        'image.layer.signature': blobOf(layout, tardev?.layers[index]?.digest ?? '').toString('base64'),
        'signature.blob.name': `signature_for_layer_${digest.slice('sha256:'.length)}.json`,
      };
    }),
  );
  const again = await json<SignReport>(words);
  expect(again.artifacts.map(({ referrer }) => referrer?.reused)).toEqual([true, true]);
});

test('tardev alone verifies with a note that it records no profile, and the profile is found', async () => {
  const layout = await newLayout();
  await cliOk(['sign', `oci:${layout}`, '--artifact-format', 'tardev', ...(await key())]);
  expect(stored(layout, NOTARY)).toEqual([]);
  const report = await json<VerifyReport>(['verify', `oci:${layout}`, ...(await trust())]);
  expect(report.verdict).toBe('verified');
  expect(report.platforms[0]?.signatures).toMatchObject([
    {
      artifactFormat: 'tardev',
      profile: 'containerd',
      notes: ['records no profile, its root hashes are those of containerd'],
    },
  ]);
  const quick = await json<VerifyReport>([
    'verify',
    `oci:${layout}`,
    '--recompute=false',
    ...(await trust()),
  ]);
  expect(quick.platforms[0]?.signatures[0]?.notes).toEqual(['records no profile, counted for containerd']);
  const inspected = await json<InspectReport>(['inspect', `oci:${layout}`]);
  expect(inspected.platforms[0]?.signatures).toMatchObject([
    {
      artifactFormat: 'tardev',
      signers: [{ subject: 'CN=rsa2048,O=Layer signing test' }],
      layers: LAYERS.map((name) => ({ layerDigest: vector(name).digest })),
    },
  ]);
  const other = await cli([
    'verify',
    `oci:${layout}`,
    '--profile',
    'containerd-tar-index',
    ...(await trust()),
  ]);
  expect(other.status).not.toBe(0);
});

test('the gate pushes both, and verify reads both there', async () => {
  const layout = await newLayout();
  const registry = await startRegistry('referrers-api');
  try {
    const reference = `${registry.host}/both:1`;
    const push = ['--push-to', reference, '--plain-http', ...(await key())];
    await cliOk(['sign', `oci:${layout}`, '--artifact-format', 'both', ...push]);
    const report = await json<VerifyReport>([
      'verify',
      reference,
      '--plain-http',
      '--strict',
      ...(await trust()),
    ]);
    expect(report.verdict).toBe('verified');
    expect(
      report.platforms[0]?.signatures.map(({ artifactFormat, verdict }) => [artifactFormat, verdict]),
    ).toEqual([
      [undefined, 'verified'],
      ['tardev', 'verified'],
    ]);
  } finally {
    await registry.stop();
  }
});

test('remove takes both; one does not stand in for the other', async () => {
  const layout = await newLayout();
  await cliOk(['sign', `oci:${layout}`, '--artifact-format', 'both', ...(await key())]);
  await cliOk(['sign', `oci:${layout}`, ...(await key('p256'))]);
  const { signers } = (await json<InspectReport>(['inspect', `oci:${layout}`])).platforms[0]?.signatures.find(
    ({ artifactFormat }) => artifactFormat === 'tardev',
  ) ?? { signers: [] };
  const words = ['remove', `oci:${layout}`, '--signer', signers[0]?.fingerprint ?? ''];
  const report = await json<RemoveReport>(words);
  // The other signer has signed the same root hashes, in the form of the Notary Project alone.
  expect(report.signatures.map(({ artifactFormat, lastGood }) => [artifactFormat, lastGood])).toEqual([
    [undefined, false],
    ['tardev', true],
  ]);
  await cliOk([...words, '--yes', '--force']);
  expect(stored(layout, TARDEV)).toEqual([]);
});

describe('artifacts of other signers', () => {
  /** As the signer of kata-containers writes them: openssl smime, and JSON in the blobs. */
  async function foreign(
    change: (entry: Record<string, string>, blob: Record<string, string>) => void,
    stranger: 'none' | 'first' | 'last' = 'none',
  ) {
    const writer = await ImageWriter.create();
    const chosen = LAYERS.map(vector);
    const image = await writer.image({
      layers: chosen.map(({ path, mediaType }) => ({ bytes: readFileSync(path), mediaType })),
      diffIds: chosen.map(({ diffId }) => diffId),
    });
    await writer.add(image, 'app');
    const { keyPath, chainPath } = (await pki()).leaf('rsa2048');
    const layers = await Promise.all(
      chosen.map(async ({ digest, profiles }) => {
        const rootHash = profiles['containerd-tar-index'].rootHash;
        const argv = ['smime', '-sign', '-noattr', '-binary', '-inkey', keyPath, '-signer', chainPath];
        const more = ['-certfile', chainPath, '-outform', 'der'];
        const options = { input: rootHash, env: toolEnvironment() };
        const signature = execFileSync('openssl', [...argv, ...more], options).toString('base64');
        const blob = { layer_digest: digest, root_hash: rootHash, signature };
        const annotations = {
          'image.layer.digest': digest,
          'image.layer.root_hash': rootHash,
          'image.layer.signature': signature,
          'signature.blob.name': `signature_for_layer_${digest.slice('sha256:'.length)}.json`,
        };
        change(annotations, blob);
        const bytes = Buffer.from(JSON.stringify(blob, null, 2));
        const stored = await writer.blob(bytes, 'application/vnd.oci.image.layer.v1.erofs.sig');
        return { ...stored, annotations };
      }),
    );
    const config = await writer.blob(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const annotations = { 'image.ref.name': 'registry.example/app:1' };
    const subject = { mediaType, digest: image.digest, size: image.size };
    const manifest = {
      schemaVersion: 2,
      mediaType,
      artifactType: TARDEV,
      config,
      layers,
      subject,
      annotations,
    };
    const added = [manifest];
    if (stranger === 'first') added.unshift(inNotaryForm(manifest));
    if (stranger === 'last') added.push(inNotaryForm(manifest));
    for (const one of added) {
      await writer.add({ ...(await writer.json(one, mediaType)), artifactType: one.artifactType });
    }
    return `oci:${writer.directory}:app`;
  }
  /** What anyone can attach: the same blobs, under names by which they are no PKCS#7. */
  function inNotaryForm<T extends { layers: { annotations: Record<string, string> }[] }>(manifest: T): T {
    const layers = manifest.layers.map(({ annotations, ...blob }) => ({
      ...blob,
      mediaType: 'application/pkcs7-signature',
      annotations: {
        'io.cncf.notary.layer.digest': annotations['image.layer.digest'] ?? '',
        'io.cncf.notary.dm-verity.root-hash': annotations['image.layer.root_hash'] ?? '',
      },
    }));
    const annotations = { 'io.cncf.notary.dm-verity.signature': 'true' };
    return { ...manifest, artifactType: NOTARY, layers, annotations };
  }
  const verify = async (layout: string): Promise<VerifyReport> => {
    const words = ['verify', layout, '--profile', 'containerd-tar-index', '--json', ...(await trust())];
    const [report] = JSON.parse((await cli(words)).stdout) as [VerifyReport];
    return report;
  };

  test('with JSON in the blobs are read', async () => {
    const report = await verify(await foreign(() => undefined));
    expect(report.reason).toBeUndefined();
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.signatures[0]).toMatchObject({ profile: 'containerd-tar-index' });
  });

  test.each(['first', 'last'] as const)(
    'are verified whatever a stranger says of their blobs: %s in the list',
    async (stranger) => {
      const report = await verify(await foreign(() => undefined, stranger));
      expect(report.verdict).toBe('verified');
      expect(
        report.platforms[0]?.signatures.map(({ artifactFormat, verdict }) => [artifactFormat, verdict]),
      ).toContainEqual(['tardev', 'verified']);
    },
  );

  test.each([
    ['another root hash in the blob', {}, { root_hash: 'ab' }],
    ['another signature in the annotation', { 'image.layer.signature': 'MIKrzQ==' }, {}],
  ])('are invalid with %s', async (_what, inEntry, inBlob) => {
    const change: Parameters<typeof foreign>[0] = (entry, blob) => {
      Object.assign(entry, inEntry);
      Object.assign(blob, inBlob);
    };
    const report = await verify(await foreign(change));
    expect(report).toMatchObject({ verdict: 'invalid', reason: expect.stringMatching(/entry 0/) });
  });
});
