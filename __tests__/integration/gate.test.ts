import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type Fault, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const ARTIFACT_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const ACCEPT = `application/vnd.oci.image.manifest.v1+json, ${INDEX}`;
const folder = testFolder();

/** The image with its signatures, so that the runs below differ in the push alone. */
const signedLayout = join(folder, 'signed');
let image: Descriptor;
let key: string[];

beforeAll(async () => {
  image = await writeVectorImage(signedLayout, ['simple-gzip', 'whiteouts-zstd']);
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  // In a folder of these tests: a killed run leaves its temporary folder behind.
  key = ['--key', keyPath, '--certificate', chainPath, '--plain-http', '--temp-dir', folder];
  await cliOk(['sign', `oci:${signedLayout}`, ...key]);
});

function push(reference: string, more: Parameters<typeof cli>[1] = {}): Promise<CliResult> {
  return cli(['sign', `oci:${signedLayout}`, '--push-to', reference, ...key], more);
}

interface Listed {
  digest: string;
  artifactType?: string;
  layers?: { digest: string }[];
}

/** Straight from the registry, without any client of ours or oras. */
async function get(host: string, path: string): Promise<Buffer | undefined> {
  const response = await fetch(`http://${host}/v2/${path}`, { headers: { accept: ACCEPT } });
  const body = Buffer.from(await response.arrayBuffer());
  return response.ok ? body : undefined;
}

/** Signature manifests that the registry lists for a manifest and has in full. */
async function completeSignatures(
  registry: TestRegistry,
  repository: string,
  digest: string,
): Promise<number> {
  const list =
    registry.kind === 'referrers-api'
      ? await get(registry.host, `${repository}/referrers/${digest}`)
      : await get(registry.host, `${repository}/manifests/${digest.replace(':', '-')}`);
  const { manifests = [] } = JSON.parse(list?.toString() ?? '{}') as { manifests?: Listed[] };
  let complete = 0;
  for (const listed of manifests.filter(({ artifactType }) => artifactType === ARTIFACT_TYPE)) {
    const manifest = await get(registry.host, `${repository}/manifests/${listed.digest}`);
    const { layers = [] } = JSON.parse(manifest?.toString() ?? '{}') as Listed;
    const blobs = await Promise.all(
      layers.map((layer) => get(registry.host, `${repository}/blobs/${layer.digest}`)),
    );
    if (layers.length === 2 && blobs.every((blob) => blob !== undefined)) complete++;
  }
  return complete;
}

