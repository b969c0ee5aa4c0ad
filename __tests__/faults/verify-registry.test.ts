import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { EncodedArtifact } from '../../src/oci/attach/artifact.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';
import { store, vectorArtifact, verify, withManifest } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'dirs-zstd'];
const folder = testFolder();
let registry: TestRegistry;
let proxy: FaultyProxy | undefined;
let subject: Descriptor;
let good: EncodedArtifact;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  const layout = join(folder, 'layout');
  subject = await writeVectorImage(layout, LAYERS);
  good = await vectorArtifact({ subject, layers: LAYERS });
  await store(layout, good);
  const argv = [
    'cp',
    '-r',
    '--from-oci-layout',
    `${layout}:vectors`,
    '--to-plain-http',
    `${registry.host}/app:1`,
  ];
  await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: folder }) });
});
afterAll(() => registry.stop());
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

async function through(decide: (request: SeenRequest) => Fault | undefined) {
  proxy = await startFaultyProxy(registry.host, decide);
  return verify(`${proxy.host}/app:1`, { recompute: false });
}

const on = (part: string, fault: Fault) => (request: SeenRequest) =>
  request.path.includes(part) ? fault : undefined;
const signature = () => good.manifest.layers[1]?.digest ?? '';

test('a registry without faults: verified', async () => {
  expect(await through(() => undefined)).toMatchObject({ verdict: 'verified' });
});

test.each<[string, () => (request: SeenRequest) => Fault | undefined, string, RegExp]>([
  [
    'the list of referrers is denied: not "not signed"',
    () => on('/referrers/', { status: 403 }),
    'unchecked',
    /denies pull access/,
  ],
  [
    'a signature is denied: it might be a good one',
    () => on(signature(), { status: 403 }),
    'unchecked',
    /denies pull access/,
  ],
  ['a signature is gone', () => on(signature(), { status: 404 }), 'invalid', /is not in the registry/],
  [
    'a signature is changed on the way',
    () => on(signature(), { change: (body) => Buffer.from(body.with(50, (body[50] ?? 0) ^ 1)) }),
    'invalid',
    /content that is not|has the? digest/,
  ],
  [
    'the image is denied',
    () => on('/manifests/1', { status: 401 }),
    'unchecked',
    /requires credentials|denies pull access/,
  ],
  [
    'the image manifest is changed on the way',
    () =>
      on(`/manifests/${subject.digest}`, {
        change: (body) => Buffer.from(body.toString().replace('gzip', 'zstd')),
      }),
    'invalid',
    /other content|digest/,
  ],
])('%s', async (_what, decide, verdict, reason) => {
  const report = await through(decide());
  expect({ verdict: report.verdict, reason: report.reason }).toEqual({
    verdict,
    reason: expect.stringMatching(reason),
  });
});

test('the list names a referrer of another image', async () => {
  const other = withManifest(good, (manifest) => {
    manifest.subject.digest = `sha256:${'7'.repeat(64)}`;
  });
  const { mediaType, digest } = other.descriptor;
  const pushed = await fetch(`http://${registry.host}/v2/app/manifests/${digest}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: new Uint8Array(other.bytes),
  });
  expect(pushed.status).toBe(201);
  const { artifactType, annotations } = other.manifest;
  const indexType = 'application/vnd.oci.image.index.v1+json';
  const manifests = [{ ...other.descriptor, artifactType, annotations }];
  const report = await through(
    on('/referrers/', {
      status: 200,
      body: JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }),
      headers: { 'content-type': indexType },
    }),
  );
  expect(report.verdict).toBe('invalid');
  expect(report.reason).toMatch(/its subject is sha256:777/);
});

test('signatures that cannot be of use are not fetched, too many bytes of them neither', async () => {
  const [first, second] = good.manifest.layers;
  const fetched = async (layers: Descriptor[]) => {
    const odd = withManifest(good, (manifest) => {
      manifest.layers = layers;
    });
    const { mediaType, digest } = odd.descriptor;
    await fetch(`http://${registry.host}/v2/app/manifests/${digest}`, {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: new Uint8Array(odd.bytes),
    });
    const indexType = 'application/vnd.oci.image.index.v1+json';
    const manifests = [{ ...odd.descriptor, artifactType: odd.manifest.artifactType }];
    let blobs = 0;
    const report = await through(({ path }) => {
      if (path.includes('/blobs/') && path.includes(signature())) blobs++;
      if (!path.includes('/referrers/')) return undefined;
      const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
      return { status: 200, body, headers: { 'content-type': indexType } };
    });
    await proxy?.stop();
    return { blobs, verdict: report.verdict, reason: report.reason };
  };
  if (first === undefined || second === undefined) throw new TypeError('two signatures were expected');
  expect(await fetched([first, second, second])).toMatchObject({
    blobs: 0,
    verdict: 'invalid',
    reason: expect.stringMatching(/the image has fewer layers/),
  });
  expect(await fetched([{ ...first, size: 2 ** 24 }, second])).toMatchObject({
    blobs: 0,
    verdict: 'invalid',
    reason: expect.stringMatching(/the signatures have \d+ bytes, the limit is/),
  });
});

test('the tag moves during the run: everything goes by the digest resolved first', async () => {
  const seen: string[] = [];
  expect(
    await through(({ method, path }) => {
      seen.push(`${method} ${path}`);
      return undefined;
    }),
  ).toMatchObject({ verdict: 'verified' });
  expect(seen.filter((request) => request.includes('/manifests/1')).length).toBeLessThanOrEqual(2);
  const firstByDigest = seen.findIndex((request) => request.includes('sha256:'));
  expect(seen.slice(firstByDigest).filter((request) => request.includes('/manifests/1'))).toEqual([]);
});
