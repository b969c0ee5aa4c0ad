import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { pushOrder } from '../../src/oci/attach/push-order.ts';
import { LayoutSource } from '../../src/oci/image/layout-source.ts';
import { OciLayout } from '../../src/oci/layout/oci-layout.ts';
import { ImageWriter } from '../helpers/image-writer.ts';

const TYPE = 'application/vnd.example.signature';
let writer: ImageWriter;
let image: Descriptor;
let signatures: Descriptor[];
/** What regctl writes into a layout: the image, and a list of its referrers under the fallback tag. */
beforeEach(async () => {
  writer = await ImageWriter.create();
  image = await writer.image();
  signatures = [];
  for (const layer of ['one', 'two']) {
    const config = await writer.json({}, 'application/vnd.oci.empty.v1+json');
    const manifest = { artifactType: TYPE, subject: image, config };
    signatures.push({ ...(await writer.image({ layers: [layer], manifest })), artifactType: TYPE });
  }
  await writer.add(await writer.index(signatures), image.digest.replace(':', '-'));
  await writer.add(image, '1.0');
});
afterEach(() => writer.remove());

const digests = (descriptors: readonly Descriptor[]): string[] => descriptors.map(({ digest }) => digest);

test('signatures in a list are found and pushed before the image, and the list is no image', async () => {
  const source = new LayoutSource({ path: writer.directory, tag: undefined, digest: undefined });
  expect((await source.resolve()).digest).toBe(image.digest);
  expect(digests(await new LayoutStore(writer.directory).list(image, TYPE))).toEqual(digests(signatures));
  const nodes = await pushOrder(new OciLayout(writer.directory), image);
  expect(nodes.map(({ descriptor, referrer }) => [descriptor.digest, referrer?.subject.digest])).toEqual([
    ...digests(signatures).map((digest) => [digest, image.digest]),
    [image.digest, undefined],
  ]);
});

test('a list under the name of another subject, and a damaged one, have no signatures', async () => {
  const other = await writer.image({ layers: ['other'] });
  await writer.add(other, '2.0');
  await writer.add(
    await writer.blob(Buffer.from('{'), 'application/vnd.oci.image.index.v1+json'),
    `sha256-${'a'.repeat(64)}`,
  );
  await writer.add(await writer.index(signatures), other.digest.replace(':', '-'));
  expect(await new LayoutStore(writer.directory).list(other, TYPE)).toEqual([]);
  expect(await pushOrder(new OciLayout(writer.directory), other)).toHaveLength(1);
});

test('a removed signature is in no list, and its blobs are gone', async () => {
  const [first, second] = signatures as [Descriptor, Descriptor];
  const store = new LayoutStore(writer.directory);
  const fates: string[] = [];
  const changed = (digest: string, fate: string): unknown => fates.push(`${digest} ${fate}`);
  const before = (await new OciLayout(writer.directory).entries())[0]?.digest ?? '';
  await store.remove(image, [first], '', changed, new AbortController().signal);
  expect(fates).toEqual([`${first.digest} unlisted`, `${first.digest} deleted`]);
  expect(digests(await new LayoutStore(writer.directory).list(image, TYPE))).toEqual([second.digest]);
  for (const digest of [before, first.digest]) {
    await expect(readFile(writer.path(digest))).rejects.toThrow('ENOENT');
  }
  // The name and everything else of the entry stay.
  const { manifests } = JSON.parse(await readFile(join(writer.directory, 'index.json'), 'utf8'));
  expect(manifests).toHaveLength(2);
  expect(manifests[0].annotations).toEqual({
    'org.opencontainers.image.ref.name': image.digest.replace(':', '-'),
  });
});
