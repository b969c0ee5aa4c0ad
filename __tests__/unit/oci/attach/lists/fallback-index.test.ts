import { expect, test } from '@jest/globals';
import {
  changedIndex,
  checkIndex,
  entriesOf,
  fallbackTag,
  missingFrom,
} from '../../../../../src/oci/attach/lists/fallback-index.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const entry = (n: number) => ({
  mediaType: 'm',
  digest: `sha256:${`${n}`.repeat(64)}`,
  size: n,
  artifactType: 'a',
});

/** An entry of this run. */
const own = (n: number) => {
  const { artifactType, ...descriptor } = entry(n);
  return { descriptor, subject: entry(9), artifactType, annotations: { k: 'v' } };
};
const listed = (n: number) => ({ ...entry(n), annotations: { k: 'v' } });
const changed = (...args: Parameters<typeof changedIndex>) =>
  JSON.parse(changedIndex(...args).bytes.toString());

test('the tag is the digest with a dash, shortened as by other clients', () => {
  expect(fallbackTag(entry(1))).toBe(`sha256-${'1'.repeat(64)}`);
  expect(fallbackTag({ ...entry(1), digest: `sha512:${'1'.repeat(128)}` })).toBe(`sha512-${'1'.repeat(64)}`);
});

test('entries are added together, the others stay as they are', () => {
  const { bytes, descriptor } = changedIndex(undefined, [own(1), own(2)]);
  expect(JSON.parse(bytes.toString())).toEqual({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [listed(1), listed(2)],
  });
  expect(descriptor).toMatchObject({ mediaType: INDEX, size: bytes.length });
  const odd = { schemaVersion: 2, 'x-own': true, manifests: [{ ...entry(1), 'x-entry': 1 }, entry(2)] };
  const oddBytes = Buffer.from(JSON.stringify(odd));
  expect(changed(oddBytes, [own(3)])).toEqual({ ...odd, manifests: [...odd.manifests, listed(3)] });
  expect(missingFrom(oddBytes, [own(2), own(3)])).toEqual([own(3)]);
  expect(missingFrom(undefined, [own(2)])).toEqual([own(2)]);
  expect(entriesOf(oddBytes).map(({ digest }) => digest)).toEqual([entry(1).digest, entry(2).digest]);
});

test('fault 90: an entry whose manifest is gone is removed by the same write', () => {
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry(1), entry(2)] }));
  expect(changed(index, [own(3)], new Set([entry(1).digest])).manifests).toEqual([entry(2), listed(3)]);
});

test('a tag that points elsewhere, and rubbish, are refused', () => {
  expect(() => checkIndex(entry(1), 'sha256-1')).toThrow(expect.objectContaining({ code: 'registry' }));
  expect(() => checkIndex({ ...entry(1), mediaType: INDEX }, 'sha256-1')).not.toThrow();
  expect(() => changedIndex(Buffer.from('{}'), [own(1)])).toThrow(expect.objectContaining({ code: 'image' }));
});

test.each([
  ['fault 71', '{"schemaVersion":2,"manifests":[],"Manifests":[]}', /has the name "Manifests"/],
  ['fault 72', '{"schemaVersion":2,"manifests":[],"manifests":[]}', /has the name "manifests" twice/],
  ['fault 73', '{"schemaVersion":2,"manifests":[],"layers":[]}', /must not list layers/],
  ['fault 12', '{"schemaVersion":2,"manifests":[],"x":1e3}', /has the number 1e3 at x/],
])('%s: the index of referrers %s is not added to', (_fault, text, message) => {
  for (const act of [changedIndex, missingFrom]) {
    expect(() => act(Buffer.from(text), [own(1)])).toThrow(
      expect.objectContaining({ code: 'image', message: expect.stringMatching(message) }),
    );
  }
});
