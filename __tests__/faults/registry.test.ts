import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { buildArtifact } from '../../src/oci/attach/artifact.ts';
import { RegistryStore } from '../../src/oci/attach/registry-store.ts';
import { RegistrySource } from '../../src/oci/image/registry-source.ts';
import { resolveImage } from '../../src/oci/image/resolve.ts';
import { Oras, type OrasOptions } from '../../src/oci/oras/oras.ts';
import { attachAndReadBack } from '../helpers/attach.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter, sha256 } from '../helpers/image-writer.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { toolPath } from '../helpers/tools.ts';

const PASSWORD = 'secret-7c1f';
const all = { platforms: [], allowSkip: [] };
const registries = new Map<string, TestRegistry>();
let writer: ImageWriter;
let image: Descriptor;
let layer: Descriptor;
let temp: string;
let repositories = 0;
let proxy: FaultyProxy | undefined;

beforeAll(async () => {
  writer = await ImageWriter.create();
  const big = Buffer.alloc(2_000_000, 'layer');
  image = await writer.add(await writer.image({ layers: [{ bytes: big }] }), 'v1');
  layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: sha256(big), size: big.length };
  for (const kind of ['referrers-api', 'fallback-tag'] as const)
    registries.set(kind, await startRegistry(kind));
});

afterAll(async () => {
  for (const registry of registries.values()) await registry.stop();
  await writer.remove();
});

beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-faults-'));
});

afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
  // Whatever happened: nothing is left of the files on their way.
  expect(await readdir(temp)).toEqual([]);
  await rm(temp, { recursive: true, force: true });
});

interface Case {
  oras: Oras;
  source: RegistrySource;
  store: RegistryStore;
  requests: SeenRequest[];
  /** The same repository without the proxy. */
  direct: RegistryStore;
}

/** An image in a new repository of a real registry, seen through a proxy that fails as `decide` says. */
async function through(
  decide: (request: SeenRequest) => Fault | undefined,
  kind: RegistryKind = 'referrers-api',
  { username, ...options }: OrasOptions & { username?: string } = {},
): Promise<Case> {
  const registry = registries.get(kind);
  if (registry === undefined) throw new TypeError('no registry');
  repositories += 1;
  const repository = `case/${repositories}`;
  await writer.copyTo('v1', `${registry.host}/${repository}:v1`);
  proxy = await startFaultyProxy(registry.host, decide);
  const path = toolPath('oras');
  const login = {
    registry: proxy.host,
    username: username ?? '',
    password: PASSWORD,
    input: 'registry-username',
  };
  const credentials = username === undefined ? [] : [login];
  const oras = await Oras.open({ path, plainHttp: true, timeout: 60_000, credentials, ...options });
  const direct = await Oras.open({ path, plainHttp: true });
  const reference = {
    kind: 'registry',
    registry: proxy.host,
    repository,
    tag: 'v1',
    digest: undefined,
  } as const;
  return {
    oras,
    source: new RegistrySource(oras, reference),
    store: new RegistryStore(oras, `${proxy.host}/${repository}`, temp),
    requests: proxy.requests,
    direct: new RegistryStore(direct, `${registry.host}/${repository}`, temp),
  };
}

/** Another signature for each case: a registry may hold blobs for all its repositories. */
const artifact = () =>
  buildArtifact({
    subject: image,
    entries: [
      {
        layerDigest: layer.digest,
        rootHash: '0'.repeat(64),
        pkcs7: Buffer.from(`signature ${repositories}`),
      },
    ],
    own: {},
    created: new Date(0),
  });
const attach = (store: RegistryStore) => attachAndReadBack(store, artifact(), temp);
const attached = (store: RegistryStore) => store.list(image, DM_VERITY_ARTIFACT_TYPE);

const is = (method: string, path: RegExp) => (request: SeenRequest) =>
  request.method === method && path.test(request.path);
