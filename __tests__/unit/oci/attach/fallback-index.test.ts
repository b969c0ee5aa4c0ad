import { expect, test } from '@jest/globals';
import { addToIndex, checkIndex, fallbackTag } from '../../../../src/oci/attach/fallback-index.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const entry = (n: number) => ({
  mediaType: 'm',
  digest: `sha256:${`${n}`.repeat(64)}`,
  size: n,
  artifactType: 'a',
});

test('the tag is the digest with a dash', () => {
  expect(fallbackTag(entry(1))).toBe(`sha256-${'1'.repeat(64)}`);
  expect(fallbackTag({ ...entry(1), digest: `sha512:${'1'.repeat(128)}` })).toHaveLength(128);
});

test('an entry is added once, the others stay as they are', () => {
  const one = addToIndex(undefined, entry(1));
  if (one === undefined) throw new Error('not added');
  expect(JSON.parse(one.bytes.toString())).toEqual({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [entry(1)],
  });
  expect(one.descriptor).toMatchObject({ mediaType: INDEX, size: one.bytes.length });
  const odd = { schemaVersion: 2, 'x-own': true, manifests: [{ ...entry(1), 'x-entry': 1 }, entry(2)] };
  const added = JSON.parse(String(addToIndex(Buffer.from(JSON.stringify(odd)), entry(3))?.bytes));
  expect(added).toEqual({ ...odd, manifests: [...odd.manifests, entry(3)] });
  expect(addToIndex(Buffer.from(JSON.stringify(odd)), entry(2))).toBeUndefined();
});

test('a tag that points elsewhere, and rubbish, are refused', () => {
  expect(() => checkIndex(entry(1), 'sha256-1')).toThrow(expect.objectContaining({ code: 'registry' }));
  expect(() => checkIndex({ ...entry(1), mediaType: INDEX }, 'sha256-1')).not.toThrow();
  expect(() => addToIndex(Buffer.from('{}'), entry(1))).toThrow(expect.objectContaining({ code: 'image' }));
});

test.each([
  ['fault 71', '{"schemaVersion":2,"manifests":[],"Manifests":[]}', /has the name "Manifests"/],
  ['fault 72', '{"schemaVersion":2,"manifests":[],"manifests":[]}', /has the name "manifests" twice/],
  ['fault 73', '{"schemaVersion":2,"manifests":[],"layers":[]}', /must not list layers/],
  ['fault 12', '{"schemaVersion":2,"manifests":[],"x":1e3}', /has the number 1e3 at x/],
])('%s: the index of referrers %s is not added to', (_fault, text, message) => {
  expect(() => addToIndex(Buffer.from(text), entry(1))).toThrow(
    expect.objectContaining({ code: 'image', message: expect.stringMatching(message) }),
  );
});
