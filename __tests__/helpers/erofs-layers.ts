import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sha256 } from './raw-tar.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/erofs-layers', import.meta.url));
export const EROFS_LAYER = 'application/vnd.erofs.layer.v1';

/** A layer that containerd converted, with the root hashes that containerd computed; see layers.json. */
export interface ErofsLayer {
  name: string;
  mediaType: string;
  digest: string;
  diffId: string;
  /** By the block size of dm-verity. */
  rootHash: Record<'4096' | '512', string>;
  /** The blob: zstd. */
  bytes: Buffer;
}

export function erofsLayers(): ErofsLayer[] {
  const { layers } = JSON.parse(readFileSync(join(FOLDER, 'layers.json'), 'utf8')) as {
    layers: (Omit<ErofsLayer, 'bytes'> & { blob: string })[];
  };
  return layers.map(({ blob, ...layer }) => ({ ...layer, bytes: readFileSync(join(FOLDER, blob)) }));
}

/** The first layer, or that of a name. */
export function erofsLayer(name = 'dirs'): ErofsLayer {
  const layer = erofsLayers().find((one) => one.name === name);
  if (layer === undefined) throw new TypeError(`no EROFS layer is called ${name}`);
  return layer;
}

/** The EROFS image in the blob. */
export function imageIn({ bytes }: Pick<ErofsLayer, 'bytes'>): Buffer {
  return zstdDecompressSync(bytes);
}

/** An EROFS image as a layer of an image that ImageWriter writes, with its diffID. */
export function asLayer(
  image: Buffer,
  compression: 'none' | 'zstd',
): Pick<ErofsLayer, 'bytes' | 'mediaType' | 'diffId'> {
  const diffId = sha256(image);
  if (compression === 'none') return { bytes: image, mediaType: EROFS_LAYER, diffId };
  return { bytes: zstdCompressSync(image), mediaType: `${EROFS_LAYER}+zstd`, diffId };
}

/** Bytes with the superblock of an EROFS image of `size` bytes, and zeros besides. */
export function emptyErofs(size: number, claimed = size): Buffer {
  const image = Buffer.alloc(size);
  image.writeUInt32LE(0xe0f5e1e2, 1024);
  image.writeUInt8(12, 1024 + 12);
  image.writeUInt32LE(Math.ceil(claimed / 4096), 1024 + 36);
  image.write('0123456789abcdef', 1024 + 48, 'latin1');
  return image;
}
