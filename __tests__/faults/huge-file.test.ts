/** A file of more than 8 GiB, which an octal field of a tar header cannot say: 266 kB of zstd, made on the fly. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { END, paxHeader, rawEntry, sha256 } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';

const SIZE = 8 * 1024 ** 3 + 3 * 512;
/**
 * By `mkfs.erofs --tar=f --aufs --quiet -Enoinline_data -b4096 -T0 --mkfs-time --sort=none -U UUID` of
 * erofs-utils 1.9.4 and veritysetup 2, for the blob with this digest, of which UUID is made.
 */
const DIGEST = 'sha256:feb4a3704a124c42ba544d2647aafa75d7479b99b46ada10bdf4c2d011edcd05';
const ROOT_HASH = 'e09ed69bc03d352211ba1d68107ff2c9b159db67f0e76a9b7a5e22efda695036';

const folder = testFolder();
const blob = join(folder, 'huge.tar.zst');

/** A block of Zstandard: its bytes, or one byte that stands for `length`. [RFC 8878, 3.1.1.2] */
function block(content: Buffer, length?: number, last = 0): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE(((length ?? content.length) << 3) | ((length === undefined ? 0 : 1) << 1) | last, 0, 3);
  return Buffer.concat([header, content]);
}

/** The tar, in blocks that no release of zstd could choose otherwise: the digest decides about the UUID. */
function compressed(): Buffer {
  const most = 128 * 1024;
  // Magic number, then a frame with a window of 128 KiB and without content size and checksum.
  const parts: Buffer[] = [Buffer.from('28b52ffd0038', 'hex')];
  parts.push(block(Buffer.concat([paxHeader({ size: `${SIZE}` }), rawEntry({ name: 'huge' })])));
  for (let left = SIZE; left > 0; left -= most) parts.push(block(Buffer.alloc(1), Math.min(left, most)));
  parts.push(
    block(Buffer.concat([rawEntry({ name: 'file', data: Buffer.from('content') }), END]), undefined, 1),
  );
  return Buffer.concat(parts);
}

beforeAll(() => {
  const bytes = compressed();
  expect(sha256(bytes)).toBe(DIGEST);
  writeFileSync(blob, bytes);
});

test('fault 36: the root hash of mkfs.erofs and veritysetup', async () => {
  const args = ['--max-layer-size', '10GiB', '--timeout', '20m', '--temp-dir', folder];
  const { status, stdout, stderr } = await cli(['root-hash', blob, ...args]);
  expect([status, stderr]).toEqual([0, stderr]);
  expect(stdout).toContain(ROOT_HASH);
}, 1_200_000);
