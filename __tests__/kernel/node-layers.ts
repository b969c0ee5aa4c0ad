/** Layers as a node has them on its disk: EROFS image and hash tree in one file, made by others' programs. */
import { createHash } from 'node:crypto';
import { copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { GuestLayer } from '../../scripts/kernel/disk.ts';
import type { ProfileName } from '../../src/model/index.ts';
import { root, tool } from './root.ts';

export interface NodeLayer {
  /** The EROFS image, padded to whole blocks, and the hash tree behind it. */
  path: string;
  /** What veritysetup found. */
  rootHash: string;
  /** Where the superblock of the hash tree stands, bytes; the size of the padded image. */
  hashOffset: number;
  blockSize: 512 | 4096;
}

/** What the guest gets of a layer. `signed`: root hash and signature as the registry has them. */
export function guestLayer(layer: NodeLayer, signed?: { rootHash: string; pkcs7: Uint8Array }): GuestLayer {
  const { path, hashOffset, rootHash } = layer;
  return { path, hashOffset, rootHash: signed?.rootHash ?? rootHash, signature: signed?.pkcs7 };
}

/** Copies an EROFS image to `target` and appends its hash tree. */
export async function withHashTree(
  image: string,
  target: string,
  blockSize: NodeLayer['blockSize'],
): Promise<NodeLayer> {
  await copyFile(image, target);
  const hashOffset = Math.ceil((await stat(image)).size / blockSize) * blockSize;
  await truncate(target, hashOffset);
  const output = await tool('veritysetup', [
    ...['format', '--format=1', '--hash=sha256', `--salt=${'00'.repeat(32)}`],
    ...[`--data-block-size=${blockSize}`, `--hash-block-size=${blockSize}`],
    ...[`--data-blocks=${hashOffset / blockSize}`, `--hash-offset=${hashOffset}`, target, target],
  ]);
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(output.toString())?.[1];
  if (rootHash === undefined) throw new Error(`veritysetup printed no root hash: ${output.toString()}`);
  return { path: target, rootHash, hashOffset, blockSize };
}

export function uncompressed(blob: Uint8Array, mediaType: string): Buffer {
  if (mediaType.endsWith('gzip')) return gunzipSync(blob);
  return mediaType.endsWith('zstd') ? zstdDecompressSync(blob) : Buffer.from(blob);
}

/** Runs mkfs.erofs as containerd's differ does under each profile, with the options of its page. */
export async function mkfs(
  profile: ProfileName,
  layer: { digest: string; diffId: string; tar: Uint8Array },
  target: string,
): Promise<void> {
  const uuid = uuidOfUrl(`erofs:blobs/${profile === 'containerd-cache' ? layer.diffId : layer.digest}`);
  const options =
    profile === 'containerd-tar-index'
      ? ['--tar=i', '--aufs', '--quiet', '-b4096', '-T0', '--mkfs-time']
      : ['--tar=f', '--aufs', '--quiet', '-Enoinline_data', '-b4096', '-T0', '--mkfs-time', '--sort=none'];
  await root(['mkfs.erofs', ...options, '-U', uuid, target], { stdin: layer.tar });
  if (profile !== 'containerd-tar-index') return;
  const index = await readFile(target);
  await writeFile(`${target}.full`, Buffer.concat([index, layer.tar]));
  await root(['mv', `${target}.full`, target]);
}

/** Inverts one byte; a negative offset counts from the end. */
export async function flipByte(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const at = offset < 0 ? (await file.stat()).size + offset : offset;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([~buffer.readUInt8(0) & 0xff]), 0, 1, at);
  } finally {
    await file.close();
  }
}

/** Version 5 in the name space of URLs. [RFC 9562] */
function uuidOfUrl(name: string): string {
  const space = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
  const hex = createHash('sha1').update(space).update(name).digest('hex').slice(0, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
