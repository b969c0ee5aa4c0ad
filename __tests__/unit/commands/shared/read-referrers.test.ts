import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { readReferrers } from '../../../../src/commands/shared/read-referrers.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../../../src/model/artifact-types.ts';
import { buildArtifact, encodeArtifact } from '../../../../src/oci/attach/artifact.ts';
import { LayoutStore } from '../../../../src/oci/attach/layout-store.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const digest = `sha256:${'1'.repeat(64)}`;
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1 };
const store = new LayoutStore(folder);
/** Bytes of each referrer's signature, in the order in which the layout lists them. */
const SIZES = [500, 90, 3000, 10, 700, 20, 4000, 30, 800, 60, 40];
const UNREADABLE = 2;
const digests: string[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  for (const [index, size] of SIZES.entries()) {
    const entries = [
      { layerDigest: digest, rootHash: '2'.repeat(64), pkcs7: Buffer.alloc(size, `${index}`) },
    ];
    const artifact = encodeArtifact(buildArtifact({ subject, entries, own: {}, created: new Date(index) }));
    await store.push(artifact);
    await store.enlist([artifact]);
    digests.push(artifact.descriptor.digest);
    const blob = artifact.manifest.layers[0]?.digest.replace(':', '/') ?? '';
    if (index === UNREADABLE) rmSync(join(folder, 'blobs', blob));
  }
});

test('results have the order of the list, in whatever order the referrers are read', async () => {
  const read: string[] = [];
  const results = await readReferrers(
    store,
    subject,
    DM_VERITY_ARTIFACT_TYPE,
    ({ descriptor, ...referrer }) => {
      read.push(descriptor.digest);
      return [descriptor.digest, 'error' in referrer];
    },
  );
  expect(results).toEqual(digests.map((one, index) => [one, index === UNREADABLE]));
  const smallestFirst = SIZES.toSorted((a, b) => a - b).map((size) => digests[SIZES.indexOf(size)]);
  expect(read).toEqual(smallestFirst);
});
