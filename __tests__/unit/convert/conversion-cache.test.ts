import { expect, test } from '@jest/globals';
import { ConversionCache } from '../../../src/convert/conversion-cache.ts';
import { type Recipe, recipeOf } from '../../../src/convert/erofs/recipe.ts';
import type { ConvertedLayer, ImageLayer, MkfsInfo } from '../../../src/model/index.ts';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const plain = recipeOf('containerd');
const builder: MkfsInfo = {
  kind: 'mkfs',
  version: '1.9.4',
  class: 'C',
  path: '/bin/mkfs.erofs',
  privilege: 'root',
};

function layer(index = 0, size = 7): ImageLayer {
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: DIGEST, size };
  return { index, descriptor, format: 'tar', compression: 'none', diffId: DIGEST };
}

function converted(rootHash: string): ConvertedLayer {
  return {
    layer: layer(),
    profile: 'containerd',
    uuid: '',
    facts: {
      ...{ digest: DIGEST, size: 7, diffId: DIGEST, tarSize: 7 },
      ...{ dropped: { count: 0, examples: [] }, fractionalTimes: { count: 0, differing: 0 } },
    },
    verity: { rootHash, blockSize: 4096, dataSize: 4096, imageSize: 4096 },
    seconds: { build: 1, verity: 1 },
  };
}

test('a layer serves wherever it is in an image, and says for which image it was converted', () => {
  const shared = new ConversionCache();
  expect(shared.find(layer(), plain)).toBeUndefined();
  shared.add(converted('aa'), plain, 'first');
  shared.add(converted('bb'), plain, 'second');
  expect(shared.find(layer(3), plain)).toMatchObject({ verity: { rootHash: 'aa' }, sharedFrom: 'first' });
});

test.each<[string, ImageLayer, Recipe]>([
  ['size', layer(0, 8), plain],
  ['diffID', { ...layer(), diffId: `sha256:${'2'.repeat(64)}` }, plain],
  ['compression', { ...layer(), compression: 'gzip' }, plain],
  ['profile', layer(), recipeOf('containerd-tar-index')],
  ['mkfs options', layer(), recipeOf('containerd', '-T0 --mkfs-time')],
  ['source of the UUID', layer(), { ...plain, uuidSource: 'diffId' }],
])('another %s is another conversion', (_what, other, recipe) => {
  const shared = new ConversionCache();
  shared.add(converted('aa'), plain, 'first');
  expect(shared.find(other, recipe)).toBeUndefined();
});

test('an EROFS image is one for all recipes with the same block size, and none of a tar', () => {
  const shared = new ConversionCache();
  const erofs: ImageLayer = { ...layer(), format: 'erofs' };
  shared.add({ ...converted('aa'), layer: erofs }, plain, 'first');
  for (const recipe of [plain, { ...plain, class: 'A' as const }, recipeOf('containerd-cache')]) {
    const { profile } = recipe;
    expect(shared.find(erofs, recipe)).toMatchObject({ profile, verity: { rootHash: 'aa' } });
  }
  expect(shared.find(erofs, recipeOf('containerd-tar-index'))).toBeUndefined();
  expect(shared.find(layer(), plain)).toBeUndefined();
});

test('all recipes of a layer or none', () => {
  const shared = new ConversionCache();
  const both = [plain, recipeOf('containerd-cache')];
  shared.add(converted('aa'), plain, 'first');
  expect(shared.findAll(layer(), both)).toBeUndefined();
  shared.add(converted('bb'), recipeOf('containerd-cache'), 'first');
  expect(shared.findAll(layer(), both)?.map(({ verity }) => verity.rootHash)).toEqual(['aa', 'bb']);
});

test('another mkfs.erofs ends the run', () => {
  const shared = new ConversionCache();
  shared.requireSame(builder);
  shared.requireSame({ ...builder, privilege: 'sudo' });
  expect(() => shared.requireSame({ ...builder, version: '1.8.10', class: 'A' })).toThrow(
    'the builder changed during the run: /bin/mkfs.erofs 1.9.4, class C, now /bin/mkfs.erofs 1.8.10, class A',
  );
});
