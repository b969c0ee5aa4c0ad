import { expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { descriptorOf } from '../../../../src/formats/descriptor.ts';
import type { Descriptor } from '../../../../src/model/index.ts';
import { INDEX_MEDIA_TYPE, MANIFEST_MEDIA_TYPE } from '../../../../src/model/media-types.ts';
import { unreferencedBlobs } from '../../../../src/oci/layout/unreferenced.ts';

/** A layout in memory. */
class Layout {
  readonly listed: Descriptor[] = [];
  readonly #documents = new Map<string, Buffer>();

  manifest(layers: readonly Descriptor[]): Descriptor {
    return this.#put(MANIFEST_MEDIA_TYPE, { schemaVersion: 2, config: blob('config'), layers });
  }

  index(manifests: readonly Descriptor[]): Descriptor {
    return this.#put(INDEX_MEDIA_TYPE, { schemaVersion: 2, manifests });
  }

  #put(mediaType: string, value: object): Descriptor {
    const bytes = Buffer.from(JSON.stringify({ mediaType, ...value }));
    const descriptor = descriptorOf(mediaType, bytes);
    this.#documents.set(descriptor.digest, bytes);
    return descriptor;
  }

  entries = async (): Promise<Descriptor[]> => [...this.listed];

  read = async ({ digest }: Descriptor): Promise<Buffer> => {
    const bytes = this.#documents.get(digest);
    if (bytes === undefined) throw new VeritySignError('image', 'the layout lacks it');
    return bytes;
  };
}

const blob = (text: string): Descriptor => descriptorOf('application/octet-stream', Buffer.from(text));
const digests = (found: readonly Descriptor[]): string[] => found.map(({ digest }) => digest).sort();

test('a removed manifest goes with its own blobs, not with those that others have', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own'), blob('shared')]);
  layout.listed.push(layout.manifest([blob('shared')]));
  expect(digests(await unreferencedBlobs(layout, [removed]))).toEqual(digests([removed, blob('own')]));
});

test('what an index inside an index refers to is in use', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own'), blob('deep')]);
  layout.listed.push(layout.index([layout.index([layout.manifest([blob('deep')])])]));
  expect(digests(await unreferencedBlobs(layout, [removed]))).toEqual(digests([removed, blob('own')]));
});

test('a manifest that an index still lists stays', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own')]);
  layout.listed.push(layout.index([removed]));
  expect(await unreferencedBlobs(layout, [removed])).toEqual([]);
});

test('beside a document that cannot be read, only the manifest goes: it may refer to anything', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own')]);
  layout.listed.push({ ...blob('missing'), mediaType: MANIFEST_MEDIA_TYPE });
  expect(await unreferencedBlobs(layout, [removed])).toEqual([removed]);
});

test('an entry that is no document hides nothing', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own')]);
  layout.listed.push(blob('a text'));
  const expected = digests([removed, blob('own'), blob('config')]);
  expect(digests(await unreferencedBlobs(layout, [removed]))).toEqual(expected);
});

test('a second entry that calls a manifest something else hides nothing of it', async () => {
  const layout = new Layout();
  const removed = layout.manifest([blob('own'), blob('shared')]);
  const other = layout.manifest([blob('shared')]);
  const wrong = { ...other, mediaType: 'application/octet-stream' };
  for (const entries of [
    [other, wrong],
    [wrong, other],
  ]) {
    layout.listed.splice(0, Number.POSITIVE_INFINITY, ...entries);
    expect(digests(await unreferencedBlobs(layout, [removed]))).toEqual(digests([removed, blob('own')]));
  }
});
