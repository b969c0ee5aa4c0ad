import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { cli } from '../helpers/cli.ts';
import { DOCKER, OCI, sha256 } from '../helpers/image-writer.ts';
import { serveLayout } from '../helpers/layout-registry.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { store, vectorArtifact } from '../helpers/verify.ts';

const LAYERS = ['links-gzip', 'whiteouts-gzip'];
const folder = testFolder();
const pristine = join(folder, 'pristine');
/** The manifest and config of the good image, as texts. */
let good: { manifest: string; config: string; layers: string; descriptor: Descriptor };
/** A layer that is not signed, and a config for it. */
let evil: { config: string; layers: string; manifest: Descriptor };
let key: string[];
let trust: string[];
let made = 0;

beforeAll(async () => {
  mkdirSync(pristine);
  const descriptor = await writeVectorImage(pristine, LAYERS);
  const manifest = read(pristine, descriptor);
  const { config, layers } = JSON.parse(manifest) as { config: Descriptor; layers: unknown };
  good = { manifest, config: read(pristine, config), layers: JSON.stringify(layers), descriptor };

  const elsewhere = join(folder, 'elsewhere');
  const other = await writeVectorImage(elsewhere, ['dirs-gzip', 'modes-gzip']);
  cpSync(join(elsewhere, 'blobs'), join(pristine, 'blobs'), { recursive: true });
  const parts = JSON.parse(read(elsewhere, other)) as { config: unknown; layers: unknown };
  evil = { config: JSON.stringify(parts.config), layers: JSON.stringify(parts.layers), manifest: other };

  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath];
  trust = ['--trusted-certificate', caPath];
});

function read(directory: string, { digest }: { digest: string }): string {
  return readFileSync(join(directory, 'blobs', ...digest.split(':')), 'utf8');
}

function put(directory: string, content: string | Buffer, mediaType: string): Descriptor {
  const bytes = Buffer.from(content);
  const digest = sha256(bytes);
  writeFileSync(join(directory, 'blobs', ...digest.split(':')), bytes);
  return { mediaType, digest, size: bytes.length };
}

/** A layout whose tag `app` is the document that `write` stores. */
function layoutWith(write: (directory: string) => Descriptor): { directory: string; root: Descriptor } {
  const directory = join(folder, `layout-${made++}`);
  cpSync(pristine, directory, { recursive: true });
  const root = write(directory);
  const tagged = { ...root, annotations: { 'org.opencontainers.image.ref.name': 'app' } };
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  return { directory, root };
}

/** Every file of a folder with its content. */
function contents(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      sha256(readFileSync(join(parentPath, name))),
    ]),
  );
}

/** The arguments of every verb that reads an image, with a place for temporary files and nothing to install. */
function verbs(image: string, pushTo?: string): Record<string, string[]> {
  return {
    sign: ['sign', image, ...key],
    verify: ['verify', image, ...trust],
    inspect: ['inspect', image],
    'root-hash': ['root-hash', image],
    ...(pushTo === undefined ? {} : { gate: ['sign', image, '--push-to', pushTo, ...key] }),
  };
}

async function refused(args: readonly string[], message: RegExp): Promise<void> {
  const temp = join(folder, `temp-${made++}`);
  mkdirSync(temp);
  const { status, stderr, stdout } = await cli([...args, '--plain-http', '--temp-dir', temp]);
  // What verify cannot accept is its verdict `invalid`.
  const expected = args[0] === 'verify' ? 11 : 3;
  expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(message) });
  expect(stdout).not.toMatch(/verified/);
  expect(stderr).not.toMatch(/Internal error/);
  expect(readdirSync(temp)).toEqual([]);
}

interface Case {
  name: string;
  message: RegExp;
  /** Stores the documents; returns the descriptor of the image. */
  write: (directory: string) => Descriptor;
}

const manifestText = (text: () => string) => (directory: string) => put(directory, text(), OCI.manifest);
/** The good manifest with a text put in place of another. */
const changed = (from: string | RegExp, to: string | ((found: string) => string)) =>
  manifestText(() => {
    const text = good.manifest.replace(from, to as string);
    expect(text).not.toBe(good.manifest);
    return text;
  });
