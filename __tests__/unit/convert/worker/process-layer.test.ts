import { expect, test } from '@jest/globals';
import { prepareWorkers } from '../../../../src/convert/worker/process-layer.ts';

const layer = (size: number) => ({ descriptor: { digest: `sha256:${'0'.repeat(64)}`, mediaType: '', size } });

test.each([
  ['no thread for layers that the main thread processes', [1, 1024 * 1024], 8, 0],
  ['one for each large layer', [5e6, 1, 5e6], 8, 2],
  ['no more than are used at a time', [5e6, 5e6, 5e6], 2, 2],
])('%s', (_what, sizes, atOnce, threads) => {
  let started: number | undefined;
  prepareWorkers(sizes.map(layer), atOnce, {
    warmUp: (count) => {
      started = count;
    },
  });
  expect(started).toBe(threads);
});
