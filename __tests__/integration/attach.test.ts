import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create } from 'tar';
import { VeritySignError } from '../../src/errors.ts';
import { run } from '../../src/lib/process/run.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor, SignatureArtifact } from '../../src/model/index.ts';
import { buildArtifact, encodeArtifact } from '../../src/oci/attach/artifact.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { findReusable } from '../../src/oci/attach/read/find-reusable.ts';
import { readReferrer } from '../../src/oci/attach/read/one-referrer.ts';
import { RegistryStore } from '../../src/oci/attach/registry-store.ts';
import type { ReferrerStore } from '../../src/oci/attach/store.ts';
import { ArchiveSource } from '../../src/oci/image/archive-source.ts';
import { RegistrySource } from '../../src/oci/image/registry-source.ts';
import { resolveImage } from '../../src/oci/image/resolve.ts';
import { Oras } from '../../src/oci/oras/oras.ts';
import { attachAndReadBack } from '../helpers/attach.ts';
import { ImageWriter, OCI, sha256 } from '../helpers/image-writer.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

let temp: string;
let writer: ImageWriter;
let image: Descriptor;
let other: Descriptor;

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-attach-'));
  writer = await ImageWriter.create();
  image = await writer.image({ layers: ['one', 'two', 'one'] });
  other = await writer.image({ layers: ['other'], platform: { os: 'linux', architecture: 'arm64' } });
  const amd64 = { ...image, platform: { os: 'linux', architecture: 'amd64' } };
  await writer.add(
    await writer.index([amd64, { ...other, platform: { os: 'linux', architecture: 'arm64' } }]),
    'v1',
  );
});

afterAll(async () => {
  await writer.remove();
  await rm(temp, { recursive: true, force: true });
});

function artifactFor(subject: Descriptor, profile = 'containerd'): SignatureArtifact {
  const entry = (layer: string) => ({
    layerDigest: sha256(layer),
    rootHash: sha256(`root of ${layer}`).slice(7),
    pkcs7: Buffer.from(`signature of ${layer} for ${profile}`),
  });
  // The first and the third layer are the same: two entries, one blob.
  return buildArtifact({
    subject,
    entries: ['one', 'two', 'one'].map(entry),
    own: { profile },
    created: new Date('2026-01-02T03:04:05Z'),
  });
}

async function discover(oras: string, target: string[]): Promise<{ digest: string; artifactType: string }[]> {
  const argv = [toolPath(oras), 'discover', '--format', 'json', ...target];
  const { stdout } = await run(argv, { env: toolEnvironment({ HOME: temp }) });
  const parsed = JSON.parse(stdout.toString());
  return parsed.manifests ?? parsed.referrers ?? [];
}

/** What has to hold in every store. */
async function check(store: ReferrerStore): Promise<Descriptor> {
  expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toEqual([]);
  const artifact = artifactFor(image);
  const attached = await attachAndReadBack(store, artifact, temp);
  const { bytes, descriptor, manifest } = encodeArtifact(artifact);
  expect(attached).toEqual(descriptor);

  const listed = await store.list(image, DM_VERITY_ARTIFACT_TYPE);
  expect(listed).toEqual([expect.objectContaining({ ...descriptor, artifactType: DM_VERITY_ARTIFACT_TYPE })]);
  expect((await store.fetchManifest(descriptor)).equals(bytes)).toBe(true);
  expect(manifest.subject).toEqual({ mediaType: OCI.manifest, digest: image.digest, size: image.size });
  const read = await readReferrer(store, descriptor);
  expect(read.manifest).toEqual(manifest);
  expect(read.blobs.map(String)).toEqual(artifact.files.map((file) => Buffer.from(file.bytes).toString()));

  // Fault 65: the same again changes nothing; another profile is another referrer.
  await attachAndReadBack(store, artifact, temp);
  expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(1);
  const second = await attachAndReadBack(store, artifactFor(image, 'containerd-cache'), temp);
  expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(2);
  expect(await store.list(other, DM_VERITY_ARTIFACT_TYPE)).toEqual([]);
  expect(await store.list(image, 'application/vnd.example')).toEqual([]);

  const wanted = async (profile: string) =>
    findReusable(store, image, DM_VERITY_ARTIFACT_TYPE, {
      read: ({ annotations }, blobs) =>
        blobs.length === 3 && annotations['io.github.verity-sign.profile'] === profile ? profile : undefined,
    });
  expect((await wanted('containerd-cache'))?.descriptor.digest).toBe(second.digest);
  expect(await wanted('containerd-tar-index')).toBeUndefined();
  expect((await readdir(temp)).filter((name) => name.startsWith('attach-'))).toEqual([]);
  return attached;
}

