import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy, RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors } from '../helpers/vector-image.ts';

const folder = testFolder();
const refused = {
  status: 400,
  body: JSON.stringify({
    errors: [{ code: 'TAG_INVALID', message: 'the tag cannot be overwritten because it is immutable' }],
  }),
};
let registry: TestRegistry;
let image: RegistryImage;
let proxy: FaultyProxy;
/** Tags of lists that have been written once. */
let written: Set<string>;

const isListWrite = ({ method, path }: SeenRequest): boolean =>
  method === 'PUT' && path.includes('/manifests/sha256-');
const listWrites = (): number => proxy.requests.filter(isListWrite).length;

beforeAll(async () => {
  registry = await startRegistry('fallback-tag');
  image = await RegistryImage.write(folder);
  proxy = await startFaultyProxy(registry.host, (request) => {
    if (!isListWrite(request)) return undefined;
    if (written.has(request.path)) return refused;
    written.add(request.path);
    return undefined;
  });
});
afterAll(async () => {
  await proxy.stop();
  await registry.stop();
});
afterEach(() => {
  proxy.requests.length = 0;
});

const PROFILES = ['--profile', 'containerd', '--profile', 'containerd-cache'];

test.each([
  ['layers and manifest', ['--manifest-signature', 'cose'], 2],
  ['two profiles', PROFILES, 2],
  ['two profiles and the manifest', [...PROFILES, '--manifest-signature', 'jws'], 3],
])('fault 91: immutable tags, %s: one write lists all', async (_what, more, count) => {
  written = new Set();
  const repository = await image.push(registry.host);
  const name = `${proxy.host}/${repository}:1`;
  const first = await image.sign(name, ...more);
  expect({ status: first.status, stderr: first.status === 0 ? '' : first.stderr }).toEqual({
    status: 0,
    stderr: '',
  });
  expect(attachedBy(first.report).attached).toBe(count);
  expect(listWrites()).toBe(1);
  expect(await image.underTag(registry.host, repository)).toHaveLength(count);
  expect(await image.verify(name)).toMatchObject({ status: 0 });

  proxy.requests.length = 0;
  const again = await image.sign(name, ...more);
  expect(again.status).toBe(0);
  expect(attachedBy(again.report).attached).toBe(0);
  expect(proxy.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
});

test('fault 91: immutable tags, push-to: one write for each manifest with referrers', async () => {
  written = new Set();
  const name = `${proxy.host}/gate/immutable:1`;
  const more = [...PROFILES, '--manifest-signature', 'cose'];
  const result = await image.sign(`oci:${image.layout}`, '--push-to', name, ...more);
  expect(result).toMatchObject({ status: 0 });
  expect(listWrites()).toBe(1);
  expect(await image.underTag(registry.host, 'gate/immutable')).toHaveLength(3);
  expect(await image.verify(name)).toMatchObject({ status: 0 });
});

test('fault 91: immutable tags, an index: one write for each manifest and the index', async () => {
  written = new Set();
  const writer = await ImageWriter.create();
  const bytes = readFileSync(vectors().find(({ name }) => name === 'simple-tar')?.path ?? '');
  try {
    const platforms = await Promise.all(
      ['amd64', 'arm64'].map(async (architecture) => {
        const platform = { os: 'linux', architecture };
        return { ...(await writer.image({ layers: [{ bytes }], platform })), platform };
      }),
    );
    await writer.add(await writer.index(platforms), 'v1');
    await writer.copyTo('v1', `${registry.host}/immutable/index:1`);
  } finally {
    await writer.remove();
  }
  const name = `${proxy.host}/immutable/index:1`;
  const first = await image.sign(name, '--manifest-signature', 'cose');
  expect(first).toMatchObject({ status: 0 });
  expect(attachedBy(first.report).attached).toBe(5);
  // Two platform manifests and the index.
  expect(listWrites()).toBe(3);
});

test('fault 91: a new entry under an immutable tag: refused, and nothing is attached', async () => {
  written = new Set();
  const repository = await image.push(registry.host);
  const name = `${proxy.host}/${repository}:1`;
  expect(await image.sign(name)).toMatchObject({ status: 0 });
  const before = await image.underTag(registry.host, repository);
  const { status, stderr } = await image.sign(name, '--manifest-signature', 'cose');
  expect(stderr).toMatch(/does not allow a tag of .* to be overwritten .*Exempt the tags sha256-\* from/);
  expect(status).toBe(6);
  expect(await image.underTag(registry.host, repository)).toEqual(before);
});
