import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../../src/errors.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../../../../src/model/artifact-types.ts';
import { buildArtifact, encodeArtifact } from '../../../../../src/oci/attach/artifact.ts';
import { LayoutStore } from '../../../../../src/oci/attach/layout-store.ts';
import { type FindOptions, findReusable } from '../../../../../src/oci/attach/read/find-reusable.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 7 };
const store = new LayoutStore(folder);
/** Two signatures each; the signatures of the second cannot be read. */
const SIZES = [300, 10, 200];
const digests: string[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  for (const [number, size] of SIZES.entries()) {
    const entries = [0, 1].map((layer) => ({
      layerDigest: digest(`${layer}`),
      rootHash: '2'.repeat(64),
      pkcs7: Buffer.alloc(size + layer, `${number}`),
    }));
    const artifact = encodeArtifact(buildArtifact({ subject, entries, own: {}, created: new Date(number) }));
    await store.push(artifact);
    await store.enlist([artifact]);
    digests.push(artifact.descriptor.digest);
    const blob = artifact.manifest.layers[0]?.digest.replace(':', '/') ?? '';
    if (number === 1) rmSync(join(folder, 'blobs', blob));
  }
});

async function find(more: Partial<FindOptions<true>> = {}) {
  const broken: [string, unknown][] = [];
  const onBroken = ({ digest }: { digest: string }, error: unknown): void =>
    void broken.push([digest, error]);
  const options: FindOptions<true> = { read: () => true, onBroken, ...more };
  const found = await findReusable(store, subject, DM_VERITY_ARTIFACT_TYPE, options);
  return { found: digests.indexOf(found?.descriptor.digest ?? ''), broken };
}

test('the smallest that can be read; the others are reported with their errors', async () => {
  const { found, broken } = await find();
  expect(found).toBe(2);
  expect(broken).toEqual([[digests[1], expect.any(VeritySignError)]]);
});

test('the next one if it is not accepted, with all its signatures in their order', async () => {
  const seen: number[][] = [];
  const { found } = await find({
    read: (_manifest, blobs) => (seen.push(blobs.map(({ length }) => length)) === 2 ? true : undefined),
  });
  expect(found).toBe(0);
  expect(seen).toEqual([
    [200, 201],
    [300, 301],
  ]);
});

test('none if none is accepted or wanted; what is not wanted is not evaluated', async () => {
  expect((await find({ read: () => undefined })).found).toBe(-1);
  const read = (): true => {
    throw new TypeError('evaluated');
  };
  expect(await find({ wanted: () => false, read })).toEqual({ found: -1, broken: [] });
});

test('one whose evaluation fails is skipped, unless the run was cancelled', async () => {
  const failing = (code: 'image' | 'cancelled') => ({
    read: () => {
      throw new VeritySignError(code, 'no');
    },
  });
  const { found, broken } = await find(failing('image'));
  expect([found, broken.map(([one]) => digests.indexOf(one)).sort()]).toEqual([-1, [0, 1, 2]]);
  await expect(find(failing('cancelled'))).rejects.toMatchObject({ code: 'cancelled' });
});
