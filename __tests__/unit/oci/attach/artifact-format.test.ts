import { describe, expect, test } from '@jest/globals';
import { buildArtifact, encodeArtifact } from '../../../../src/oci/attach/artifact.ts';
import { signatureIn, signaturesForReaders } from '../../../../src/oci/attach/artifact-format.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const DER = Buffer.from('3082abcd', 'hex');
const ROOT_HASH = 'ab'.repeat(32);
const entry = { layerDigest: digest('1'), rootHash: ROOT_HASH, pkcs7: DER };
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('2'), size: 7 };
const input = { subject, entries: [entry], created: new Date('2026-01-01T00:00:00Z') };
const tardev = encodeArtifact(
  buildArtifact({ ...input, format: 'tardev', own: { profile: 'containerd' }, extra: { a: 'b' } }),
);

/** The manifest with one annotation of its entry changed. */
function changed(name: string, value: string | undefined): typeof tardev.manifest {
  const manifest = structuredClone(tardev.manifest);
  const annotations = manifest.layers[0]?.annotations ?? {};
  if (value === undefined) delete annotations[name];
  else annotations[name] = value;
  return manifest;
}

const asJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, null, 2));
const blob = { layer_digest: entry.layerDigest, root_hash: ROOT_HASH, signature: DER.toString('base64') };

test('a signature manifest in the form of tardev, as the signers of kata-containers and notation write it', () => {
  expect(JSON.parse(tardev.bytes.toString())).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: 'application/vnd.oci.mt.pkcs7',
    config: {
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.erofs.sig',
        digest: 'sha256:7b503f84e2ffd36d0f0277d8354820bf63287023cbdd18103b57bc9a91e7a269',
        size: 4,
        annotations: {
          'image.layer.digest': digest('1'),
          'image.layer.root_hash': ROOT_HASH,
          'image.layer.signature': 'MIKrzQ==',
          'signature.blob.name': `signature_for_layer_${'1'.repeat(64)}.json`,
        },
      },
    ],
    subject,
    annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z', a: 'b' },
  });
  // What blob readers get is the signature itself.
  expect(tardev.blobs.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toContain('3082abcd');
});

describe('the signature of a layer', () => {
  test('is the blob in the form of the Notary Project, whatever annotations say', () => {
    const { manifest } = encodeArtifact(buildArtifact({ ...input, own: {} }));
    const other = Buffer.from('any');
    expect(signatureIn(manifest, 0, other)).toBe(other);
  });

  test('is in the annotation and in the blob, as DER or JSON', () => {
    expect(Buffer.from(signatureIn(tardev.manifest, 0, DER))).toEqual(DER);
    expect(Buffer.from(signatureIn(tardev.manifest, 0, asJson(blob)))).toEqual(DER);
  });

  test.each([
    ['no annotation', changed('image.layer.signature', undefined), DER, /has no signature/],
    ['base64 without padding', changed('image.layer.signature', 'MIKrzQ'), DER, /not padded base64/],
    ['base64 of a URL', changed('image.layer.signature', 'MIKrzQ-='), DER, /not padded base64/],
    [
      'another annotation',
      changed('image.layer.signature', 'MIKrzg=='),
      DER,
      /another signature in its annotation/,
    ],
    ['another DER', tardev.manifest, Buffer.from('3082abce', 'hex'), /another signature in its annotation/],
    [
      'JSON for another layer',
      tardev.manifest,
      asJson({ ...blob, layer_digest: digest('3') }),
      /says something else/,
    ],
    ['JSON of another hash', tardev.manifest, asJson({ ...blob, root_hash: 'cd' }), /says something else/],
    [
      'JSON of another signature',
      tardev.manifest,
      asJson({ ...blob, signature: 'MIKrzg==' }),
      /says something else/,
    ],
    ['no JSON', tardev.manifest, Buffer.from('signature'), /the blob of entry 0/],
    ['an empty blob', tardev.manifest, Buffer.alloc(0), /the blob of entry 0/],
    [
      'a name twice',
      tardev.manifest,
      Buffer.from('{"signature":"a","Signature":"b"}'),
      /the blob of entry 0/,
    ],
  ])('is refused: %s', (_what, manifest, bytes, message) => {
    expect(() => signatureIn(manifest, 0, bytes)).toThrow(
      expect.objectContaining({ code: 'image', message: expect.stringMatching(message) }),
    );
  });
});

describe('what a reader may take as the signature of a layer', () => {
  const OTHER = Buffer.from('3082dcba', 'hex');
  const hex = (manifest: typeof tardev.manifest, content: Uint8Array): string[] =>
    signaturesForReaders(manifest, 0, content).map((der) => Buffer.from(der).toString('hex'));

  test('both of an annotation and a blob that contradict each other', () => {
    expect(hex(tardev.manifest, OTHER)).toEqual(['3082abcd', '3082dcba']);
    expect(hex(tardev.manifest, asJson({ ...blob, signature: OTHER.toString('base64') }))).toEqual([
      '3082abcd',
      '3082dcba',
    ]);
  });

  test('base64 with line ends or without padding', () => {
    expect(hex(changed('image.layer.signature', 'MIKr\nzQ'), Buffer.from('{'))).toEqual(['3082abcd']);
  });

  test('the blob alone where there is no annotation, and in the form of the Notary Project', () => {
    expect(hex(changed('image.layer.signature', undefined), OTHER)).toEqual(['3082dcba']);
    expect(hex(encodeArtifact(buildArtifact({ ...input, own: {} })).manifest, OTHER)).toEqual(['3082dcba']);
  });
});