const isManifestPush = is('PUT', /\/manifests\/sha256:/);
const isUpload = is('PUT', /\/blobs\/uploads\//);
const isTag = is('HEAD', /\/manifests\/v1$/);
const isLayer = is('GET', /\/blobs\//);
const denied = { status: 403, body: JSON.stringify({ errors: [{ code: 'DENIED', message: 'no' }] }) };

test('fault 06: blob digest differs from the descriptor, in a registry', async () => {
  const { oras, source } = await through((request) =>
    isLayer(request) ? { change: (body) => Buffer.from(body.map((byte) => byte ^ 1)) } : undefined,
  );
  await expect(buffer(await oras.blob(source.name, layer))).rejects.toMatchObject({
    code: 'image',
    message: expect.stringContaining(`sent content that is not ${source.name}@${layer.digest}`),
  });
});

test('a blob that does not begin to come is given up by its own signal', async () => {
  const { source } = await through((request) => (isLayer(request) ? 'silence' : undefined));
  // The limits of oras are longer, and their error is another.
  await expect(source.blob(layer, AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'cancelled' });
});

test('fault 06: manifest changed by the registry', async () => {
  const change = (body: Buffer) => Buffer.from(body.toString().replace('"layers"', '"leyars"'));
  const { source } = await through((request) =>
    is('GET', /\/manifests\//)(request) ? { change } : undefined,
  );
  await expect(resolveImage(source, all)).rejects.toMatchObject({ code: 'image' });
});

test('fault 07: blob size differs, in a registry', async () => {
  const { oras, source } = await through(() => undefined);
  await expect(oras.smallBlob(source.name, { ...layer, size: 5 })).rejects.toMatchObject({
    code: 'image',
    message: `${layer.digest} has 2000000 bytes, its descriptor says 5`,
  });
});

test('fault 13: manifest over 4 MiB, in a registry', async () => {
  const { source } = await through((request) =>
    isTag(request)
      ? {
          status: 200,
          headers: {
            'content-type': image.mediaType,
            'content-length': String(4 * 1024 * 1024 + 1),
            'docker-content-digest': image.digest,
          },
        }
      : undefined,
  );
  await expect(resolveImage(source, all)).rejects.toMatchObject({
    code: 'image',
    message: expect.stringContaining('the limit is 4194304'),
  });
});

test('fault 54: 401 midway: refreshed once', async () => {
  const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="test"' } };
  const { source, store, requests } = await through(
    (request) => (request.authorization === undefined ? challenge : undefined),
    'referrers-api',
    { username: 'someone' },
  );
  expect((await resolveImage(source, all)).root).toEqual(image);
  await attach(store);
  expect(await attached(store)).toHaveLength(1);
  const given = requests.filter(({ authorization }) => authorization !== undefined);
  expect(given.length).toBeGreaterThan(0);
  // Each call asks once without credentials, never twice in a row.
  expect(requests.length - given.length).toBeLessThanOrEqual(given.length);
});

test('fault 54: 401 that stays ends it', async () => {
  const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="test"' } };
  const { source } = await through(() => challenge, 'referrers-api', { username: 'someone' });
  const error = await source.resolve().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'registry', remedy: expect.stringContaining('registry-username') });
  expect(String(error)).not.toContain(PASSWORD);
});

test('fault 55: 403: the missing scope is named', async () => {
  const pull = await through((request) => (isTag(request) ? denied : undefined));
  await expect(pull.source.resolve()).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('denies pull access'),
    remedy: expect.stringContaining('packages: read'),
  });
  await proxy?.stop();
  const push = await through((request) => (request.method === 'POST' ? denied : undefined));
  await expect(attach(push.store)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('denies push access'),
    remedy: expect.stringContaining('packages: write'),
  });
  expect(await attached(push.direct)).toEqual([]);
});

test('fault 56: 429 with Retry-After', async () => {
  const { source, requests } = await through((request) =>
    isTag(request) && request.times === 1 ? { status: 429, headers: { 'retry-after': '1' } } : undefined,
  );
  const begun = Date.now();
  expect(await source.resolve()).toEqual(image);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(950);
  expect(requests.filter(isTag)).toHaveLength(2);
});

test('fault 56: 429 that stays: bounded, then the error', async () => {
  const { source, requests } = await through(() => ({ status: 429 }));
  await expect(source.resolve()).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('limits the rate'),
  });
  expect(requests).toHaveLength(6);
});

test('fault 57: 500 then success', async () => {
  let uploads = 0;
  const { store } = await through((request) => {
    // Each attempt at an upload has a path of its own.
    if (isUpload(request)) uploads += 1;
    const fails = isUpload(request) ? uploads === 1 : isManifestPush(request) && request.times === 1;
    return fails ? { status: 500 } : undefined;
  });
  await attach(store);
  expect(uploads).toBe(2);
  expect(await attached(store)).toHaveLength(1);
});

test('fault 58: connection reset, then success', async () => {
  const { source, store } = await through((request) =>
    request.times === 1 && (isTag(request) || isManifestPush(request)) ? 'reset' : undefined,
  );
  expect(await source.resolve()).toEqual(image);
  await attach(store);
  expect(await attached(store)).toHaveLength(1);
});

test('fault 58: connection reset before a blob begins is tried again, midway is an error', async () => {
  const begins = await through((request) => (isLayer(request) && request.times === 1 ? 'reset' : undefined));
  expect(await buffer(await begins.source.blob(layer))).toHaveLength(layer.size);
  await proxy?.stop();
  const midway = await through((request) => (isLayer(request) ? { cutAfter: 1_500_000 } : undefined));
  const stream = await midway.source.blob(layer);
  await expect(buffer(stream)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('closed the connection'),
  });
});

test('fault 58: connection resets that go on are bounded', async () => {
  const { source, requests } = await through(() => 'reset');
  await expect(source.resolve()).rejects.toMatchObject({ code: 'registry' });
  expect(requests.length).toBeLessThanOrEqual(6);
});