describe.each(['referrers-api', 'fallback-tag'] as const)('a registry with %s', (kind) => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry(kind);
    for (const repository of ['new', 'old', 'broken', 'two']) {
      await writer.copyTo('v1', `${registry.host}/${repository}:v1`);
    }
  });
  afterAll(() => registry.stop());

  test.each([
    ['oras', 'new'],
    ['oras-1.2', 'old'],
  ])('%s attaches exactly the manifest and finds it again', async (tool, repository) => {
    const oras = await Oras.open({ path: toolPath(tool), plainHttp: true });
    const name = `${registry.host}/${repository}`;
    const attached = await check(new RegistryStore(oras, name, temp));
    for (const version of ['oras', 'oras-1.2']) {
      const found = await discover(version, ['--plain-http', `${name}@${image.digest}`]);
      expect(found).toHaveLength(2);
      expect(found.map(({ digest }) => digest)).toContain(attached.digest);
    }
  });

  test('resolves an image in it', async () => {
    const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    const reference = {
      kind: 'registry',
      registry: registry.host,
      repository: 'new',
      tag: 'v1',
      digest: undefined,
    } as const;
    const { manifests, name, root } = await resolveImage(new RegistrySource(oras, reference), {
      platforms: [],
      allowSkip: [],
    });
    expect(root.mediaType).toBe(OCI.index);
    expect(name).toBe(`${registry.host}/new@${root.digest}`);
    expect(manifests.map(({ descriptor }) => descriptor)).toEqual([image, other]);
  });

  test('broken referrers of others are passed over and told about', async () => {
    const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    const store = new RegistryStore(oras, `${registry.host}/broken`, temp);
    const odd = { schemaVersion: 2, mediaType: OCI.manifest, artifactType: DM_VERITY_ARTIFACT_TYPE };
    const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2 };
    const subject = { mediaType: image.mediaType, digest: image.digest, size: image.size };
    const bodies = [
      { ...odd, config: empty, layers: [{ ...empty, size: 2_000_000 }], subject },
      { ...odd, config: empty, layers: [{ ...empty, size: 3 }], subject },
      { ...odd, config: empty, layers: [], subject: { ...subject, size: 1 } },
    ];
    await writeFile(join(temp, 'empty'), '{}');
    await oras.pushBlob(store.name, empty, { folder: temp, name: 'empty' });
    for (const body of bodies) {
      const bytes = Buffer.from(JSON.stringify(body));
      await writeFile(join(temp, 'odd.json'), bytes);
      const descriptor = { mediaType: OCI.manifest, digest: sha256(bytes), size: bytes.length };
      // oras as another client: it maintains the list by itself.
      const push = ['manifest', 'push', '--plain-http', '--media-type', OCI.manifest];
      const argv = [...push, `${store.name}@${descriptor.digest}`, join(temp, 'odd.json')];
      await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: temp }) });
    }
    const broken: string[] = [];
    const find = (read: () => boolean | undefined) =>
      findReusable(store, image, DM_VERITY_ARTIFACT_TYPE, {
        read,
        onBroken: (_descriptor, error) => broken.push(String(error)),
      });
    expect(await find(() => true)).toBeUndefined();
    expect(broken).toHaveLength(2);
    const good = await attachAndReadBack(store, artifactFor(image), temp);
    expect((await find(() => true))?.descriptor.digest).toBe(good.digest);
    const judged = await find(() => {
      throw new Error('cannot be judged');
    });
    expect(judged).toBeUndefined();
    expect(broken).toContain('Error: cannot be judged');
  });

  test('of a flood of referrers no more are read than verify reads', async () => {
    const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    const store = new RegistryStore(oras, `${registry.host}/old`, temp);
    const good = await attachAndReadBack(store, artifactFor(image, 'flooded'), temp);
    const read: string[] = [];
    const flooded = (before: number): ReferrerStore => ({
      name: store.name,
      list: async () =>
        [
          ...Array.from({ length: before }, (_, index) => ({
            ...good,
            digest: `sha256:${String(index).padStart(64, '0')}`,
          })),
          good,
        ].map((one) => ({ ...one, artifactType: DM_VERITY_ARTIFACT_TYPE })),
      fetchManifest: (descriptor) => {
        read.push(descriptor.digest);
        if (descriptor.digest !== good.digest) throw new VeritySignError('registry', 'not found');
        return store.fetchManifest(descriptor);
      },
      fetchBlob: (descriptor) => store.fetchBlob(descriptor),
      push: () => Promise.reject(new TypeError('nothing to push')),
      enlist: () => Promise.reject(new TypeError('nothing to list')),
      remove: () => Promise.reject(new TypeError('nothing to remove')),
    });
    const find = (before: number) =>
      findReusable(flooded(before), image, DM_VERITY_ARTIFACT_TYPE, { read: () => true });
    expect((await find(999))?.descriptor.digest).toBe(good.digest);
    expect(read).toHaveLength(1000);
    expect(await find(1000)).toBeUndefined();
    expect(read).toHaveLength(2000);
  });

  test('fault 63: two signers at once: both referrers survive, or one fails loudly', async () => {
    const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    const open = () => new RegistryStore(oras, `${registry.host}/two`, temp);
    const store = open();
    // Two runs of sign: each attaches, reads back, and looks once more before it says that all is well.
    const runs = ['a', 'b'].map(async (profile) => {
      const own = open();
      const attached = await attachAndReadBack(own, artifactFor(image, profile), temp);
      await own.settle(temp, new AbortController().signal);
      return attached;
    });
    const results = await Promise.allSettled(runs);
    const listed = (await store.list(image, DM_VERITY_ARTIFACT_TYPE)).map(({ digest }) => digest);
    const said = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.digest] : []));
    expect(listed).toEqual(expect.arrayContaining(said));
    for (const profile of ['a', 'b']) await attachAndReadBack(store, artifactFor(image, profile), temp);
    expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(2);
  });

  test('fault 64: killed after the manifest and before the list: a rerun lists it', async () => {
    const oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    const store = new RegistryStore(oras, `${registry.host}/two`, temp);
    const artifact = artifactFor(other);
    const encoded = encodeArtifact(artifact);
    await store.push(encoded, temp);
    const listed = await store.list(other, DM_VERITY_ARTIFACT_TYPE);
    expect(listed).toHaveLength(kind === 'fallback-tag' ? 0 : 1);
    expect(await attachAndReadBack(store, artifact, temp)).toEqual(encoded.descriptor);
    expect(await store.list(other, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(1);
  });
});

