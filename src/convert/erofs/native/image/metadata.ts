import type { LayerTree } from '../tree/tree.ts';
import type { BlockMap } from './block-map.ts';
import type { Layout } from './layout.ts';
import { MetadataWriter, type Piece } from './metadata-writer.ts';

/** Bytes of the image in memory at a time, whole blocks of either size. */
const WINDOW = 4 * 1024 * 1024;

/** The blocks of an image that are not file data. */
export interface Metadata {
  /** The blocks from 0 on. */
  head: Buffer;
  /** The other blocks in order; each piece is overwritten by the next one. Can be iterated once. */
  rest: Iterable<Piece>;
  /** Bytes of the image, file data included. */
  size: number;
}

/** Writes inodes, link targets and directories, but not the superblock. The tree must not change afterwards. */
export function writeMetadata(tree: LayerTree, map: BlockMap, layout: Layout, dataBlocks: number): Metadata {
  const { blockSize } = map;
  const size = layout.totalBlocks * blockSize;
  const headSize = dataBlocks === 0 ? Math.min(WINDOW, size) : blockSize;
  const writer = new MetadataWriter(tree, map, layout);
  const head = Buffer.alloc(headSize);
  writer.write({ offset: 0, bytes: head });
  return { head, rest: pieces(writer, headSize + dataBlocks * blockSize, size), size };
}

function* pieces(writer: MetadataWriter, start: number, end: number): Generator<Piece> {
  if (start >= end) return;
  const window = Buffer.allocUnsafeSlow(Math.min(WINDOW, end - start));
  for (let offset = start; offset < end; offset += window.length) {
    const bytes = window.subarray(0, Math.min(window.length, end - offset)).fill(0);
    writer.write({ offset, bytes });
    yield { offset, bytes };
  }
}