describe.each(['referrers-api', 'fallback-tag'] as const)('%s', (kind) => {
  test('fault 59: upload cut in half: nothing attached, a rerun puts it right', async () => {
    let broken = true;
    const { store, direct } = await through(
      (request) => (broken && isUpload(request) ? 'reset' : undefined),
      kind,
    );
    await expect(attach(store)).rejects.toMatchObject({ code: 'registry' });
    expect(await attached(direct)).toEqual([]);
    broken = false;
    await attach(store);
    expect(await attached(direct)).toHaveLength(1);
  });

  test('fault 60: push says 201 but the read-back is empty: fail', async () => {
    const { store, direct } = await through(
      (request) =>
        request.method === 'PUT' && /\/manifests\//.test(request.path) ? { status: 201 } : undefined,
      kind,
    );
    await expect(attach(store)).rejects.toMatchObject({
      code: 'registry',
      remedy: expect.stringContaining('referrers'),
    });
    expect(await attached(direct)).toEqual([]);
  });

  test('fault 67: tag moved during the run: everything is pinned to the digest resolved first', async () => {
    const { source, direct } = await through(() => undefined, kind);
    const first = await source.resolve();
    const pinned = {
      name: source.name,
      resolve: async () => {
        const resolved = await source.resolve();
        const moved = await ImageWriter.create();
        await moved.add(await moved.image({ layers: ['another'] }), 'v1');
        await moved.copyTo('v1', `${direct.name}:v1`);
        await moved.remove();
        return resolved;
      },
      manifest: (descriptor: Descriptor) => source.manifest(descriptor),
      config: (descriptor: Descriptor) => source.config(descriptor),
      blob: (descriptor: Descriptor) => source.blob(descriptor),
    };
    const { root, manifests } = await resolveImage(pinned, all);
    expect(root).toEqual(first);
    expect(manifests[0]?.layers[0]?.descriptor.digest).toBe(layer.digest);
    expect((await source.resolve()).digest).not.toBe(first.digest);
    await attach(direct);
    expect(await attached(direct)).toHaveLength(1);
  });
});

test('fault 60: the API answers but does not list what was pushed', async () => {
  const none = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  });
  const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' };
  const empty = (request: SeenRequest): Fault | undefined =>
    is('GET', /\/referrers\//)(request) ? { status: 200, body: none, headers } : undefined;
  const { store } = await through(empty, 'referrers-api', { referrers: 'api' });
  await expect(attach(store)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('was pushed, but the list has no referrer of the image'),
    remedy: expect.stringContaining('Set referrers to tag'),
  });
  await proxy?.stop();
  // Fault 88: in the mode auto the fallback tag lists what the API does not.
  const auto = await through(empty);
  await attach(auto.store);
  expect(await attached(auto.store)).toHaveLength(1);
});

test('fault 61: fallback tag that resolves to the image itself', async () => {
  const bytes = await writer.read(image.digest);
  const headers = { 'content-type': image.mediaType, 'docker-content-digest': image.digest };
  const { store } = await through(
    (request) =>
      ['GET', 'HEAD'].includes(request.method) && /\/manifests\/sha256-/.test(request.path)
        ? { status: 200, body: bytes, headers: { ...headers, 'content-length': String(bytes.length) } }
        : undefined,
    'fallback-tag',
  );
  const error = await attach(store).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'registry',
    message: expect.stringMatching(/the fallback tag sha256-\w+ points to .*manifest/),
    remedy: expect.stringContaining('referrers'),
  });
});

test('fault 62: immutable fallback tag, also on a rerun', async () => {
  const body = JSON.stringify({
    errors: [{ code: 'TAG_INVALID', message: 'the tag cannot be overwritten because it is immutable' }],
  });
  const { store } = await through(
    (request) => (is('PUT', /\/manifests\/sha256-/)(request) ? { status: 400, body } : undefined),
    'fallback-tag',
  );
  for (const _run of [1, 2]) {
    await expect(attach(store)).rejects.toMatchObject({
      code: 'registry',
      message: expect.stringContaining('does not allow a tag'),
      remedy: expect.stringContaining('sha256-*'),
    });
  }
});

test('referrers: api against a registry without it, referrers: tag against one with it', async () => {
  const api = await through(() => undefined, 'fallback-tag', { referrers: 'api' });
  await expect(attach(api.store)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('the registry has no referrers API'),
  });
  await proxy?.stop();
  const tag = await through(() => undefined, 'referrers-api', { referrers: 'tag' });
  await attach(tag.store);
  expect(await attached(tag.store)).toHaveLength(1);
  const pushed = tag.requests.filter(is('PUT', new RegExp(`/manifests/${image.digest.replace(':', '-')}$`)));
  expect(pushed).toHaveLength(1);
});
