import { expect, test } from '@jest/globals';
import { parseReferrers } from '../../../../src/oci/oras/referrers.ts';

const referrer = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'1'.repeat(64)}`,
  size: 854,
  annotations: { k: 'v', K: 'V' },
  artifactType: 'a/b',
};
const listed = { reference: 'localhost/app@sha256:1', ...referrer };
const parse = (value: unknown) => parseReferrers(Buffer.from(JSON.stringify(value)));

test('the forms of oras 1.2 and 1.3', () => {
  expect(parse({ manifests: [listed] })).toEqual([referrer]);
  const root = { ...listed, referrers: [{ ...listed, referrers: [] }] };
  expect(parse(root)).toEqual([referrer]);
  for (const none of [{ manifests: null }, { ...listed, referrers: null }, {}])
    expect(parse(none)).toEqual([]);
});

test.each([
  ['fault 71', { manifests: [], Manifests: [listed] }],
  ['fault 71', { referrers: [{ ...listed, Digest: listed.digest }] }],
])('%s: %j is refused', (_fault, value) => {
  expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'image' }));
});
