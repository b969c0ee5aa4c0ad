import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { KEY_TYPES, openssl, pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { type Vector, vectors, writeVectorImage } from '../helpers/vector-image.ts';

const ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';
const folder = testFolder();

/** A layer with xattrs, one twice, and compressed in all three ways. */
const LAYERS = ['dirs-gzip', 'xattrs-gzip', 'simple-zstd', 'whiteouts-tar', 'dirs-gzip', 'big-gzip'];

interface Manifest {
  annotations: Record<string, string>;
  layers: Descriptor[];
}

async function oras(...args: string[]): Promise<string> {
  const { stdout } = await run([toolPath('oras'), ...args], { env: toolEnvironment({ HOME: folder }) });
  return stdout.toString();
}

async function sign(image: string, keyType: string, ...more: string[]): Promise<SignReport> {
  const { keyPath, chainPath } = (await pki()).leaf(keyType);
  const report = join(folder, 'report.json');
  const key = ['--key', keyPath, '--certificate', chainPath];
  await cliOk(['sign', image, ...key, '--plain-http', '--report', report, ...more]);
  const [only] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
  if (only === undefined) throw new Error('no report');
  return only;
}

async function referrers(reference: string): Promise<string[]> {
  const args = ['discover', '--plain-http', '--format', 'json', '--artifact-type', ARTIFACT_TYPE, reference];
  const { referrers: found = [] } = JSON.parse(await oras(...args)) as { referrers?: { digest: string }[] };
  return found.map(({ digest }) => digest);
}

function vector(name: string): Vector {
  const found = vectors().find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
}

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('an image in a registry: %s', (kind) => {
  let registry: TestRegistry;
  let subject: Descriptor;

  beforeAll(async () => {
    registry = await startRegistry(kind);
    const layout = join(folder, `layout-${kind}`);
    subject = await writeVectorImage(layout, LAYERS);
    for (const keyType of KEY_TYPES) {
      await oras(
        'cp',
        '--from-oci-layout',
        `${layout}:vectors`,
        '--to-plain-http',
        `${registry.host}/${keyType}:v1`,
      );
    }
  });
  afterAll(() => registry.stop());

  test.each(KEY_TYPES)(
    '%s: one artifact, exactly the manifest of the proposal, none added by a rerun',
    async (keyType) => {
      const repository = `${registry.host}/${keyType}`;
      const report = await sign(`${repository}:v1`, keyType);
      const [artifact] = report.artifacts;
      expect(report.image.name).toBe(`${repository}@${subject.digest}`);
      expect(artifact?.referrer?.reused).toBe(false);
      const digest = artifact?.referrer?.digest ?? '';
      expect(await referrers(`${repository}@${subject.digest}`)).toEqual([digest]);

      const manifest = JSON.parse(
        await oras('manifest', 'fetch', '--plain-http', `${repository}@${digest}`),
      ) as Manifest;
      const { annotations, layers, ...rest } = manifest;
      expect(rest).toEqual({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactType: ARTIFACT_TYPE,
        config: {
          mediaType: 'application/vnd.oci.empty.v1+json',
          digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
          size: 2,
        },
        subject,
      });
      expect(annotations).toMatchObject({
        'io.cncf.notary.dm-verity.signature': 'true',
        'io.github.verity-sign.profile': 'containerd',
        'io.github.verity-sign.mkfs-options': '-T0 --mkfs-time --sort=none',
        'io.github.verity-sign.erofs-utils-class': 'C',
      });
      expect(layers).toHaveLength(LAYERS.length);
      for (const [index, name] of LAYERS.entries()) {
        const { digest: layerDigest, profiles } = vector(name);
        const {
          digest: signatureDigest,
          size,
          mediaType,
          annotations: own,
        } = layers[index] ?? ({} as Descriptor);
        expect({ mediaType, own }).toEqual({
          mediaType: 'application/pkcs7-signature',
          own: {
            'io.cncf.notary.layer.digest': layerDigest,
            'io.cncf.notary.dm-verity.root-hash': profiles.containerd.rootHash,
            'org.opencontainers.image.title': `layer-${index}.pkcs7.sig`,
          },
        });
        await checkWithOpenssl(repository, signatureDigest, size, profiles.containerd.rootHash, keyType);
      }

      const again = await sign(`${repository}:v1`, keyType);
      expect(again.artifacts[0]?.referrer).toEqual({ ...artifact?.referrer, reused: true });
      expect(again.artifacts[0]?.layers.map(({ signatureDigest }) => signatureDigest)).toEqual(
        artifact?.layers.map(({ signatureDigest }) => signatureDigest),
      );
      expect(await referrers(`${repository}@${subject.digest}`)).toEqual([digest]);
    },
  );

  test('another signer and another profile each add one artifact and leave the first alone', async () => {
    const repository = `${registry.host}/p256`;
    const before = await referrers(`${repository}@${subject.digest}`);
    await sign(`${repository}@${subject.digest}`, 'p384');
    await sign(`${repository}:v1`, 'p256', '--profile', 'containerd,containerd-tar-index');
    const after = await referrers(`${repository}@${subject.digest}`);
    expect(after).toHaveLength(before.length + 2);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  test('an index: one artifact for each platform, none for the index or its attestations', async () => {
    const writer = await ImageWriter.create();
    const layer = (name: string) => {
      const { path, mediaType } = vector(name);
      return { bytes: readFileSync(path), mediaType };
    };
    const image = async (architecture: string, names: string[]) => {
      const platform = { os: 'linux', architecture };
      const diffIds = names.map((name) => vector(name).diffId);
      return { ...(await writer.image({ layers: names.map(layer), platform, diffIds })), platform };
    };
    const amd64 = await image('amd64', ['simple-gzip', 'dirs-zstd']);
    const arm64 = await image('arm64', ['simple-gzip', 'modes-gzip']);
    const attestation = {
      ...(await writer.image({ layers: ['{}'], platform: { os: 'unknown', architecture: 'unknown' } })),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const index = await writer.index([amd64, arm64, attestation], OCI);
    await writer.add(index, 'multi');
    const repository = `${registry.host}/multi`;
    await writer.copyTo('multi', `${repository}:v1`);
    await writer.remove();

    const report = await sign(`${repository}:v1`, 'p256');
    expect(report.image.digest).toBe(index.digest);
    expect(report.artifacts.map(({ platform, manifest }) => [platform, manifest.digest])).toEqual([
      ['linux/amd64', amd64.digest],
      ['linux/arm64', arm64.digest],
    ]);
    expect(report.skipped.map(({ digest }) => digest)).toEqual([attestation.digest]);
    expect(await referrers(`${repository}@${amd64.digest}`)).toHaveLength(1);
    expect(await referrers(`${repository}@${arm64.digest}`)).toHaveLength(1);
    expect(await referrers(`${repository}@${index.digest}`)).toEqual([]);
    expect(await referrers(`${repository}@${attestation.digest}`)).toEqual([]);
  });
});

async function checkWithOpenssl(
  repository: string,
  digest: string,
  size: number,
  rootHash: string,
  keyType: string,
): Promise<void> {
  const signature = join(folder, 'signature.der');
  const content = join(folder, 'root-hash');
  await oras('blob', 'fetch', '--plain-http', '--output', signature, `${repository}@${digest}`);
  expect(readFileSync(signature)).toHaveLength(size);
  writeFileSync(content, rootHash);
  const { caPath } = (await pki()).leaf(keyType);
  const input = ['-in', signature, '-content', content, '-CAfile', caPath];
  await openssl(['smime', '-verify', '-binary', '-inform', 'DER', ...input], folder);
}
