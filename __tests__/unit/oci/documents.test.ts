import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VeritySignError } from '../../../src/errors.ts';
import { parseConfig, parseDocument, parseIndex, parseReferences } from '../../../src/oci/documents.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const digest = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`;
const descriptor = (n: number, mediaType: string = LAYER) => ({ mediaType, digest: digest(n), size: n });
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const config = descriptor(1, 'application/vnd.oci.image.config.v1+json');
const manifest = (more: object = {}) => ({ schemaVersion: 2, config, layers: [descriptor(2)], ...more });
const imageError = (message: RegExp) =>
  expect.objectContaining({ code: 'image', message: expect.stringMatching(message) });

function parseManifest(value: unknown) {
  const document = parseDocument(bytes(value), MANIFEST);
  if (document.kind !== 'manifest') throw new TypeError('not a manifest');
  return document;
}

test('reads OCI and Docker manifests, indexes and configs', () => {
  expect(parseDocument(bytes(manifest()), MANIFEST)).toMatchObject({ kind: 'manifest', config });
  expect(parseDocument(bytes(manifest({ mediaType: DOCKER })), DOCKER)).toMatchObject({
    layers: [descriptor(2)],
  });
  expect(parseDocument(bytes({ schemaVersion: 2, manifests: null }), INDEX)).toEqual({
    kind: 'index',
    manifests: [],
  });
  const rootfs = { type: 'layers', diff_ids: [digest(9)] };
  expect(parseConfig(bytes({ os: 'linux', architecture: 'arm', variant: 'v6', rootfs }))).toEqual({
    platform: { os: 'linux', architecture: 'arm', variant: 'v6' },
    diffIds: [digest(9)],
  });
});

test.each([
  ['{"schemaVersion":2,', /not valid JSON/],
  ['\u00ff', /malformed|not valid JSON/],
  ['null', /malformed/],
  ['[]', /malformed/],
  [JSON.stringify({ ...manifest(), layers: undefined }), /malformed at layers/],
  [JSON.stringify(manifest({ schemaVersion: 1 })), /malformed at schemaVersion/],
  [JSON.stringify(manifest({ layers: [{ ...descriptor(2), size: -1 }] })), /malformed at layers.0.size/],
  [
    JSON.stringify(manifest({ layers: [{ ...descriptor(2), size: 1.5 }] })),
    /has the number 1.5 at layers.0.size/,
  ],
  [JSON.stringify(manifest({ manifests: [] })), /must not list manifests/],
  [JSON.stringify(manifest({ mediaType: INDEX })), /its descriptor says/],
])('fault 12: malformed manifest %s', (text, message) => {
  expect(() => parseDocument(Buffer.from(text), MANIFEST)).toThrow(imageError(message));
});

test('fault 12: bytes that are not UTF-8', () => {
  expect(() => parseDocument(Buffer.from([0x22, 0xff, 0x22]), MANIFEST)).toThrow(
    imageError(/not valid JSON/),
  );
});

test('fault 13: manifest over 4 MiB', () => {
  const big = bytes(manifest({ annotations: { a: 'x'.repeat(4 * 1024 * 1024) } }));
  expect(() => parseDocument(big, MANIFEST)).toThrow(imageError(/the limit is 4194304/));
});

test.each([
  'sha256:../../../../etc/passwd',
  `sha256:${'AB'.repeat(32)}`,
  `sha256:${'ab'.repeat(31)}`,
  `sha256:${'ab'.repeat(32)}/..`,
  `sha256:${'ab'.repeat(32)}\n`,
  `sha512:${'ab'.repeat(32)}`,
  `md5:${'ab'.repeat(16)}`,
])('fault 16: digest %j', (bad) => {
  const layers = [{ ...descriptor(2), digest: bad }];
  expect(() => parseManifest(manifest({ layers }))).toThrow(imageError(/malformed at layers.0.digest/));
  const rootfs = { type: 'layers', diff_ids: [bad] };
  expect(() => parseConfig(bytes({ rootfs }))).toThrow(imageError(/malformed at rootfs.diff_ids.0/));
});

test.each<[string, object]>([
  ['manifests', { manifests: [] }],
  ['manifests', { manifests: null }],
  ['blobs', { blobs: [] }],
  ['fsLayers', { fsLayers: [] }],
  ['history', { history: [] }],
  ['signatures', { signatures: [] }],
])('fault 73: a manifest with %s of another kind: %j', (name, more) => {
  expect(() => parseManifest(manifest(more))).toThrow(imageError(new RegExp(`malformed at ${name}: `)));
});

test.each(['config', 'layers', 'blobs', 'fsLayers', 'history', 'signatures'])(
  'fault 73: an index with %s',
  (name) => {
    for (const value of [null, [], {}]) {
      const index = bytes({ schemaVersion: 2, manifests: [], [name]: value });
      expect(() => parseDocument(index, INDEX)).toThrow(imageError(new RegExp(`malformed at ${name}: `)));
    }
  },
);

test('fault 73: the media type inside must be that outside; docker documents must have one', () => {
  const dockerIndex = 'application/vnd.docker.distribution.manifest.list.v2+json';
  const empty = { schemaVersion: 2, manifests: [] };
  for (const [value, mediaType] of [
    [manifest(), DOCKER],
    [manifest({ mediaType: MANIFEST }), DOCKER],
    [manifest({ mediaType: '' }), MANIFEST],
    [empty, dockerIndex],
    [{ ...empty, mediaType: INDEX }, dockerIndex],
    [{ ...empty, mediaType: MANIFEST }, INDEX],
  ] as const) {
    expect(() => parseDocument(bytes(value), mediaType)).toThrow(imageError(/, its descriptor says /));
  }
  expect(() => parseDocument(bytes(manifest({ mediaType: null })), MANIFEST)).toThrow(
    imageError(/mediaType/),
  );
});