describe('a layout', () => {
  const copy = async (name: string): Promise<string> => {
    const directory = join(temp, name);
    await run(['cp', '-r', writer.directory, directory], { env: toolEnvironment() });
    return directory;
  };

  test('gets exactly the manifest; oras finds it and copies it along', async () => {
    const directory = await copy('layout');
    const attached = await check(new LayoutStore(directory));
    // oras 1.2 cannot copy an index whose manifests have referrers, whoever attached them.
    const target = join(temp, 'copy');
    const local = [toolPath('oras'), 'cp', '-r', '--from-oci-layout', `${directory}:v1`, '--to-oci-layout'];
    await run([...local, `${target}:v1`], { env: toolEnvironment({ HOME: temp }) });
    const copied = await new LayoutStore(target).list(image, DM_VERITY_ARTIFACT_TYPE);
    expect(copied.map(({ digest }) => digest)).toContain(attached.digest);
    const registry = await startRegistry('fallback-tag');
    try {
      const argv = [toolPath('oras'), 'cp', '-r', '--from-oci-layout', `${directory}:v1`, '--to-plain-http'];
      await run([...argv, `${registry.host}/copied:v1`], { env: toolEnvironment({ HOME: temp }) });
      const found = await discover('oras', ['--plain-http', `${registry.host}/copied@${image.digest}`]);
      expect(found.map(({ digest }) => digest)).toContain(attached.digest);
    } finally {
      await registry.stop();
    }
  });

  test('what was in index.json stays as it was, in its order', async () => {
    const directory = await copy('kept');
    const path = join(directory, 'index.json');
    const before = { ...JSON.parse(await readFile(path, 'utf8')), 'x-unknown': { kept: true } };
    before.manifests[0]['x-entry'] = 1;
    await writeFile(path, JSON.stringify(before));
    const attached = await attachAndReadBack(new LayoutStore(directory), artifactFor(image), temp);
    const entry = { ...attached, artifactType: DM_VERITY_ARTIFACT_TYPE };
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      ...before,
      manifests: [...before.manifests, entry],
    });
    const names = [...(await readdir(directory)), ...(await readdir(join(directory, 'blobs/sha256')))];
    expect(names.filter((name) => /partial|lock/.test(name))).toEqual([]);
  });

  test('fault 63: many signers at once in a layout all survive', async () => {
    const store = new LayoutStore(await copy('many'));
    const profiles = Array.from({ length: 8 }, (_, number) => `p${number}`);
    await Promise.all(profiles.map((profile) => attachAndReadBack(store, artifactFor(image, profile), temp)));
    expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(8);
  });

  test('fault 64: a lock left by a killed run is taken over, a damaged half blob does no harm', async () => {
    const directory = await copy('killed');
    const [, layer] = encodeArtifact(artifactFor(image)).blobs;
    await writeFile(join(directory, 'index.json.lock'), '');
    await run(['touch', '-d', '1 minute ago', join(directory, 'index.json.lock')], {
      env: toolEnvironment(),
    });
    await writeFile(join(directory, 'blobs/sha256', `${layer?.descriptor.digest.slice(7)}`), 'half');
    const store = new LayoutStore(directory);
    await attachAndReadBack(store, artifactFor(image), temp);
    expect(await store.list(image, DM_VERITY_ARTIFACT_TYPE)).toHaveLength(1);
  });

  test('oras itself would record a wrong subject there', async () => {
    const directory = await copy('by-oras');
    await writeFile(join(temp, 'layer-0.pkcs7.sig'), 'x');
    const argv = [
      'attach',
      '--oci-layout',
      `${directory}@${image.digest}`,
      '--artifact-type',
      'application/vnd.example',
    ];
    const exported = join(temp, 'exported.json');
    await run([toolPath('oras'), ...argv, '--export-manifest', exported, 'layer-0.pkcs7.sig'], {
      cwd: temp,
      env: toolEnvironment({ HOME: temp }),
    });
    const { subject } = JSON.parse(await readFile(exported, 'utf8'));
    expect(subject.mediaType).toBe('application/octet-stream');
  });

  test('an archive gets it through a layout', async () => {
    const file = join(temp, 'image.tar');
    await create({ cwd: writer.directory, file }, ['.']);
    const open = (name: string) =>
      ArchiveSource.open({ kind: 'archive', path: file, tag: 'v1' }, join(temp, name));
    const source = await open('first');
    const attached = await attachAndReadBack(new LayoutStore(source.directory), artifactFor(image), temp);
    await source.repack();
    const again = await open('second');
    const found = await new LayoutStore(again.directory).list(image, DM_VERITY_ARTIFACT_TYPE);
    expect(found.map(({ digest }) => digest)).toEqual([attached.digest]);
    expect((await resolveImage(again, { platforms: [], allowSkip: [] })).manifests).toHaveLength(2);
  });
});