const withConfig = (config: () => string) => (directory: string) => {
  const { digest, size } = put(directory, config(), OCI.config);
  const { config: _config, ...rest } = JSON.parse(good.manifest) as Record<string, unknown>;
  const manifest = { ...rest, config: { mediaType: OCI.config, digest, size } };
  return put(directory, JSON.stringify(manifest), OCI.manifest);
};
const indexText = (text: (manifests: string) => string) => (directory: string) => {
  const platform = { os: 'linux', architecture: 'amd64' };
  return put(directory, text(JSON.stringify([{ ...good.descriptor, platform }])), OCI.index);
};
const evilEntry = () =>
  JSON.stringify([{ ...evil.manifest, platform: { os: 'linux', architecture: 'amd64' } }]);

/** The attack of issue 13: what an exact reader sees is signed, what Go sees is not. */
const ATTACK: Case = {
  name: 'fault 71: Config and Layers beside config and layers',
  message: /the manifest has the name "Config", which Go programs read as "config"\. Programs understand/,
  write: changed(/}$/, () => `,"Config":${evil.config},"Layers":${evil.layers}}`),
};

const TWICE: Case = {
  name: 'fault 72: layers twice',
  message: /the manifest has the name "layers" twice/,
  write: changed(/}$/, () => `,"layers":${good.layers}}`),
};

const BOTH: Case = {
  name: 'fault 73: a manifest that lists manifests',
  message: /the manifest is malformed at manifests: a manifest must not list manifests/,
  write: changed(/}$/, () => `,"manifests":${evilEntry()}}`),
};

/** Go programs that use embedded content run another config than the one that is signed. */
const EMBEDDED: Case = {
  name: 'fault 101: another config embedded in the descriptor of the config',
  message:
    /the manifest is malformed at config\.data: the embedded content has \d+ bytes, the descriptor says \d+/,
  write: changed('"config":{', () => `"config":{"data":"${Buffer.from(evilConfig()).toString('base64')}",`),
};
const evilConfig = () => `${read(pristine, JSON.parse(evil.config) as Descriptor)} `;

/** Content of the right length, but for one byte. */
const almost = (content: string): string => {
  const bytes = Buffer.from(content);
  bytes[bytes.length - 1] = 0;
  return bytes.toString('base64');
};