test('index.json may be an index of either format, and nothing else', () => {
  const index = (mediaType?: string) => bytes({ schemaVersion: 2, mediaType, manifests: [] });
  for (const mediaType of [undefined, INDEX, 'application/vnd.docker.distribution.manifest.list.v2+json']) {
    expect(parseIndex(index(mediaType), undefined, 'index.json').manifests).toEqual([]);
  }
  expect(() => parseIndex(index(MANIFEST), undefined, 'index.json')).toThrow(imageError(/^index\.json says/));
});

test('what a document of any kind refers to', () => {
  const other = 'application/vnd.oci.artifact.manifest.v1+json';
  const subject = descriptor(7, MANIFEST);
  const read = (value: object, mediaType: string) =>
    parseReferences(bytes(value), { mediaType, digest: digest(1), size: 1 });
  expect(read(manifest({ subject }), MANIFEST)).toEqual({
    content: [config, descriptor(2)],
    manifests: [],
    subject,
    artifactType: config.mediaType,
    annotations: {},
  });
  expect(read({ schemaVersion: 2, manifests: [descriptor(3)] }, INDEX)).toMatchObject({
    content: [],
    manifests: [descriptor(3)],
    artifactType: undefined,
  });
  const artifact = { mediaType: other, artifactType: 'a', blobs: [descriptor(4)], annotations: { b: 'c' } };
  expect(read(artifact, other)).toMatchObject({
    content: [descriptor(4)],
    artifactType: 'a',
    annotations: { b: 'c' },
  });
  for (const bad of [
    { ...artifact, Blobs: [] },
    { ...artifact, mediaType: MANIFEST },
    { ...artifact, manifests: [] },
  ]) {
    expect(() => read(bad, other)).toThrow(imageError(/^sha256:/));
  }
});

/** Of image-spec, moby, distribution and go-containerregistry: names that only other programs read. */
test.each(['URLs', 'Data', 'Annotations', 'Platform', 'ArtifactType', 'MediaType', 'Digest', 'Size'])(
  'fault 71: %s in a descriptor',
  (name) => {
    for (const value of [
      manifest({ layers: [{ ...descriptor(2), [name]: null }] }),
      manifest({ config: { ...config, [name]: null } }),
      manifest({ subject: { ...descriptor(3), [name]: null } }),
    ]) {
      expect(() => parseManifest(value)).toThrow(
        imageError(new RegExp(`^the manifest has the name "${name}" at `)),
      );
    }
    const platform = { os: 'linux', architecture: 'amd64', 'OS.version': '1' };
    const index = { schemaVersion: 2, manifests: [{ ...descriptor(3), platform }] };
    expect(() => parseDocument(bytes(index), INDEX)).toThrow(
      imageError(/"OS\.version" at manifests\.0\.platform/),
    );
  },
);

test.each([
  ...['Architecture', 'OS', 'Variant', 'os.Version', 'OS.features', 'Config', 'History', 'Created', 'Author'],
  ...[
    'ID',
    'Parent',
    'Comment',
    'Container',
    'Container_Config',
    'Docker_version',
    'Throwaway',
    'size',
    'RootFS',
  ],
])('fault 71: %s in a config', (name) => {
  const rootfs = { type: 'layers', diff_ids: [digest(9)] };
  expect(() => parseConfig(bytes({ os: 'linux', rootfs, [name]: null }))).toThrow(
    imageError(
      new RegExp(`^the image config has the name "${name.replace('.', '\\.')}", which Go programs read`),
    ),
  );
});

test('free names of a config may differ in case', () => {
  const free = { a: {}, A: {} };
  const value = {
    os: 'linux',
    architecture: 'amd64',
    config: { Labels: { k: 'v', K: 'V', config: 'x' }, Volumes: free, ExposedPorts: free },
    rootfs: { type: 'layers', diff_ids: null },
    'x-own': { a: [1] },
  };
  expect(parseConfig(bytes(value)).diffIds).toEqual([]);
});

test('Docker schema 1 is refused with what to do', () => {
  const mediaType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  expect(() => parseDocument(bytes({ schemaVersion: 1 }), mediaType)).toThrow(
    expect.objectContaining({ code: 'image', remedy: expect.stringMatching(/^Push the image again/) }),
  );
});

test('mutants of documents are parsed or refused, nothing else', () => {
  const seeds: [Buffer, string][] = [
    [bytes(manifest()), MANIFEST],
    [
      bytes({
        schemaVersion: 2,
        manifests: [{ ...descriptor(3), platform: { os: 'a', architecture: 'b' } }],
      }),
      INDEX,
    ],
  ];
  const mutation = fc.tuple(fc.nat(), fc.nat(255), fc.nat());
  fc.assert(
    fc.property(
      fc.nat(1),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (which, edits, cut) => {
        const [seed, mediaType] = seeds[which] ?? seeds[0] ?? [Buffer.alloc(0), ''];
        const mutant = Buffer.from(seed);
        for (const [at, value] of edits) mutant[at % mutant.length] = value;
        const end = cut ? (edits[0]?.[2] ?? 0) % mutant.length : mutant.length;
        try {
          parseDocument(mutant.subarray(0, end), mediaType);
        } catch (error) {
          expect(error).toBeInstanceOf(VeritySignError);
        }
      },
    ),
    { numRuns: 2000, seed: 20260101 },
  );
});
