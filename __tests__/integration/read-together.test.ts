/** Reading the signatures of an image in a registry: those of one manifest by one process of oras. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { ArtifactFormat } from '../../src/model/artifact-formats.ts';
import type { Descriptor, SignatureArtifact } from '../../src/model/index.ts';
import { buildArtifact, encodeArtifact } from '../../src/oci/attach/artifact.ts';
import { eachReferrer } from '../../src/oci/attach/read/each-referrer.ts';
import { readReferrer } from '../../src/oci/attach/read/one-referrer.ts';
import { RegistryStore } from '../../src/oci/attach/registry-store.ts';
import { Oras } from '../../src/oci/oras/oras.ts';
import { attachAndReadBack } from '../helpers/attach.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter, sha256 } from '../helpers/image-writer.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { type WatchedTools, watchedTools } from '../helpers/watched-tools.ts';

const LAYERS = Array.from({ length: 8 }, (_, at) => `layer ${at}`);
const folder = testFolder();

let registry: TestRegistry;
let proxy: FaultyProxy;
let image: Descriptor;
let decide: (request: SeenRequest) => Fault | undefined;
let tools: WatchedTools;
let temp: string;
let count = 0;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  proxy = await startFaultyProxy(registry.host, (request) => decide(request));
  const writer = await ImageWriter.create();
  image = await writer.image({ layers: LAYERS });
  await writer.add(image, 'v1');
  await writer.copyTo('v1', `${registry.host}/app:v1`);
  await writer.remove();
});

afterAll(async () => {
  await proxy.stop();
  await registry.stop();
});

beforeEach(async () => {
  count += 1;
  decide = () => undefined;
  temp = join(folder, `temp-${count}`);
  await mkdir(temp);
  tools = watchedTools(join(folder, `tools-${count}`), temp);
});

function artifactOf(format: ArtifactFormat = 'notary'): SignatureArtifact {
  const entries = LAYERS.map((layer) => ({
    layerDigest: sha256(layer),
    rootHash: sha256(`root of ${layer}`).slice(7),
    // Other bytes in each test: what a registry has is not pushed again.
    pkcs7: Buffer.from(`signature ${count} of ${layer}`),
  }));
  return buildArtifact({
    format,
    subject: image,
    entries,
    own: {},
    created: new Date('2026-01-02T03:04:05Z'),
  });
}

async function attach(artifact: SignatureArtifact): Promise<Descriptor> {
  const oras = await Oras.open({ path: tools.oras, plainHttp: true });
  return attachAndReadBack(new RegistryStore(oras, `${proxy.host}/app`, temp), artifact, temp);
}

/** How often oras was started with these words. */
function calls(words: string): number {
  return readdirSync(tools.folder)
    .filter((name) => name.startsWith('call-'))
    .map((name) => readFileSync(join(tools.folder, name, 'arguments'), 'utf8'))
    .filter((line) => line.includes(` ${words} `)).length;
}

test('eight signatures are read by one process', async () => {
  const artifact = artifactOf();
  expect(await attach(artifact)).toEqual(encodeArtifact(artifact).descriptor);
  // The ninth blob is the config, which has no name.
  expect([calls('blob push'), calls('pull'), calls('blob fetch')]).toEqual([9, 1, 1]);
  expect(readdirSync(temp)).toEqual([]);
});

test('and by one more when the image is verified; the smallest is read first', async () => {
  const artifact = artifactOf();
  const { digest } = await attach(artifact);
  const oras = await Oras.open({ path: tools.oras, plainHttp: true });
  const store = new RegistryStore(oras, `${proxy.host}/app`, temp);
  const before = [calls('pull'), calls('blob fetch')];
  const read: Record<string, string[]> = {};
  for await (const [, referrer] of eachReferrer(store, image, artifact.artifactType)) {
    const blobs = 'blobs' in referrer ? referrer.blobs : [];
    read[referrer.descriptor.digest] = blobs.map((blob) => Buffer.from(blob ?? '').toString());
  }
  expect(read[digest]).toEqual(artifact.files.map(({ bytes }) => Buffer.from(bytes).toString()));
  const referrers = Object.keys(read).length;
  expect([calls('pull'), calls('blob fetch')]).toEqual(before.map((times) => times + referrers));
  expect(readdirSync(temp)).toEqual([]);
});

test('signatures without names are read one by one', async () => {
  await attach(artifactOf('tardev'));
  expect([calls('pull'), calls('blob fetch')]).toEqual([0, 9]);
});

test('what cannot be read together is read one by one', async () => {
  const artifact = artifactOf();
  const [, , third] = encodeArtifact(artifact).blobs;
  decide = ({ method, path, times }) =>
    method === 'GET' && path.endsWith(`/blobs/${third?.descriptor.digest}`) && times === 1
      ? { status: 403, body: '{"errors":[{"code":"DENIED"}]}' }
      : undefined;
  expect(await attach(artifact)).toEqual(encodeArtifact(artifact).descriptor);
  expect([calls('pull'), calls('blob fetch')]).toEqual([1, 9]);
});

test('a signature that the registry returns with other bytes is named, and nothing is left behind', async () => {
  const artifact = artifactOf();
  const { digest } = encodeArtifact(artifact).blobs[4]?.descriptor ?? { digest: 'none' };
  decide = ({ method, path }) =>
    method === 'GET' && path.endsWith(`/blobs/${digest}`)
      ? { change: (body) => Buffer.alloc(body.length, 'x') }
      : undefined;
  await expect(attach(artifact)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining(`does not return ${digest} after the signature was attached`),
  });
  expect(calls('pull')).toBe(1);
  expect(readdirSync(temp)).toEqual([]);
});

test('a manifest of which oras pulls more than signatures is read one by one', async () => {
  const { manifest, blobs } = encodeArtifact(artifactOf());
  const writer = await ImageWriter.create();
  for (const { bytes, descriptor } of blobs) await writer.blob(bytes, descriptor.mediaType);
  const config = await writer.blob(Buffer.from('gigabytes'), manifest.config.mediaType);
  const annotations = { 'org.opencontainers.image.title': 'config' };
  const hostile = { ...manifest, config: { ...config, annotations } };
  const descriptor = await writer.json(hostile, manifest.mediaType);
  await writer.add(descriptor, 'hostile');
  // The image that the manifest names as its subject comes with it.
  await writer.image({ layers: LAYERS });
  await writer.copyTo('hostile', `${registry.host}/app:hostile`);
  await writer.remove();

  const own = join(temp, 'by-hand');
  const pull = ['pull', '--plain-http', '--output', own, `${registry.host}/app:hostile`];
  await run([toolPath('oras'), ...pull], { env: toolEnvironment({ HOME: temp }) });
  expect(readFileSync(join(own, 'config'), 'utf8')).toBe('gigabytes');

  const oras = await Oras.open({ path: tools.oras, plainHttp: true });
  const store = new RegistryStore(oras, `${proxy.host}/app`, temp);
  const read = await readReferrer(store, descriptor);
  expect(read.blobs).toHaveLength(LAYERS.length);
  expect([calls('pull'), calls('blob fetch')]).toEqual([0, LAYERS.length]);
});