const CASES: Case[] = [
  {
    name: 'fault 101: a config of the same size embedded',
    message:
      /the manifest is malformed at config\.data: the embedded content has digest sha256:\w{64}, the descriptor says sha256:/,
    write: changed('"config":{', () => `"config":{"data":"${almost(good.config)}",`),
  },
  {
    name: 'fault 101: a layer embedded that is empty',
    message: /the manifest is malformed at layers\.1\.data: the embedded content has 0 bytes, the descriptor/,
    write: changed(/}\]}$/, ',"data":""}]}'),
  },
  {
    name: 'fault 101: another manifest embedded in an index',
    message: /the index is malformed at manifests\.0\.data: the embedded content has digest sha256:\w{64}/,
    write: indexText((list) => {
      const data = almost(good.manifest);
      return `{"schemaVersion":2,"manifests":${list.replace(/}\]$/, `,"data":"${data}"}]`)}}`;
    }),
  },
  {
    name: 'fault 71: Layers alone',
    message: /the manifest has the name "Layers", which/,
    write: changed('"layers":', '"Layers":'),
  },
  {
    name: 'fault 71: layerſ, with a long s',
    message: /the manifest has the name "layer\\u017f", which Go programs read as "layers"/,
    write: changed(/}$/, () => `,"layer\u017f":${evil.layers}}`),
  },
  {
    name: 'fault 71: the same, escaped',
    message: /the manifest has the name "layer\\u017f", which Go programs read as "layers"/,
    write: changed(/}$/, () => `,"layer\\u017f":${evil.layers}}`),
  },
  {
    name: 'fault 71: Digest in a descriptor',
    message: /the manifest has the name "Digest" at layers\.1, which Go programs read as "digest"/,
    write: changed(/}\]}$/, () => `,"Digest":"sha256:${'e'.repeat(64)}"}]}`),
  },
  {
    name: 'fault 71: URLs, a name that this program does not read',
    message: /the manifest has the name "URLs" at layers\.1, which Go programs read as "urls"/,
    write: changed(/}\]}$/, '"URLs":[]}]}'.replace(/^/, ',')),
  },
  {
    name: 'fault 71: Rootfs in a config',
    message: /the image config has the name "Rootfs", which Go programs read as "rootfs"/,
    write: withConfig(() => good.config.replace(/}$/, ',"Rootfs":{"type":"layers","diff_ids":[]}}')),
  },
  {
    name: 'fault 71: OS in a config',
    message: /the image config has the name "OS", which Go programs read as "os"/,
    write: withConfig(() => good.config.replace(/}$/, ',"OS":"windows"}')),
  },
  {
    name: 'fault 71: DIFF_IDS in a config',
    message: /the image config has the name "DIFF_IDS" at rootfs, which Go programs read as "diff_ids"/,
    write: withConfig(() => good.config.replace('"diff_ids":', '"DIFF_IDS":[],"diff_ids":')),
  },
  {
    name: 'fault 71: entrypoint in the config of a config',
    message: /the image config has the name "entrypoint" at config, which Go programs read as "Entrypoint"/,
    write: withConfig(() =>
      good.config.replace('"config":{}', '"config":{"Entrypoint":["/a"],"entrypoint":["/b"]}'),
    ),
  },
  {
    name: 'fault 71: Manifests in an index',
    message: /the index has the name "Manifests", which Go programs read as "manifests"/,
    write: indexText((list) => `{"schemaVersion":2,"manifests":${list},"Manifests":${evilEntry()}}`),
  },
  {
    name: 'fault 71: Platform in an entry of an index',
    message: /the index has the name "Platform" at manifests\.0, which Go programs read as "platform"/,
    write: indexText(
      (list) => `{"schemaVersion":2,"manifests":${list.replace(/}\]$/, ',"Platform":null}]')}}`,
    ),
  },
  {
    name: 'fault 72: digest twice in a descriptor',
    message: /the manifest has the name "digest" twice at layers\.1/,
    write: changed(/}\]}$/, () => `,"digest":"sha256:${'e'.repeat(64)}"}]}`),
  },
  {
    name: 'fault 72: an annotation twice',
    message: /the manifest has the name "a" twice at annotations/,
    write: changed(/}$/, ',"annotations":{"a":"b","a":"c"}}'),
  },
  {
    name: 'fault 72: rootfs twice in a config',
    message: /the image config has the name "rootfs" twice/,
    write: withConfig(() => good.config.replace(/}$/, ',"rootfs":{"type":"layers","diff_ids":[]}}')),
  },
  {
    name: 'fault 72: manifests twice in an index',
    message: /the index has the name "manifests" twice/,
    write: indexText((list) => `{"schemaVersion":2,"manifests":${list},"manifests":${evilEntry()}}`),
  },
  {
    name: 'fault 73: an index with layers',
    message: /the index is malformed at layers: an index must not list layers/,
    write: indexText((list) => `{"schemaVersion":2,"manifests":${list},"layers":${evil.layers}}`),
  },
  {
    name: 'fault 73: an index with an empty config',
    message: /the index is malformed at config: an index must not have a config/,
    write: indexText((list) => `{"schemaVersion":2,"manifests":${list},"config":null}`),
  },
  {
    name: 'fault 73: a manifest that says it is an index',
    message:
      /the manifest says that it is "application\/vnd\.oci\.image\.index\.v1\+json", its descriptor says/,
    write: changed(`"mediaType":"${OCI.manifest}"`, `"mediaType":"${OCI.index}"`),
  },
  {
    name: "fault 73: a docker manifest that says it is OCI's",
    message:
      /the manifest says that it is "application\/vnd\.oci\.image\.manifest\.v1\+json", its descriptor says/,
    write: (directory) => put(directory, good.manifest, DOCKER.manifest),
  },
  {
    name: 'fault 73: a docker manifest without media type',
    message: /the manifest has no mediaType, its descriptor says application\/vnd\.docker/,
    write: (directory) =>
      put(directory, good.manifest.replace(`"mediaType":"${OCI.manifest}",`, ''), DOCKER.manifest),
  },
  {
    name: 'fault 73: a manifest with fsLayers of Docker schema 1',
    message: /the manifest is malformed at fsLayers: only a manifest of Docker schema 1/,
    write: changed(/}$/, ',"fsLayers":[]}'),
  },
  ...['1e3', '1.0', '-0', '9223372036854775807'].map(
    (number): Case => ({
      name: `fault 12: the size ${number}`,
      message: /the manifest has the number \S+ at layers\.1\.size: programs agree only on integers/,
      write: changed(/"size":\d+}\]}$/, `"size":${number}}]}`),
    }),
  ),
  {
    name: 'fault 12: a byte order mark',
    message: /the manifest is not valid JSON: it begins with a byte order mark/,
    write: manifestText(() => `\ufeff${good.manifest}`),
  },
  {
    name: 'fault 12: invalid UTF-8',
    message: /the manifest is not valid JSON: it is not UTF-8/,
    write: (directory) => {
      const text = good.manifest.replace(/}$/, ',"annotations":{"a":"\xff"}}');
      return put(directory, Buffer.from(text, 'latin1'), OCI.manifest);
    },
  },
  {
    name: 'fault 12: half a surrogate pair',
    message: /the manifest has half a surrogate pair in a text at annotations\.a/,
    write: changed(/}$/, ',"annotations":{"a":"\\ud800"}}'),
  },
  {
    name: 'fault 12: a second document',
    message: /the manifest is not valid JSON/,
    write: manifestText(() => `${good.manifest}{}`),
  },
  {
    name: 'fault 12: 11,000 levels',
    message: /the manifest nests deeper than 100 levels/,
    write: changed(/}$/, `,"x":${'['.repeat(11_000)}${']'.repeat(11_000)}}`),
  },
];

