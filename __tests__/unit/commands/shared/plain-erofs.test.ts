import { expect, test } from '@jest/globals';
import { plainErofsText } from '../../../../src/commands/shared/plain-erofs.ts';
import type { ImageLayer } from '../../../../src/model/index.ts';

const layer = (index: number, format: ImageLayer['format'], compression: ImageLayer['compression']) => ({
  index,
  descriptor: { mediaType: '', digest: '', size: 1 },
  ...{ format, compression, diffId: '' },
});

test('only uncompressed EROFS layers are named', () => {
  const fine = [layer(0, 'tar', 'none'), layer(1, 'erofs', 'zstd')];
  expect(plainErofsText({ layers: fine })).toBeUndefined();
  expect(plainErofsText({ layers: [...fine, layer(2, 'erofs', 'none')] })).toMatch(/^layer 2 is of type/);
  const two = [layer(0, 'erofs', 'none'), layer(1, 'tar', 'gzip'), layer(2, 'erofs', 'none')];
  expect(plainErofsText({ layers: two })).toMatch(/^layers 0, 2 are of type .*dmverity_mode "on"/);
});