/** The promise of the gate: the image may be there, by tag or by digest, only with its signatures. */
async function imageIsThere(registry: TestRegistry, repository: string): Promise<boolean> {
  const byDigest = await get(registry.host, `${repository}/manifests/${image.digest}`);
  const byTag = await get(registry.host, `${repository}/manifests/v1`);
  if (byDigest === undefined && byTag === undefined) return false;
  expect(await completeSignatures(registry, repository, image.digest)).toBe(1);
  return byTag !== undefined;
}

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('the gate: %s', (kind) => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry(kind);
  });
  afterAll(() => registry.stop());

  /** Pushes through a proxy that does `fault` to the nth request that is not a probe. */
  async function pushWithFault(
    repository: string,
    nth: number,
    fault: (kill: () => void) => Fault,
  ): Promise<number> {
    let count = 0;
    let kill = (): void => undefined;
    const proxy = await startFaultyProxy(registry.host, ({ path }: SeenRequest) => {
      if (path === '/v2/') return undefined;
      count++;
      return count === nth ? fault(kill) : undefined;
    });
    try {
      const result = await push(`${proxy.host}/${repository}:v1`, {
        onStart: (pid) => {
          kill = () => process.kill(pid, 'SIGKILL');
        },
      });
      if (count >= nth) expect(result.status).not.toBe(0);
    } finally {
      await proxy.stop();
    }
    return count;
  }

  async function rerunFinishes(repository: string): Promise<void> {
    const result = await push(`${registry.host}/${repository}:v1`);
    expect(result).toMatchObject({ status: 0 });
    expect(await imageIsThere(registry, repository)).toBe(true);
  }

  test('the image appears already signed, with what else refers to it', async () => {
    const layout = join(folder, `other-${kind}`);
    cpSync(signedLayout, layout, { recursive: true });
    const env = toolEnvironment({ HOME: folder });
    const oras = toolPath('oras');
    await run(
      [
        oras,
        'attach',
        '--oci-layout',
        `${layout}@${image.digest}`,
        '--artifact-type',
        'application/spdx+json',
        '--annotation',
        'a=b',
      ],
      { env },
    );
    const report = join(folder, 'report.json');
    await cliOk([
      'sign',
      `oci:${layout}`,
      '--push-to',
      `${registry.host}/whole:v1`,
      '--report',
      report,
      ...key,
    ]);
    const [{ pushed } = {} as SignReport] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
    expect(pushed).toEqual({ reference: `${registry.host}/whole:v1`, digest: image.digest });
    expect(await imageIsThere(registry, 'whole')).toBe(true);
    const discover = [oras, 'discover', '--plain-http', '--format', 'json', `${registry.host}/whole:v1`];
    const { referrers } = JSON.parse((await run(discover, { env })).stdout.toString()) as {
      referrers: Listed[];
    };
    expect(referrers.map(({ artifactType }) => artifactType).sort()).toEqual([
      'application/spdx+json',
      ARTIFACT_TYPE,
    ]);
  });

  test('an index: every platform signed before the tag shows', async () => {
    const writer = await ImageWriter.create();
    const [first, second] = vectors().filter(({ name }) => ['simple-gzip', 'modes-gzip'].includes(name));
    const manifests: Descriptor[] = [];
    for (const [architecture, vector] of [
      ['amd64', first],
      ['arm64', second],
    ] as const) {
      if (vector === undefined) throw new Error('no vector');
      const platform = { os: 'linux', architecture };
      const layer = { bytes: readFileSync(vector.path), mediaType: vector.mediaType };
      const manifest = await writer.image({
        layers: [layer, layer],
        platform,
        diffIds: [vector.diffId, vector.diffId],
      });
      manifests.push({ ...manifest, platform });
    }
    const index = await writer.add(await writer.index(manifests), 'multi');
    const args = ['sign', `oci:${writer.directory}:multi`, '--push-to', `${registry.host}/multi:v1`, ...key];
    const half = await cli([...args, '--platform', 'linux/amd64']);
    expect(half.status).toBe(2);
    expect(half.stderr).toContain(`push-to would push ${manifests[1]?.digest} without signatures`);
    expect(await get(registry.host, `multi/manifests/v1`)).toBeUndefined();
    await cliOk(args);
    await writer.remove();
    expect(await get(registry.host, `multi/manifests/${index.digest}`)).toBeDefined();
    for (const { digest } of manifests) expect(await completeSignatures(registry, 'multi', digest)).toBe(1);
  });

  test('an archive: pushed, and signed on disk as well', async () => {
    const archive = join(folder, `image-${kind}.tar`);
    const layout = join(folder, `plain-${kind}`);
    await writeVectorImage(layout, ['simple-gzip', 'whiteouts-zstd']);
    await run([toolPath('tar'), '--create', `--file=${archive}`, `--directory=${layout}`, '.'], {
      env: toolEnvironment(),
    });
    await cliOk(['sign', `oci-archive:${archive}`, '--push-to', `${registry.host}/archive:v1`, ...key]);
    expect(await imageIsThere(registry, 'archive')).toBe(true);
    const again = await cliOk(['sign', `oci-archive:${archive}`, ...key]);
    expect(again.stdout).toContain('(already attached)');
  });

  test('nothing reaches the registry if signing fails', async () => {
    const proxy = await startFaultyProxy(registry.host, () => undefined);
    const { keyPath } = (await pki()).leaf('p384');
    const args = ['sign', `oci:${signedLayout}`, '--push-to', `${proxy.host}/none:v1`, ...key];
    // Another profile, so that the signatures that are there do not serve.
    const wrongKey = await cli([...args, '--profile', 'containerd-cache', '--key', keyPath]);
    await proxy.stop();
    expect(wrongKey.status).toBe(5);
    // The look that tries the credentials: by GET too, as long as no HEAD has been answered.
    expect(proxy.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'HEAD /v2/none/manifests/v1',
      'GET /v2/none/manifests/v1',
    ]);
  });

  test('a registry that loses referrers never gets the tag', async () => {
    const empty = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] }));
    const proxy = await startFaultyProxy(registry.host, ({ method, path }: SeenRequest) => {
      if (method === 'PUT') return undefined;
      if (path.includes('/referrers/sha256:'))
        return { status: 200, body: empty, headers: { 'content-type': INDEX } };
      return path.includes('/manifests/sha256-') ? { status: 404 } : undefined;
    });
    const result = await push(`${proxy.host}/lossy:v1`);
    await proxy.stop();
    expect(result.status).toBe(6);
    expect(result.stderr).toContain('does not list');
    expect(await get(registry.host, 'lossy/manifests/v1')).toBeUndefined();
    await rerunFinishes('lossy');
  });

  /**
   * Work for the first request, the second and so on, until a run has fewer. Four at a time: a run mostly waits.
   * @param work returns the number of requests of its run
   * @returns the first number that no run reached
   */
  async function atEachRequest(work: (nth: number) => Promise<number>): Promise<number> {
    for (let first = 1; first < 200; first += 4) {
      const numbers = [first, first + 1, first + 2, first + 3];
      const reached = await Promise.all(numbers.map(work));
      const beyond = numbers.find((nth, index) => (reached[index] ?? 0) < nth);
      if (beyond !== undefined) return beyond;
    }
    return 200;
  }

  test('fault 64: killed at each request in turn: never an image without its signatures, a rerun finishes', async () => {
    const end = await atEachRequest(async (nth) => {
      const repository = `killed/${nth}`;
      const reached = await pushWithFault(repository, nth, (kill) => {
        kill();
        return 'reset';
      });
      await imageIsThere(registry, repository);
      if (reached >= nth) await rerunFinishes(repository);
      return reached;
    });
    expect(end).toBeGreaterThan(15);
    expect(end).toBeLessThan(200);
  });

  test('each request refused in turn: the same', async () => {
    const end = await atEachRequest(async (nth) => {
      const repository = `refused/${nth}`;
      const refusal = { status: 403, body: '{"errors":[{"code":"DENIED","message":"denied"}]}' };
      const reached = await pushWithFault(repository, nth, () => refusal);
      await imageIsThere(registry, repository);
      if (reached >= nth && nth % 5 === 0) await rerunFinishes(repository);
      return reached;
    });
    expect(end).toBeGreaterThan(15);
    expect(end).toBeLessThan(200);
  });
});

test('what push-to cannot do is told before any work', async () => {
  const args = (image: string, to: string) => ['sign', image, '--push-to', to, ...key];
  const fromRegistry = await cli(args('127.0.0.1:1/app:v1', '127.0.0.1:1/app:v2'));
  expect(fromRegistry).toMatchObject({ status: 2, stdout: '' });
  expect(fromRegistry.stderr).toContain('push-to is for an image that is not in a registry yet');
  const digest = await cli(args(`oci:${signedLayout}`, `127.0.0.1:1/app@${image.digest}`));
  expect(digest.status).toBe(2);
  expect(digest.stderr).toContain('is not a tag in a registry');
  const two = await cli([
    'sign',
    `oci:${signedLayout}`,
    `oci:${signedLayout}`,
    '--push-to',
    '127.0.0.1:1/app:v1',
    ...key,
  ]);
  expect(two.status).toBe(2);
});
