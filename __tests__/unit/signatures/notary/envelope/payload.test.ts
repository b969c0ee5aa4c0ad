import { expect, test } from '@jest/globals';
import type { Descriptor } from '../../../../../src/model/index.ts';
import { encodePayload, parsePayload } from '../../../../../src/signatures/notary/envelope/payload.ts';

const TARGET: Descriptor = {
  mediaType: 'application/vnd.oci.image.index.v1+json',
  digest: `sha256:${'0a'.repeat(32)}`,
  size: 42,
};
const TEXT =
  '{"targetArtifact":{"mediaType":"application/vnd.oci.image.index.v1+json",' +
  '"digest":"sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","size":42}}';

test('the payload has the identity of the target and nothing else of it', () => {
  const more = { platform: { os: 'linux', architecture: 'amd64' }, artifactType: 'a/b', annotations: {} };
  expect(Buffer.from(encodePayload({ ...TARGET, ...more })).toString()).toBe(TEXT);
  expect(parsePayload(Buffer.from(TEXT))).toEqual(TARGET);
});

test('user metadata is signed', () => {
  const target = { ...TARGET, annotations: { 'com.example.a': '\u2028"' } };
  expect(parsePayload(encodePayload(target))).toEqual(target);
});

test.each(['io.cncf.notary', 'io.cncf.notary.x'])('metadata under %s is reserved', (key) => {
  expect(() => encodePayload({ ...TARGET, annotations: { [key]: '' } })).toThrow(
    expect.objectContaining({ code: 'usage' }),
  );
});
