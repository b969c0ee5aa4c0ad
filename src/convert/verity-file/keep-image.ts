import { setImmediate } from 'node:timers/promises';
import type { ErofsImage, VerityRoot } from '../../model/index.ts';
import { ImageReader } from '../verity/image-reader.ts';
import { Slicer } from '../verity/slicer.ts';
import { VerityFile } from './verity-file.ts';

/** Bytes copied at a time: about a millisecond, between which this thread can do other work. */
const STEP = 1024 * 1024;

interface Keep {
  /** A new file. */
  path: string;
  /** Private folder. */
  folder: string;
  signal: AbortSignal;
}

/**
 * Copies an image of mkfs.erofs to a file with its dm-verity superblock and hash tree.
 * @throws VeritySignError 'environment' if the file cannot be written; the signal's reason
 */
export async function keepImage(
  image: ErofsImage,
  verity: VerityRoot,
  { path, folder, signal }: Keep,
): Promise<void> {
  const { blockSize } = verity;
  const file = new VerityFile(path, image.uuid, blockSize, folder);
  const slicer = new Slicer(blockSize, (digests) => file.leaves.add(digests));
  const reader = new ImageReader(image.files);
  try {
    const buffer = Buffer.allocUnsafeSlow(STEP);
    for (let from = 0; from < image.size; from += STEP) {
      signal.throwIfAborted();
      const chunk = buffer.subarray(0, Math.min(STEP, image.size - from));
      reader.read(chunk, from);
      file.write(from, chunk);
      slicer.update(from === 0 ? chunk.subarray(blockSize) : chunk);
      await setImmediate();
    }
    slicer.flush();
    file.end();
    file.finish(verity);
  } finally {
    reader.close();
    file.close();
  }
}