test('embedded content that is what its descriptor says verifies', async () => {
  const data = Buffer.from(good.config).toString('base64');
  const { directory, root } = layoutWith(changed('"config":{', `"config":{"data":"${data}",`));
  await store(directory, await vectorArtifact({ subject: root, layers: LAYERS }));
  expect(await cli(['verify', `oci:${directory}:app`, ...trust])).toMatchObject({ status: 0 });
});

test('the image that the cases change verifies', async () => {
  const { directory, root } = layoutWith((place) => put(place, good.manifest, OCI.manifest));
  await store(directory, await vectorArtifact({ subject: root, layers: LAYERS }));
  const { status, stderr } = await cli(['verify', `oci:${directory}:app`, ...trust]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

describe.each([ATTACK, TWICE, BOTH, EMBEDDED])('$name', ({ message, write }) => {
  /** The document under the public signatures of the good image's layers. */
  async function signed(): Promise<{ directory: string; root: Descriptor }> {
    const made = layoutWith(write);
    await store(made.directory, await vectorArtifact({ subject: made.root, layers: LAYERS }));
    return made;
  }

  test('in a layout: every verb', async () => {
    const { directory } = await signed();
    const before = contents(directory);
    const registry = await serveLayout(directory, {});
    const all = Object.values(verbs(`oci:${directory}:app`, `${registry.host}/gated:1.0`));
    await Promise.all(all.map((args) => refused(args, message)));
    await registry.stop();
    expect(registry.writes).toEqual([]);
    expect(contents(directory)).toEqual(before);
  });

  test('in a registry: every verb', async () => {
    const { directory, root } = await signed();
    const registry = await serveLayout(directory, { app: root });
    const all = Object.values(verbs(`${registry.host}/attack:app`));
    const byDigest = ['verify', `${registry.host}/attack@${root.digest}`, ...trust];
    await Promise.all([...all, byDigest].map((args) => refused(args, message)));
    await registry.stop();
    expect(registry.writes).toEqual([]);
  });

  test('in an archive', async () => {
    const { directory } = await signed();
    const archive = `${directory}.tar`;
    execFileSync('tar', ['-cf', archive, '-C', directory, '.']);
    const before = readFileSync(archive);
    const all = Object.values(verbs(`oci-archive:${archive}:app`));
    await Promise.all(all.map((args) => refused(args, message)));
    expect(readFileSync(archive).equals(before)).toBe(true);
  });
});

test.each(CASES)('$name', async ({ message, write }) => {
  const { directory } = layoutWith(write);
  const before = contents(directory);
  await refused(['verify', `oci:${directory}:app`, ...trust], message);
  expect(contents(directory)).toEqual(before);
});

describe('the files of a layout', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'fault 71',
      'index.json',
      '{"schemaVersion":2,"manifests":[],"Manifests":[]}',
      /index\.json has the name "Manifests"/,
    ],
    [
      'fault 72',
      'index.json',
      '{"schemaVersion":2,"manifests":[],"manifests":[]}',
      /index\.json has the name "manifests" twice/,
    ],
    [
      'fault 73',
      'index.json',
      '{"schemaVersion":2,"manifests":[],"layers":[]}',
      /index\.json is malformed at layers/,
    ],
    [
      'fault 73',
      'index.json',
      `{"schemaVersion":2,"mediaType":"${OCI.manifest}","manifests":[]}`,
      /index\.json says that it is "application\/vnd\.oci\.image\.manifest/,
    ],
    [
      'fault 71',
      'oci-layout',
      '{"imageLayoutVersion":"1.0.0","imagelayoutversion":"1"}',
      /the file oci-layout has the name/,
    ],
    [
      'fault 72',
      'oci-layout',
      '{"imageLayoutVersion":"1","imageLayoutVersion":"1.0.0"}',
      /the file oci-layout has the name/,
    ],
  ])('%s: %s with %s', async (_fault, file, text, message) => {
    const { directory } = layoutWith(() => good.descriptor);
    writeFileSync(join(directory, file), text);
    await Promise.all(Object.values(verbs(`oci:${directory}:app`)).map((args) => refused(args, message)));
  });
});

