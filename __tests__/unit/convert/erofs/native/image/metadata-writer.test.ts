import { expect, test } from '@jest/globals';
import { BlockMap } from '../../../../../../src/convert/erofs/native/image/block-map.ts';
import { placeInTar } from '../../../../../../src/convert/erofs/native/image/chunk-index.ts';
import { layOut } from '../../../../../../src/convert/erofs/native/image/layout.ts';
import { MetadataWriter } from '../../../../../../src/convert/erofs/native/image/metadata-writer.ts';
import { RULES } from '../../../../../../src/convert/erofs/native/releases.ts';
import { LayerTree } from '../../../../../../src/convert/erofs/native/tree/tree.ts';
import { XattrArena } from '../../../../../../src/convert/erofs/native/tree/xattr-arena.ts';
import { observer } from '../../../../../../src/convert/tar/handler.ts';
import { TarReader } from '../../../../../../src/convert/tar/reader.ts';
import { generate } from '../../../../../helpers/fuzz-erofs/generate.ts';

const SEED = 31_000;
const BLOCK = 512;

interface LaidOut {
  writer: MetadataWriter;
  size: number;
}

/** Lays out a tar index; undefined for a tar that 1.9.3 refuses. */
function laidOut(tar: Buffer): LaidOut | undefined {
  const tree = new LayerTree(RULES['1.9.3'], { place: placeInTar }, new XattrArena(), 1e6);
  let refused = false;
  const reader = new TarReader(
    observer({
      alive: () => !refused,
      reject: (_error, applies) => {
        refused ||= applies(tree.rules);
      },
      entry: (entry) => tree.apply(entry),
    }),
  );
  reader.push(tar);
  reader.end();
  if (refused) return undefined;
  const map = new BlockMap(BLOCK);
  map.map(map.append(1024));
  const layout = layOut(tree, map);
  return { writer: new MetadataWriter(tree, map, layout), size: layout.totalBlocks * BLOCK };
}

function inPieces({ writer, size }: LaidOut, length: number): Buffer {
  const image = Buffer.alloc(size);
  for (let offset = 0; offset < size; offset += length)
    writer.write({ offset, bytes: image.subarray(offset, offset + length) });
  return image;
}

test('an image is the same in pieces of any number of blocks', () => {
  let images = 0;
  let blocks = 0;
  for (let index = 0; index < 300; index++) {
    const { mood, pieces } = generate(SEED, index);
    if (mood === 'broken') continue;
    const found = laidOut(Buffer.concat(pieces));
    if (found === undefined) continue;
    images += 1;
    blocks += found.size / BLOCK;
    const whole = inPieces(found, found.size);
    for (const length of [1, 3, 16]) {
      const differs = inPieces(found, length * BLOCK).compare(whole);
      expect({ index, length, differs }).toEqual({ index, length, differs: 0 });
    }
  }
  expect(images).toBeGreaterThan(100);
  expect(blocks / images).toBeGreaterThan(10);
});
