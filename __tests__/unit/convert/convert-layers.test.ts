import { Readable } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import type { LayerBuilder } from '../../../src/convert/builders/layer-builder.ts';
import { convertLayers, type LayerJob } from '../../../src/convert/convert-layers.ts';
import { actionLogger } from '../../../src/frontend/output/action-reporter.ts';

const digest = (index: number): string => `sha256:${index.toString(16).padStart(64, '0')}`;

/** Builds nothing; the root hash of a layer is the hex of its digest. */
const builder: LayerBuilder = {
  needsDisk: false,
  build: async ({ layer, recipes }) => ({
    facts: {
      digest: layer.descriptor.digest,
      size: 7,
      diffId: digest(0),
      tarSize: 7,
      dropped: layer.index === 3 ? { count: 1, examples: ['dev/x'] } : { count: 0, examples: [] },
      fractionalTimes: { count: 0, differing: 0 },
    },
    images: recipes.map((recipe) => ({
      recipe,
      uuid: '',
      verity: {
        rootHash: layer.descriptor.digest.replace('sha256:', ''),
        blockSize: 4096,
        dataSize: 8192,
        imageSize: 8192,
      },
      seconds: { build: 0.25, verity: 0 },
    })),
  }),
};

function job(index: number): LayerJob {
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digest(index), size: 7 };
  return {
    layer: { index, descriptor, format: 'tar', compression: 'none', diffId: digest(0) },
    open: async () => Readable.from([]),
  };
}

test('the log of an Action has one line for each layer, and nothing folded', async () => {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  try {
    await convertLayers(
      Array.from({ length: 28 }, (_, index) => job(index)),
      {
        builder,
        folder: '/nowhere',
        options: {
          profiles: ['containerd'],
          builder: 'native',
          crossCheck: false,
          concurrency: 4,
          timeout: 60_000,
          maxLayerSize: 1e9,
          tools: {},
        },
        log: actionLogger(),
        signal: new AbortController().signal,
      },
    );
  } finally {
    write.mockRestore();
  }
  const lines = printed.trimEnd().split('\n');
  const layers = lines.filter((line) => line.startsWith('layer '));
  expect(layers).toHaveLength(28);
  expect(layers).toContain(
    `layer 5 (${digest(5)}): root hash ${digest(5).slice(7)} (containerd, class C, EROFS 8.2 kB, 0.25 s)`,
  );
  // A warning is an annotation without the lines around it: it names its layer.
  expect(lines.filter((line) => !line.startsWith('layer '))).toEqual([
    `::warning::layer 3 (${digest(3)}): mkfs.erofs omits or alters 1 entries, as it does on the node: dev/x`,
  ]);
});
