import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { descriptorOf } from '../../../../src/formats/descriptor.ts';
import type { Descriptor } from '../../../../src/model/index.ts';
import { INDEX_MEDIA_TYPE, MANIFEST_MEDIA_TYPE } from '../../../../src/model/media-types.ts';
import { type PushTarget, pushLayout } from '../../../../src/oci/attach/push-layout.ts';
import { pushOrder } from '../../../../src/oci/attach/push-order.ts';
import { OciLayout } from '../../../../src/oci/layout/oci-layout.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const layout = new OciLayout(folder);

let layer: Descriptor;

beforeAll(() => {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  layer = put('application/vnd.oci.image.layer.v1.tar', { a: 'layer' });
});

function put(mediaType: string, content: object): Descriptor {
  const bytes = Buffer.from(JSON.stringify(content));
  const descriptor = descriptorOf(mediaType, bytes);
  writeFileSync(join(folder, 'blobs', descriptor.digest.replace(':', '/')), bytes);
  return descriptor;
}

function list(...manifests: Descriptor[]): void {
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

function manifest(layers: readonly Descriptor[], more: object = {}): Descriptor {
  const config = put('application/vnd.oci.image.config.v1+json', { layers: layers.length });
  return put(MANIFEST_MEDIA_TYPE, {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    config,
    layers,
    ...more,
  });
}

test('a referrer that index.json also lists under another media type comes before its subject, once', async () => {
  const image = manifest([layer]);
  const referrer = manifest([], { subject: image });
  const wrong = { ...referrer, mediaType: 'application/octet-stream' };
  for (const entries of [
    [image, referrer, wrong],
    [image, wrong, referrer],
    [wrong, referrer, image, referrer],
  ]) {
    list(...entries);
    const nodes = await pushOrder(layout, image);
    expect(nodes.map(({ descriptor }) => descriptor.digest)).toEqual([referrer.digest, image.digest]);
  }
});

test('nothing is pushed of an index whose manifests say different sizes of one layer', async () => {
  const other = manifest([{ ...layer, size: layer.size + 7 }]);
  const index = put(INDEX_MEDIA_TYPE, { schemaVersion: 2, manifests: [manifest([layer]), other] });
  list(index);
  // Without a client, so that pushing anything would be another error.
  const target = { repository: '127.0.0.1:1/app' } as PushTarget;
  await expect(pushLayout(layout, index, target, folder, new AbortController().signal)).rejects.toMatchObject(
    {
      code: 'image',
      message: `${layer.digest} has two sizes: one descriptor says ${layer.size} bytes, another ${layer.size + 7}`,
    },
  );
});
