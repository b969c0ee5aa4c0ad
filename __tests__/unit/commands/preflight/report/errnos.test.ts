import { expect, test } from '@jest/globals';
import { layerReason } from '../../../../../src/commands/preflight/report/errnos.ts';

test('EIO of a mount is a changed block, unless the image is too small to be mounted', () => {
  expect(layerReason('mount', 'EIO', true, 4096)).toContain('it was changed (EIO)');
  expect(layerReason('mount', 'EIO', true, 3584)).toBe(
    'kernels mount no EROFS image smaller than 4096 bytes (EIO)',
  );
});
