import { type Entry, writeTar } from '../../demo-image/tar-writer.ts';
import { ContentMaker, type Kind } from './content.ts';
import { Random } from './random.ts';

/** 2024-01-01, seconds since 1970. */
const MTIME = Date.UTC(2024, 0, 1) / 1000;
const END_OF_ARCHIVE = 1024;
const FILES_PER_FOLDER = 16;

/**
 * The tar of a layer of about `size` bytes, in chunks of whole entries: folders of files and symbolic
 * links, half of the bytes text. The same for the same seed and size.
 */
export function* layerTar(size: number, seed: number): Generator<Uint8Array> {
  const random = new Random(seed);
  const content = new ContentMaker(random);
  yield entry({ path: './' });
  let written = 512 + END_OF_ARCHIVE;
  let folder = '';
  for (let file = 0; written + 1024 <= size; file++) {
    if (file % FILES_PER_FOLDER === 0) {
      folder = folderName(file / FILES_PER_FOLDER);
      const piece = entry({ path: folder });
      written += piece.length;
      yield piece;
    }
    const bytes = new Uint8Array(Math.min(fileSize(random, size), size - written - 512));
    content.fill(bytes, kindOf(random));
    const path = `${folder}file-${file}`;
    const piece =
      random.below(32) === 0
        ? entry({ path, link: { type: 'symbolic', target: `file-${file - 1}` } })
        : entry({ path, bytes, ...(random.below(4) === 0 ? { mode: 0o755 } : {}) });
    written += piece.length;
    yield piece;
  }
  yield new Uint8Array(END_OF_ARCHIVE);
}

function entry(what: Entry): Uint8Array {
  return writeTar([what], MTIME).subarray(0, -END_OF_ARCHIVE);
}

/** Folders are one level deep, so that they need no parents. */
function folderName(number: number): string {
  return `folder-${number}/`;
}

/** Between 16 B and 1 MB, half of them below 6 KB; one in a hundred is 32 times as large. */
function fileSize(random: Random, layerSize: number): number {
  let exponent = 4;
  for (let part = 0; part < 4; part++) exponent += random.below(5);
  const size = (1 << exponent) + random.below(1 << exponent);
  const large = random.below(100) === 0 ? size * 32 : size;
  return Math.min(large, Math.max(4096, Math.floor(layerSize / 8)));
}

function kindOf(random: Random): Kind {
  const dice = random.below(100);
  if (dice < 50) return 'text';
  return dice < 95 ? 'code' : 'packed';
}
