import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { KNOWN_ANSWERS } from '../../../../../../src/convert/erofs/mkfs/known-answer-data.ts';
import type { NativeClass } from '../../../../../../src/convert/erofs/native/releases.ts';
import { PROFILES } from '../../../../../../src/convert/erofs/profile.ts';
import { layerUuid } from '../../../../../../src/convert/erofs/uuid.ts';
import {
  type ContainerdProfile,
  KNOWN_CLASSES,
  RELEASE_CLASSES,
} from '../../../../../../src/model/profiles.ts';
import { buildNative, hashing, nativeImage } from '../../../../../helpers/fuzz-erofs/native-image.ts';
import { type Vector, vectors } from '../../../../../helpers/vector-image.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function tarOf({ path }: Vector): Buffer {
  const blob = readFileSync(path);
  if (blob.readUInt16BE() === 0x1f8b) return gunzipSync(blob);
  return blob.readUInt32LE() === 0xfd2fb528 ? zstdDecompressSync(blob) : blob;
}

const CASES = (['1.9.4', '1.8.10', '1.8.6'] as const).flatMap((release) =>
  vectors(release).map((vector) => [release, vector.name, vector] as const),
);

test.each(CASES)('%s: %s', async (release, _name, vector) => {
  const tar = tarOf(vector);
  const of = RELEASE_CLASSES[release] as NativeClass;
  for (const profile of Object.keys(vector.profiles) as ContainerdProfile[]) {
    const { uuid, ...expected } = vector.profiles[profile];
    const { bytes, dropped, ...image } = await nativeImage(tar, { profile, uuid, of });
    expect({ ...image, imageSha256: sha256(bytes) }).toEqual(expected);
    expect(dropped).toEqual({ count: 0, examples: [] });
  }
});

test('there are 28 vectors of each release', () => {
  expect(CASES).toHaveLength(84);
});

test.each(KNOWN_ANSWERS.map((known) => [known.name, known] as const))(
  'the known answer %s, all classes',
  async (_name, { blob, digest, images }) => {
    const tar = gunzipSync(Buffer.from(blob, 'base64'));
    for (const profile of ['containerd', 'containerd-tar-index'] as const) {
      for (const name of KNOWN_CLASSES) {
        const { bytes } = await nativeImage(tar, { profile, uuid: layerUuid(digest), of: name });
        expect([profile, name, sha256(bytes)]).toEqual([profile, name, images[profile][name]]);
      }
    }
  },
);

test.each(KNOWN_ANSWERS.map((known) => [known.name, known] as const))(
  'one pass over %s makes the images that each class makes alone',
  async (_name, { blob, digest }) => {
    const tar = gunzipSync(Buffer.from(blob, 'base64'));
    async function* source(): AsyncGenerator<Buffer> {
      yield tar;
    }
    for (const profile of ['containerd', 'containerd-tar-index'] as const) {
      const request = {
        profile,
        uuid: layerUuid(digest),
        mkfsOptions: PROFILES[profile].defaultOptions,
        hashing,
      };
      const { images } = await buildNative(source(), { ...request, classes: KNOWN_CLASSES });
      for (const name of KNOWN_CLASSES) {
        const alone = await nativeImage(tar, { profile, uuid: request.uuid, of: name });
        expect(images.get(name)).toMatchObject({ rootHash: alone.rootHash, imageSize: alone.imageSize });
      }
      expect(images.size).toBe(4);
    }
  },
);