describe('manifest.json of an archive, which docker load reads', () => {
  const path = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  const item = (config: string, layers: string) => {
    const { digest } = JSON.parse(config) as Descriptor;
    const paths = (JSON.parse(layers) as Descriptor[]).map((layer) => path(layer.digest));
    return { Config: path(digest), RepoTags: ['app:latest'], Layers: paths };
  };
  const goodItem = () =>
    item(JSON.stringify((JSON.parse(good.manifest) as { config: unknown }).config), good.layers);
  const evilItem = () => item(evil.config, evil.layers);

  async function archive(files: Record<string, string>): Promise<string> {
    const { directory, root } = layoutWith((place) => put(place, good.manifest, OCI.manifest));
    await store(directory, await vectorArtifact({ subject: root, layers: LAYERS }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    execFileSync('tar', ['-cf', `${directory}.tar`, '-C', directory, '.']);
    return `oci-archive:${directory}.tar:app`;
  }

  test('the same image verifies, by digests of its layers or of their contents', async () => {
    const diffs = LAYERS.map((name) => vectors().find((vector) => vector.name === name)?.diffId ?? '');
    for (const Layers of [goodItem().Layers, diffs.map(path)]) {
      const image = await archive({
        'manifest.json': JSON.stringify([{ ...goodItem(), Layers }]),
        repositories: JSON.stringify({ app: { latest: '0'.repeat(64) } }),
      });
      expect(await cli(['verify', image, ...trust])).toMatchObject({ status: 0 });
    }
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'another image',
      () => ({ 'manifest.json': JSON.stringify([goodItem(), evilItem()]) }),
      /manifest\.json names an image that index\.json does not \(Config "blobs\/sha256\/\w{64}"\)/,
    ],
    [
      'other layers',
      () => ({ 'manifest.json': JSON.stringify([{ ...goodItem(), Layers: evilItem().Layers }]) }),
      /manifest\.json names an image that index\.json does not/,
    ],
    [
      'fewer layers',
      () => ({ 'manifest.json': JSON.stringify([{ ...goodItem(), Layers: goodItem().Layers.slice(1) }]) }),
      /manifest\.json names an image that index\.json does not/,
    ],
    [
      'fault 71: config',
      () => ({ 'manifest.json': JSON.stringify([{ ...goodItem(), config: evilItem().Config }]) }),
      /manifest\.json has the name "config" at 0, which Go programs read as "Config"/,
    ],
    [
      'fault 72: Layers twice',
      () => ({ 'manifest.json': JSON.stringify([goodItem()]).replace('}]', ',"Layers":[]}]') }),
      /manifest\.json has the name "Layers" twice at 0/,
    ],
    [
      'a second document',
      () => ({ 'manifest.json': `${JSON.stringify([evilItem()])}[]` }),
      /manifest\.json is not valid JSON/,
    ],
    [
      'fault 72: a tag twice in repositories',
      () => ({ repositories: '{"app":{"latest":"a","latest":"b"}}' }),
      /the file repositories has the name "latest" twice at app/,
    ],
  ])('%s: refused', async (_name, files, message) => {
    const { verify, sign } = verbs(await archive(files()));
    await Promise.all([verify, sign].map((args = []) => refused(args, message)));
  });
});

describe('a referrer', () => {
  /** Verifies the good image with a signature manifest whose text is changed. */
  async function verifyWith(
    change: (text: string) => string,
  ): Promise<{ status: number | null; stdout: string }> {
    const { directory, root } = layoutWith((place) => put(place, good.manifest, OCI.manifest));
    const artifact = await vectorArtifact({ subject: root, layers: LAYERS });
    const bytes = Buffer.from(change(artifact.bytes.toString()));
    expect(bytes.equals(artifact.bytes)).toBe(false);
    const descriptor = { ...artifact.descriptor, digest: sha256(bytes), size: bytes.length };
    await store(directory, { ...artifact, bytes, descriptor });
    return cli(['verify', `oci:${directory}:app`, ...trust]);
  }

  test.each<[string, (text: string) => string]>([
    ['fault 71: Subject', (text) => text.replace(/}$/, ',"Subject":null}')],
    [
      'fault 71: Annotations in an entry',
      (text) => text.replace('"annotations":', '"Annotations":{},"annotations":'),
    ],
    ['fault 72: layers twice', (text) => text.replace(/}$/, ',"layers":[]}')],
    ['fault 73: manifests', (text) => text.replace(/}$/, ',"manifests":[]}')],
    [
      'fault 101: another subject embedded',
      (text) => text.replace('"subject":{', '"subject":{"data":"e30=",'),
    ],
  ])('%s: does not verify', async (_name, change) => {
    const { status, stdout } = await verifyWith(change);
    expect(status).toBeGreaterThanOrEqual(10);
    expect(stdout).not.toMatch(/^verified/m);
  });
});

