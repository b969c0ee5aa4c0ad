import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VeritySignError } from '../../../../src/errors.ts';
import { buildArtifact, encodeArtifact } from '../../../../src/oci/attach/artifact.ts';
import { parseSignatureManifest } from '../../../../src/oci/attach/signature-manifest.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const { bytes, manifest } = encodeArtifact(
  buildArtifact({
    subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1 },
    entries: [{ layerDigest: digest, rootHash: '2'.repeat(64), pkcs7: Buffer.from('x') }],
    own: {},
    created: new Date(0),
  }),
);

test('parses what encodeArtifact wrote', () => {
  expect(parseSignatureManifest(bytes)).toEqual(manifest);
});

test('without an artifact type the type of the config is it, as in what notation writes', () => {
  const type = 'application/vnd.cncf.notary.signature';
  const { artifactType: _none, ...rest } = { ...manifest, config: { ...manifest.config, mediaType: type } };
  expect(parseSignatureManifest(Buffer.from(JSON.stringify(rest))).artifactType).toBe(type);
});

test.each([
  { ...manifest, subject: undefined },
  { ...manifest, layers: [{ ...manifest.layers[0], digest: 'sha256:..' }] },
  { ...manifest, annotations: { a: 1 } },
  { ...manifest, mediaType: 'application/vnd.oci.image.index.v1+json' },
])('refuses a malformed one', (value) => {
  expect(() => parseSignatureManifest(Buffer.from(JSON.stringify(value)))).toThrow(VeritySignError);
});

test('fault 73: its descriptor must have its media type', () => {
  expect(() => parseSignatureManifest(bytes, 'application/vnd.oci.image.index.v1+json')).toThrow(
    /says that it is .*, its descriptor says /,
  );
});

test.each([
  ['fault 71', (text: string) => text.replace(/}$/, ',"LAYERS":[]}')],
  ['fault 71', (text: string) => text.replace('"annotations":', '"Annotations":null,"annotations":')],
  ['fault 72', (text: string) => text.replace('"annotations":', '"annotations":{},"annotations":')],
  ['fault 73', (text: string) => text.replace(/}$/, ',"manifests":[]}')],
])('%s: refuses what others read differently', (_fault, change) => {
  const text = change(bytes.toString());
  expect(() => parseSignatureManifest(Buffer.from(text))).toThrow(VeritySignError);
});

test('mutants are parsed or refused, nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }), (edits) => {
      const mutant = Buffer.from(bytes);
      for (const [at, value] of edits) mutant[at % mutant.length] = value;
      try {
        parseSignatureManifest(mutant);
      } catch (error) {
        expect(error).toBeInstanceOf(VeritySignError);
      }
    }),
    { numRuns: 1000, seed: 20260102 },
  );
});
