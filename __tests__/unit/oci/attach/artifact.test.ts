import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { buildArtifact, encodeArtifact } from '../../../../src/oci/attach/artifact.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const sha = (bytes: Uint8Array | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const subject = { mediaType: MANIFEST, digest: sha('subject'), size: 1234 };
const entry = (n: number) => ({
  layerDigest: sha(`layer ${n}`),
  rootHash: n.toString(16).padStart(64, '0'),
  pkcs7: Buffer.from(`signature ${n}`),
});
const input = {
  subject,
  entries: [entry(0), entry(1), entry(0)],
  own: { profile: 'containerd', 'mkfs-options': '-T0', 'run-url': undefined, source: '' },
  created: new Date('2026-01-02T03:04:05.678Z'),
};

test('the manifest of the proposal, with our annotations under one prefix', () => {
  const { manifest, bytes, descriptor } = encodeArtifact(buildArtifact(input));
  const layer = (index: number, n: number) => ({
    mediaType: 'application/pkcs7-signature',
    digest: sha(`signature ${n}`),
    size: 11,
    annotations: {
      'io.cncf.notary.layer.digest': sha(`layer ${n}`),
      'io.cncf.notary.dm-verity.root-hash': n.toString(16).padStart(64, '0'),
      'org.opencontainers.image.title': `layer-${index}.pkcs7.sig`,
    },
  });
  expect(manifest).toEqual({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/vnd.cncf.notary.signature.dm-verity',
    config: {
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
    },
    layers: [layer(0, 0), layer(1, 1), layer(2, 0)],
    subject,
    annotations: {
      'io.cncf.notary.dm-verity.signature': 'true',
      'io.github.verity-sign.profile': 'containerd',
      'io.github.verity-sign.mkfs-options': '-T0',
      'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
    },
  });
  expect(JSON.parse(bytes.toString())).toEqual(manifest);
  expect(descriptor).toEqual({ mediaType: MANIFEST, digest: sha(bytes), size: bytes.length });
});

test('fault 40: a layer that occurs twice has two entries and one blob', () => {
  const { blobs, manifest } = encodeArtifact(buildArtifact(input));
  expect(manifest.layers).toHaveLength(3);
  expect(blobs.map(({ descriptor }) => descriptor.digest)).toEqual([
    sha('{}'),
    sha('signature 0'),
    sha('signature 1'),
  ]);
});

test('the same input gives the same bytes; nothing of the subject but its identity is kept', () => {
  const noisy = { ...subject, annotations: { leak: 'x' }, platform: { os: 'linux', architecture: 'amd64' } };
  const one = encodeArtifact(buildArtifact(input));
  const two = encodeArtifact(buildArtifact({ ...input, subject: noisy }));
  expect(two.bytes.equals(one.bytes)).toBe(true);
});

test("the user's annotations are added but replace nothing", () => {
  const extra = { 'com.example.team': 'a' };
  expect(buildArtifact({ ...input, extra }).annotations).toMatchObject(extra);
  for (const key of [
    'io.cncf.notary.dm-verity.signature',
    'io.github.verity-sign.profile',
    'org.opencontainers.image.created',
    '',
  ]) {
    expect(() => buildArtifact({ ...input, extra: { [key]: 'x' } })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  }
});

test('stays within 4 KB of registry storage a layer', () => {
  const pkcs7 = Buffer.alloc(2500, 1);
  const entries = Array.from({ length: 20 }, (_, n) => ({
    ...entry(n),
    pkcs7: Buffer.concat([pkcs7, Buffer.from([n])]),
  }));
  const { bytes, blobs } = encodeArtifact(buildArtifact({ ...input, entries }));
  const stored = bytes.length + blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
  expect(stored / entries.length).toBeLessThan(4096);
});