describe('a fallback index', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry('fallback-tag');
  });
  afterAll(() => registry.stop());

  test.each<[string, (text: string) => string, RegExp]>([
    [
      'fault 71: Manifests',
      (text) => text.replace(/}$/, ',"Manifests":[]}'),
      /the index of referrers has the name "Manifests", which Go programs read as "manifests"/,
    ],
    [
      'fault 72: manifests twice',
      (text) => text.replace(/^{/, '{"manifests":[],'),
      /the index of referrers has the name "manifests" twice/,
    ],
  ])('%s: the gate does not add to it', async (_name, change, message) => {
    const { directory } = layoutWith((place) => put(place, good.manifest, OCI.manifest));
    await store(directory, await vectorArtifact({ subject: good.descriptor, layers: LAYERS }));
    const repository = `${registry.host}/fallback/${made++}`;
    const gate = (tag: string) => [
      'sign',
      `oci:${directory}:app`,
      '--push-to',
      `${repository}:${tag}`,
      ...key,
    ];
    expect(await cli([...gate('first'), '--plain-http'])).toMatchObject({ status: 0 });

    const url = `http://${repository.replace('/', '/v2/')}/manifests`;
    const tag = good.descriptor.digest.replace(':', '-');
    const headers = { accept: OCI.index, 'content-type': OCI.index };
    const written = change(await (await fetch(`${url}/${tag}`, { headers })).text());
    expect(await fetch(`${url}/${tag}`, { method: 'PUT', headers, body: written })).toMatchObject({
      status: 201,
    });
    await refused(gate('second'), message);
    expect(await (await fetch(`${url}/${tag}`, { headers })).text()).toBe(written);
    expect(await fetch(`${url}/second`, { headers: { accept: OCI.manifest } })).toMatchObject({
      status: 404,
    });
  });
});
